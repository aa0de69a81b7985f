"""Exports the matrix of networks with PyTorch: both exporters, static and dynamic batch."""

import argparse
import json
import os
import pathlib
import re
import shutil
import time
import warnings

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

import matrix_cases as cases
import matrix_check
from export_onnx import STACK

VERSIONS = {"torch": torch.__version__, "onnx": onnx.__version__}


# How an activation is written. Functions of x and the slope or beta: a number, or what is
# learned, in a shape that broadcasts to x.
def masked(x, a):
    positive = (x > 0).float()
    return positive * x + (1 - positive) * (a * x)


FORMS = {
    "leaky/functional": lambda x, a: F.leaky_relu(x, a),
    "relu/functional": lambda x, a: F.relu(x),
    "relu/clamp": lambda x, a: x.clamp(min=0),
    "relu/maximum": lambda x, a: torch.maximum(x, torch.zeros_like(x)),
    "relu/mask": lambda x, a: x * (x > 0),
    "swish/functional": lambda x, a: F.silu(x),
    "swish/sigmoid": lambda x, a: x * torch.sigmoid(x),
    "swish/sigmoid-first": lambda x, a: torch.sigmoid(x) * x,
    "swish/exp": lambda x, a: x / (1 + torch.exp(-x)),
    "mish/functional": lambda x, a: F.mish(x),
    "mish/softplus": lambda x, a: x * torch.tanh(F.softplus(x)),
    "mish/tanh-first": lambda x, a: torch.tanh(F.softplus(x)) * x,
    "mish/log-exp": lambda x, a: x * torch.tanh(torch.log(1 + torch.exp(x))),
    "mish/log1p": lambda x, a: x * torch.tanh(torch.log1p(torch.exp(x))),
}
RECTIFIERS = {
    "where": lambda x, a: torch.where(x > 0, x, a * x),
    "where-less": lambda x, a: torch.where(x < 0, a * x, x),
    "where-mul-right": lambda x, a: torch.where(x >= 0, x, x * a),
    "two-relus": lambda x, a: torch.relu(x) - a * torch.relu(-x),
    "two-relus-plus": lambda x, a: torch.relu(x) + a * -torch.relu(-x),
    "abs": lambda x, a: torch.relu(x) + a * (x - torch.abs(x)) * 0.5,
    "abs-divided": lambda x, a: torch.relu(x) + a * (x - abs(x)) / 2,
    "max": lambda x, a: torch.maximum(x, a * x),
    "max-min": lambda x, a: x.clamp(min=0) + a * x.clamp(max=0),
    "mask": masked,
}
for how, f in RECTIFIERS.items():
    FORMS |= {f"leaky/{how}": f, f"prelu/{how}": f}
for how, f in {
    "sigmoid": lambda x, b: x * torch.sigmoid(b * x),
    "sigmoid-first": lambda x, b: torch.sigmoid(x * b) * x,
    "exp": lambda x, b: x / (1 + torch.exp(-b * x)),
    "scaled": lambda x, b: F.silu(b * x) / b,
}.items():
    FORMS |= {f"swish-beta/{how}": f, f"swish:1.702/{how}": f}

MODULES = {
    "leaky/module": lambda a: nn.LeakyReLU(a),
    "relu/module": lambda a: nn.ReLU(),
    "swish/module": lambda a: nn.SiLU(),
    "mish/module": lambda a: nn.Mish(),
}


class Learned(nn.Module):
    """A form with its learned slopes or betas: [1], [C,1,1] or [C,H,W]; on vectors [K]."""

    def __init__(self, form, shape, x):
        super().__init__()
        self.form = form
        self.weight = nn.Parameter(torch.zeros(shape + (1, 1) if len(shape) == 1 < shape[0] and len(x) == 3 else shape))

    def forward(self, x):
        return self.form(x, self.weight)


def activation(spelled, x):
    """A module or a function for an activation on x."""
    name, how = spelled.split("/")
    kind, _, value = name.partition(":")
    found = cases.learned(spelled, x)
    if f"{kind}/{how}" in MODULES:
        return MODULES[f"{kind}/{how}"](float(value) if value else None)
    if kind == "prelu" and how == "module":
        if value in ("one", "channel"):
            return nn.PReLU(found[1][0])
        how = "where"  # PyTorch has none
    form = FORMS.get(f"{name}/{how}") or FORMS[f"{kind}/{how}"]
    return Learned(form, found[1], x) if found else lambda x: form(x, float(value or 1))


FLATTEN = {
    "": lambda k: nn.Flatten(),
    "torch.flatten": lambda k: lambda x: torch.flatten(x, 1),
    "x.flatten": lambda k: lambda x: x.flatten(1),
    "view-size": lambda k: lambda x: x.view(x.size(0), -1),
    "view-k": lambda k: lambda x: x.view(-1, k),
    "reshape-shape": lambda k: lambda x: x.reshape(x.shape[0], -1),
    "reshape-k": lambda k: lambda x: x.reshape(-1, k),
}
GAP = {
    "": lambda x: nn.AdaptiveAvgPool2d(1),
    "functional": lambda x: lambda v: F.adaptive_avg_pool2d(v, 1),
    "mean": lambda x: lambda v: v.mean((2, 3)),
    "mean-keep": lambda x: lambda v: v.mean([2, 3], keepdim=True),
    "mean-mean": lambda x: lambda v: v.mean(3).mean(2),
    "avg_pool2d": lambda x: lambda v: F.avg_pool2d(v, v.shape[2:]),
}


