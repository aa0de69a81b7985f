"""Trains the networks of plant_networks.py in PyTorch, exports and records them, and plants bugs into the files.

    python plant_torch.py FOLDER [--only REGEX]

Made with the versions of requirements-torch.txt.
"""

import contextlib
import io
import logging
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import matrix_torch
import plant_corpus
import plant_networks as networks
import torch_registry  # exports in half the time
import torch_study  # one thread, deterministic
from matrix_torch_forms import activation

RAW = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
# Variant of a network with a batch normalisation: exporters, of which the first keeps it as it is.
EXPORTERS = {
    "torchscript": lambda net, x, path: matrix_torch.torchscript(net, x, path, False, opset_version=17),
    "torchscript-raw": lambda net, x, path: matrix_torch.torchscript(net, x, path, False, opset_version=17, **RAW),
    "dynamo": lambda net, x, path: matrix_torch.dynamo(net, x, path, False, external_data=False),
    "dynamo-raw": lambda net, x, path: matrix_torch.dynamo(net, x, path, False, external_data=False, optimize=False),
}
CHOSEN = {"a": ["torchscript"], "b": ["dynamo"]}
CHOSEN_NORM = {"a": ["torchscript-raw", "dynamo"], "b": ["dynamo-raw", "torchscript"]}


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
        module = torch_study.activation(spelled if spelled != "prelu:element" else "prelu:element", x)
        module.weight.data = torch.from_numpy(value).reshape(module.weight.shape)
    return module


def listed(layers, prefix="", source=None):
    """The layers end to end by PyTorch's names, with the names of what they read; and the name of the last."""
    found, names = [], {None: source}
    numbered = bool(prefix) and chain(layers)
    for i, l in enumerate(layers):
        name = prefix + (str(i) if numbered else l["name"])
        read = [names[n] for n in networks.reads(layers, i)]
        if l["kind"] == "block":
            inner, names[l["name"]] = listed(l["layers"], f"{name}.", read[0])
            found += inner
        else:
            found.append({**l, "name": name, "in": read, "recorded": l["kind"] != "plus", "kind": "add" if l["kind"] == "plus" else l["kind"]})
            names[l["name"]] = name
    return found, names[l["name"]]


def record(net, x):
    """The output of every module by its name, and the final one."""
    out, hooks = {}, []
    for name, module in net.named_modules():
        if name:
            hooks.append(module.register_forward_hook(lambda m, i, y, name=name: out.update({name: y.numpy().copy()})))
    with torch.no_grad():
        y = net(x).numpy()
    for hook in hooks:
        hook.remove()
    return out, y


def train(net, pictures, softmax, snapshot):
    """Adam; snapshot() is called on the way."""
    optimizer, loss = torch.optim.Adam(net.parameters(), networks.RATE), None
    for step in range(networks.STEPS):
        x, y = pictures.batch(networks.BATCH)
        out = net(torch.from_numpy(x))
        loss = F.nll_loss(torch.log(out + 1e-9), torch.from_numpy(y)) if softmax else F.cross_entropy(out, torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step == networks.SNAPSHOT:
            net.eval()
            snapshot()
            net.train()
    net.eval()
    return loss.item()


def models(only):
    """Every model: its name, folder writer."""
    for name, (size, layers) in networks.NETWORKS.items():
        layers = expand(layers)
        torch.manual_seed(sum(name.encode()))
        variant, normed = name[-1], "'bn'" in str(layers)
        chosen = [e for e in (CHOSEN_NORM if normed else CHOSEN)[variant] if only.search(f"{name}-{e}")]
        if chosen:
            yield name, size, layers, chosen


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    args = plant_corpus.arguments(__doc__)
    for name, size, layers, exporters in models(args.only):
        rng = np.random.default_rng(sum(name.encode()))
        pictures, net = networks.Pictures(size), Graph(layers, size, rng)
        to = {e: plant_corpus.fresh(args, f"{name}-{e}") for e in exporters}
        example = torch.from_numpy(pictures.batch(2)[0])

        def export(file):
            for e in exporters:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    EXPORTERS[e](net, example, to[e] / file)

        loss = train(net, pictures, layers[-1]["kind"] == "softmax", lambda: export("snapshot.onnx"))
        export("reference.onnx")
        x = pictures.batch(networks.SAMPLES)[0]
        recorded, y = record(net, torch.from_numpy(x))
        for e in exporters:
            plant_corpus.write(args, to[e], "pytorch", e, listed(layers)[0], x, recorded, y, loss)


if __name__ == "__main__":
    main()
