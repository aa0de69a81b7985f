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

import matrix_torch
import plant_corpus
import plant_networks as networks
import torch_registry  # exports in half the time
import torch_study  # one thread, deterministic
from plant_torch_modules import Graph, chain, expand

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