def convolution(l, x):
    pads = cases.window(l, x)[0]
    args = {"stride": l["stride"], "dilation": l["dilation"], "groups": l["groups"], "bias": l["bias"]}
    if l["pads"] == "same":
        return nn.Conv2d(x[0], l["out"], l["kernel"], padding="same", **args)
    if pads[:2] == pads[2:]:
        return nn.Conv2d(x[0], l["out"], l["kernel"], padding=pads[:2], **args)
    raise ValueError("PyTorch pads both sides alike: use a pad layer")


BUILD = {
    "conv": convolution,
    "bn": lambda l, x: (nn.BatchNorm2d if len(x) == 3 else nn.BatchNorm1d)(x[0]),
    "act": lambda l, x: activation(l["act"], x),
    "dense": lambda l, x: nn.Linear(x[0], l["out"], l["bias"]),
    "flatten": lambda l, x: FLATTEN[l["how"]](int(np.prod(x))),
    "gap": lambda l, x: GAP[l["how"]](x),
    "add": lambda l, x: lambda a, b: a + b,
}


class Net(nn.Module):
    """The network of a case: modules by their names, functions between them."""

    def __init__(self, case):
        super().__init__()
        self.case, self.functions = case, {}
        for l in case.layers:
            made = BUILD[l["kind"]](l, case.read[l["name"]][0])
            if isinstance(made, nn.Module):
                setattr(self, l["name"], made)
            else:
                self.functions[l["name"]] = made

    def forward(self, x):
        out = {None: x}
        for l, reads in self.case.inputs():
            f = self.functions.get(l["name"]) or getattr(self, l["name"])
            out[l["name"]] = f(*[out[r] for r in reads])
        return out[l["name"]]


def load(net, case, params):
    """Copies the values of a case into the network; every one must have its place."""
    acts = {l["name"]: cases.learned(l["act"], case.read[l["name"]][0]) for l in case.layers if l["kind"] == "act"}
    left = dict(params)
    with torch.no_grad():
        for key, tensor in net.state_dict(keep_vars=True).items():
            layer, part = key.split(".")
            if part != "num_batches_tracked":
                name = f"{layer}.{acts[layer][0]}" if layer in acts else key
                tensor.copy_(torch.from_numpy(left.pop(name)).reshape(tensor.shape))
    if left:
        raise ValueError(f"no place for {sorted(left)}")


def dynamo(net, x, path, static, **more):
    shapes = None if static else ({0: torch.export.Dim("batch")},)
    program = torch.onnx.export(net, (x,), dynamo=True, verbose=False, input_names=["input"], output_names=["output"],
                                dynamic_shapes=shapes, **more)
    for node in program.model.graph.all_nodes():
        node.metadata_props.pop(STACK, None)
    program.save(path, external_data=True)


def torchscript(net, x, path, static, **more):
    axes = None if static else {"input": {0: "batch"}, "output": {0: "batch"}}
    torch.onnx.export(net, (x,), path, dynamo=False, input_names=["input"], output_names=["output"], dynamic_axes=axes, **more)


# Column: exporter, static batch, further arguments.
COLUMNS = {
    "torch-dynamo": (dynamo, False, {}),
    "torch-dynamo-static": (dynamo, True, {}),
    "torchscript": (torchscript, False, {}),
    "torchscript-static": (torchscript, True, {}),
}


def folds(exporter):
    """Which BatchNorm is folded into the layer before it: dynamo leaves a convolution's that has a bias."""
    return lambda before: before is not None and before["kind"] == "conv"


def write(to, case, column):
    """One model with its case.json and recorded.npz."""
    export, static, more = COLUMNS[column]
    params, n = cases.start_values(case), cases.STATIC if static else cases.SAMPLES
    net = Net(case)
    load(net, case, params)
    net.eval()
    x = torch.from_numpy(cases.samples(case, n))
    with torch.no_grad():
        y = net(x).numpy()
    to.mkdir(parents=True, exist_ok=True)
    export(net, x[:cases.STATIC], to / "model.onnx", static, **more)
    cases.save(to, case, column, VERSIONS, "matrix_torch.py", n if static else "dynamic", "NCHW", params,
               {"input": x.numpy(), "output": y}, framework="pytorch",
               layers=cases.expected(case, folds(column)), **matrix_check.look(to, x.numpy(), y))


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    matrix_check.run(__doc__, COLUMNS, rows, write)


def rows(column):
    """The cases of a column."""
    for spelled in ["leaky:0.2/module", "leaky:0.2/where", "leaky:0.2/max", "prelu:one/module", "prelu:channel/module", "prelu:element/where",
                    "prelu:channel/two-relus", "prelu:channel/abs", "swish/module", "swish-beta:channel/sigmoid", "swish-beta:one/exp",
                    "mish/module", "mish/log-exp"]:
        yield cases.Case("study", spelled)
    yield cases.Case("study", "prelu:one/module", "untrained")
    yield cases.Case("residual", "prelu:channel/module")
    yield cases.Case("residual", "mish/module")


if __name__ == "__main__":
    main()
