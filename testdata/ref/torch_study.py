"""The study's network in PyTorch, with its start values."""

import os
from collections import OrderedDict

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from torch import nn

import common

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


class ElementPReLU(nn.Module):
    """PReLU with one slope per element of the feature map, which nn.PReLU lacks."""

    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


class TwoReLUs(ElementPReLU):
    """PReLU as Keras computes it: the derivative at x = 0 is 0, not the slope."""

    def forward(self, x):
        return torch.relu(x) - self.weight * torch.relu(-x)


class SwishBeta(nn.Module):
    """x·σ(βx) with β learned, β of shape [1], [C,1,1] or that of the map."""

    def __init__(self, shape):
        super().__init__()
        self.beta = nn.Parameter(torch.ones(shape))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


def activation(name, shape):
    """A torch module for gonn's spelling of an activation on maps of `shape`.

    "two-relus" is PReLU with Keras's derivative at 0; gonn has no such spelling.
    """
    kind, _, value = name.partition(":")
    if kind == "leaky":
        return nn.LeakyReLU(float(value))
    return {
        "prelu:one": lambda: nn.PReLU(1),
        "prelu:channel": lambda: nn.PReLU(shape[0]),
        "prelu:element": lambda: ElementPReLU(shape),
        "two-relus:one": lambda: TwoReLUs((1,)),
        "two-relus:channel": lambda: TwoReLUs((shape[0], 1, 1)),
        "two-relus:element": lambda: TwoReLUs(shape),
        "relu": nn.ReLU,
        "elu": nn.ELU,
        "gelu": nn.GELU,
        "hardswish": nn.Hardswish,
        "swish": nn.SiLU,
        "swish-beta": lambda: SwishBeta((1,)),
        "swish-beta:channel": lambda: SwishBeta((shape[0], 1, 1)),
        "swish-beta:element": lambda: SwishBeta(shape),
        "mish": nn.Mish,
    }[name]()


def network(name):
    """conv1, act1, conv2, act2, flatten, dense as one nn.Sequential."""
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(1, 8, 7),
        act1=activation(name, (8, 22, 22)),
        conv2=nn.Conv2d(8, 8, 5),
        act2=activation(name, (8, 18, 18)),
        flatten=nn.Flatten(),
        dense=nn.Linear(8 * 18 * 18, 10),
    ))


def parameters(net):
    """Canonical name → torch parameter: act1.weight (PReLU) is act1.alpha here."""
    renamed = {"act1.weight": "act1.alpha", "act2.weight": "act2.alpha"}
    return {renamed.get(name, name): tensor for name, tensor in net.named_parameters()}


def load(net, params):
    """Copies canonical NumPy tensors into the network; every one must have its place."""
    own = parameters(net)
    if own.keys() != params.keys():
        raise SystemExit(f"parameters {sorted(own)} do not match {sorted(params)}")
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(torch.from_numpy(params[name]).reshape(tensor.shape))
