"""The networks of plant_networks.py as PyTorch modules."""

import torch
from torch import nn

import plant_networks as networks
import torch_study
from matrix_torch_forms import activation


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


class Graph(nn.Module):
    """A list of layers as modules by their names."""

    def __init__(self, layers, x, rng):
        super().__init__()
        self.layers = layers
        at = {None: x}
        for i, l in enumerate(layers):
            x = at[networks.reads(layers, i)[0]]
            if l["kind"] != "plus":
                module = make(l, x, rng)
                setattr(self, l["name"], module)
            at[l["name"]] = shape(l, x)

    def forward(self, x):
        out = {None: x}
        for i, l in enumerate(self.layers):
            read = [out[n] for n in networks.reads(self.layers, i)]
            out[l["name"]] = read[0] + read[1] if l["kind"] == "plus" else getattr(self, l["name"])(*read)
        return out[l["name"]]


def expand(layers):
    """The layers as PyTorch needs them: padding at one side is a layer of its own; a list without branches has numbers for names."""
    found = []
    for l in layers:
        if l["kind"] == "block":
            l = {**l, "layers": expand(l["layers"])}
        elif l.get("pad") == "end":
            pad = networks.layer(f"{l['name']}_pad", "pad", **({"in": l["in"]} if "in" in l else {}))
            found.append(pad)
            l = {**{k: v for k, v in l.items() if k != "in"}, "pad": 0}
        found.append(l)
    return found


def chain(layers):
    return not any("in" in l for l in layers)


def shape(l, x):
    if l["kind"] == "pad":
        return (x[0], x[1] + 1, x[2] + 1)
    if l["kind"] != "block":
        return networks.shape(l, x)
    at = {None: x}
    for i, inner in enumerate(l["layers"]):
        at[inner["name"]] = shape(inner, at[networks.reads(l["layers"], i)[0]])
    return at[inner["name"]]


def make(l, x, rng):
    """The module of one layer."""
    kind = l["kind"]
    if kind == "block":
        if not chain(l["layers"]):
            return Graph(l["layers"], x, rng)
        modules = []
        for inner in l["layers"]:
            modules.append(make(inner, x, rng))
            x = shape(inner, x)
        return nn.Sequential(*modules)
    if kind == "act":
        return activated(l["act"], x, rng)
    return {
        "conv": lambda: nn.Conv2d(x[0], x[0] if l["deep"] else l["out"], l["kernel"], l["stride"], l["pad"], groups=x[0] if l["deep"] else 1, bias=l["bias"]),
        "bn": lambda: nn.BatchNorm2d(x[0], l.get("eps") or 1e-5),
        "maxpool": lambda: nn.MaxPool2d(l["kernel"], l["stride"], l["pad"]),
        "avgpool": lambda: nn.AvgPool2d(l["kernel"], l["stride"], l["pad"]),
        "gap": lambda: nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten, "softmax": lambda: nn.Softmax(1), "add": Add,
        "dense": lambda: nn.Linear(x[0], l["out"]), "pad": lambda: nn.ZeroPad2d((0, 1, 0, 1)),
    }[kind]()


def activated(spelled, x, rng):
    value = networks.slopes(spelled, x, rng)
    if value is None:
        return activation(f"{spelled}/module", x, None)
    if spelled.startswith("swish-beta"):
        module = torch_study.SwishBeta(value.shape + (1, 1) if value.size == x[0] > 1 else value.shape)
        module.beta.data = torch.from_numpy(value).reshape(module.beta.shape)
    else:
        module = torch_study.activation(spelled, x)
        module.weight.data = torch.from_numpy(value).reshape(module.weight.shape)
    return module
