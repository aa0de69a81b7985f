"""The networks of networks.py in PyTorch."""

import numpy as np
import torch
from torch import nn

import networks
import torch_study

NAME = "pytorch"
VERSIONS = {"torch": torch.__version__, "numpy": np.__version__}


def attribute(name):
    """A layer's name as that of a module, which has no points."""
    return name.replace(".", "/")


class Net(nn.Module):
    """A graph of modules, called by their names."""

    def __init__(self, shape, layers):
        super().__init__()
        self.layers, at = layers, networks.shapes(shape, layers)
        for i, l in enumerate(layers):
            x = at[networks.inputs(layers, i)[0]]
            if l["kind"] != "add":
                setattr(self, attribute(l["name"]), self.module(l, x))

    @staticmethod
    def module(l, x):
        return {
            "conv": lambda: nn.Conv2d(x[0], l["out"], l["kernel"], l["stride"], l["pad"], groups=l["groups"], bias=l["bias"]),
            "bn": lambda: (nn.BatchNorm2d if len(x) == 3 else nn.BatchNorm1d)(x[0], l.get("eps", 1e-5)),
            "act": lambda: torch_study.activation(l["act"], x),
            "avgpool": lambda: nn.AvgPool2d(2, ceil_mode=True),
            "maxpool": lambda: nn.MaxPool2d(2, ceil_mode=True),
            "gap": lambda: nn.AdaptiveAvgPool2d(1),
            "flatten": nn.Flatten,
            "dense": lambda: nn.Linear(x[0], l["out"], l.get("bias", True)),
        }[l["kind"]]()

    def forward(self, x):
        out = {None: x}
        for i, l in enumerate(self.layers):
            read = [out[n] for n in networks.inputs(self.layers, i)]
            out[l["name"]] = read[0] + read[1] if l["kind"] == "add" else getattr(self, attribute(l["name"]))(read[0])
        return out[self.layers[-1]["name"]]


def tensors(net):
    """gonn's name → tensor, running statistics too."""
    kinds = {l["name"]: l["kind"] for l in net.layers}
    found = {}
    for name, tensor in net.state_dict(keep_vars=True).items():
        layer, part = name.replace("/", ".").rsplit(".", 1)
        if part != "num_batches_tracked":
            found[f"{layer}.{'alpha' if kinds[layer] == 'act' else part}"] = tensor
    return found


def run(shape, layers, params, batches, precision):
    """All tensors of one network, computed in a precision."""
    dtype = getattr(torch, precision)

    def fresh():
        net = Net(shape, layers).to(dtype)
        own = tensors(net)
        if own.keys() != params.keys():
            raise SystemExit(f"tensors {sorted(own)} do not match {sorted(params)}")
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(torch.from_numpy(params[name]))
        return net, own

    def backward(net, batch):
        images, labels = batch
        net.zero_grad()
        logits = net(torch.from_numpy(images).to(dtype))
        loss = nn.functional.cross_entropy(logits, torch.from_numpy(labels))
        loss.backward()
        return logits.detach().numpy(), loss.item()

    def answer(net):
        net.eval()
        with torch.no_grad():
            logits = net(torch.from_numpy(batches[0][0]).to(dtype)).numpy()
        net.train()
        return logits

    net, own = fresh()
    out = {"inference": answer(net)}
    out["logits"], loss = backward(net, batches[0])
    out["loss"] = np.array(loss, precision)
    out |= {f"grad/{name}": t.grad.numpy() for name, t in own.items() if t.grad is not None}
    out |= {f"after/{name}": t.detach().numpy().copy() for name, t in own.items() if "running" in name}

    net, own = fresh()
    adam, losses = torch.optim.Adam(net.parameters(), lr=1e-3), []
    for step, batch in enumerate(batches[1:], 1):
        losses.append(backward(net, batch)[1])
        adam.step()
        if step in (1, networks.STEPS):
            out |= {f"adam{step}/{name}": t.detach().numpy().copy() for name, t in own.items()}
    out["adam/losses"] = np.array(losses, precision)
    out["adam/inference"] = answer(net)
    return out
