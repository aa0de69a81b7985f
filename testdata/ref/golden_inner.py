"""Makes testdata/golden/inner/: small networks with the output of every module or layer.

    python golden_inner.py pytorch       (made with torch 2.15.0, onnx 1.23.2, onnxruntime 1.32.0)
    python golden_inner.py tensorflow    (made with keras 3.15.1, tensorflow-cpu 2.21.0, tf2onnx 1.17.0, onnxruntime 1.32.0)
    python golden_inner.py jax           (made with keras 3.15.1, jax 0.10.2, jax2onnx 0.17.1)

A regular expression behind that chooses networks. They are those of inner_cases.py: chains of activations with random weights, and whole networks trained as those that bugs are
planted into. Stored are the file of an exporter, an input, and what the framework gave for it, by the names of its modules or
layers and with its own order of axes; for some files also all of the file's values by their names there, as
ONNX Runtime computes them (ALL_VALUES). The network inplace has one ReLU for all layers, which works in place, and sums
in place: overwritten.npz is what hooks give for it that make no copy.
"""

import collections
import contextlib
import io
import json
import logging
import re
import shutil
import sys
import warnings
from importlib.metadata import version

import numpy as np
import onnx
import onnxruntime

import common
import inner_cases as cases
import plant_networks as networks

TO = common.GOLDEN / "inner"
SAMPLES = 2
# Of PyTorch, by what is added to the name of the network. The raw ones keep batch normalisations as nodes.
EXPORTERS = {"study": {"": "dynamo"}, "lenet5": {"": "torchscript"}, "vgg8": {"": "torchscript-raw", "-folded": "dynamo"}, "residual": {"": "torchscript-raw"},
             "depthwise": {"": "dynamo-raw"}}
ALL_VALUES = {"pytorch/residual", "keras/lenet5", "keras/continuous-jax"}


def values(path, inputs):
    """Every value of a file by its name, as ONNX Runtime computes it."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    have = {v.name for v in model.graph.output}
    model.graph.output.extend(v for v in model.graph.value_info if v.name not in have and v.type.tensor_type.elem_type == onnx.TensorProto.FLOAT)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


def chosen(networks, only):
    return [(name, what) for name, what in networks.items() if only.search(name)]


def fresh(framework, name):
    to = TO / framework / name
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    return to


def write(to, exporter, versions, layers, x, recorded, y):
    """What belongs to model.onnx."""
    graph = onnx.load(to / "model.onnx").graph
    inputs = {graph.input[0].name: x}
    common.save_npz(to / "inputs.npz", inputs)
    common.save_npz(to / "expected.npz", recorded | {graph.output[0].name: y})
    if to.relative_to(TO).as_posix() in ALL_VALUES:
        common.save_npz(to / "values.npz", values(to / "model.onnx", inputs))
    about = {"framework": to.parent.name, "exporter": exporter, "versions": {p: version(p) for p in [*versions, "onnx"]}, "generator": "testdata/ref/golden_inner.py",
             "activations": {l["name"]: l["act"] for l in layers if l["kind"] == "act"}}
    (to / "case.json").write_text(json.dumps(about, indent=1) + "\n")
    spread = min(float(np.std(v)) for v in recorded.values())
    print(f"{to.relative_to(TO)!s:32} {sum(f.stat().st_size for f in to.iterdir()):7} bytes, {len(recorded)} tensors, least spread {spread:.2g}", flush=True)


def pytorch(only):
    import torch

    import plant_torch
    from plant_torch_modules import Graph, expand

    def export(exporter, net, x, to):
        net.eval()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            plant_torch.EXPORTERS[exporter](net, x, to / "model.onnx")

    versions = ["torch"]
    for exporter in ["torchscript", "dynamo"]:
        for name, acts in chosen(cases.CHAINS[exporter], only):
            rng, layers = np.random.default_rng(sum(name.encode())), cases.chain(acts)
            net = Graph(layers, cases.MAP, rng)
            for p in [p for l in layers if l["kind"] in ("conv", "dense") for p in getattr(net, l["name"]).parameters()]:
                p.data = torch.from_numpy(cases.alive(rng, p.shape, p[0].numel() if p.ndim > 1 else 0))
            x, to = rng.normal(0, 1, (SAMPLES, *cases.MAP)).astype(np.float32), fresh("pytorch", name)
            export(exporter, net, torch.from_numpy(x), to)
            write(to, exporter, versions, plant_torch.listed(layers)[0], x, *plant_torch.record(net, torch.from_numpy(x)))

    for name, (size, layers) in chosen(cases.NETWORKS, only):
        layers = expand(layers)
        torch.manual_seed(sum(name.encode()))
        pictures, net = networks.Pictures(size), Graph(layers, size, np.random.default_rng(sum(name.encode())))
        plant_torch.train(net, pictures, layers[-1]["kind"] == "softmax", lambda: None)
        x = pictures.batch(SAMPLES)[0]
        for suffix, exporter in EXPORTERS[name].items():
            to = fresh("pytorch", name + suffix)
            export(exporter, net, torch.from_numpy(x), to)
            write(to, exporter, versions, plant_torch.listed(layers)[0], x, *plant_torch.record(net, torch.from_numpy(x)))


def in_place(only):
    """A network that overwrites what it has computed."""
    import torch
    from torch import nn

    import plant_torch

    class Shared(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4)
            self.conv2, self.bn2 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
            self.flatten, self.dense1, self.dense2 = nn.Flatten(), nn.Linear(4 * 6 * 5, 8), nn.Linear(8, 5)
            self.relu = nn.ReLU(inplace=True)

        def forward(self, x):
            x = self.relu(self.bn1(self.conv1(x)))
            y = self.bn2(self.conv2(x))
            y += x
            y = self.flatten(self.relu(y))
            return self.dense2(self.relu(self.dense1(y)))

    def record(net, x, keep):
        recorded, calls, hooks = {}, collections.Counter(), []

        def see(name, y):
            calls[name] += 1
            recorded[name if calls[name] == 1 else f"{name}#{calls[name]}"] = keep(y)
        for name, module in net.named_modules():
            if name:
                hooks.append(module.register_forward_hook(lambda m, args, y, name=name: see(name, y)))
        with torch.no_grad():
            y = net(x.clone()).numpy()
        for hook in hooks:
            hook.remove()
        return {name: v.numpy() for name, v in recorded.items()}, y

    for name, exporter in {"inplace": "torchscript-raw", "inplace-dynamo": "dynamo-raw"}.items():
        if not only.search(name):
            continue
        torch.manual_seed(sum(name.encode()))
        rng, net = np.random.default_rng(sum(name.encode())), Shared()
        for bn in (net.bn1, net.bn2):
            for v, value in ((bn.weight, rng.uniform(0.5, 1.5, 4)), (bn.bias, rng.normal(0, 0.3, 4)), (bn.running_mean, rng.normal(0, 0.3, 4)), (bn.running_var, rng.uniform(0.5, 1.5, 4))):
                v.data = torch.from_numpy(value.astype(np.float32))
        net.eval()
        x, to = rng.normal(0, 1, (SAMPLES, *cases.MAP)).astype(np.float32), fresh("pytorch", name)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            plant_torch.EXPORTERS[exporter](net, torch.from_numpy(x), to / "model.onnx")
        write(to, exporter, ["torch"], [], x, *record(net, torch.from_numpy(x), lambda y: y.detach().clone()))
        output = onnx.load(to / "model.onnx").graph.output[0].name
        recorded, y = record(net, torch.from_numpy(x), lambda y: y)
        common.save_npz(to / "overwritten.npz", recorded | {output: y})


def keras(backend, only):
    import keras_backend

    keras_backend.choose(backend)
    import keras

    from plant_keras_layers import build, export, nhwc, record, train

    exporter, versions = {"tensorflow": ("tf2onnx", ["keras", "tensorflow-cpu", "tf2onnx"]), "jax": ("jax2onnx", ["keras", "jax", "jax2onnx"])}[backend]

    def model(size, layers, rng):
        x = keras.Input((*size[1:], size[0]), name="input")
        y, found = build(layers, x, rng)
        return keras.Model(x, y), found

    for name, acts in chosen(cases.CHAINS[exporter], only):
        keras.utils.clear_session()
        rng = np.random.default_rng(sum(name.encode()))
        net, found = model(cases.MAP, cases.chain(acts), rng)
        for w in [w for l in found if l["kind"] in ("conv", "dense") for w in net.get_layer(l["name"]).weights]:
            w.assign(cases.alive(rng, w.shape, np.prod(w.shape[:-1]) if len(w.shape) > 1 else 0))
        x, to = nhwc(rng.normal(0, 1, (SAMPLES, *cases.MAP)).astype(np.float32)), fresh("keras", name)
        net(x)  # export wants to have seen that
        export(net, to / "model.onnx")
        write(to, exporter, versions, found, x, *record(net, found, x))

    for name, (size, layers) in chosen(cases.NETWORKS, only) if backend == "tensorflow" else ():
        keras.utils.clear_session()
        keras.utils.set_random_seed(sum(name.encode()))
        pictures = networks.Pictures(size)
        net, found = model(size, layers, np.random.default_rng(sum(name.encode())))
        train(net, pictures, layers[-1]["kind"] == "softmax", lambda: None)
        x, to = nhwc(pictures.batch(SAMPLES)[0]), fresh("keras", name)
        export(net, to / "model.onnx")
        write(to, exporter, versions, found, x, *record(net, found, x))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    framework, only = sys.argv[1], re.compile("".join(sys.argv[2:]))
    if framework == "pytorch":
        pytorch(only)
        in_place(only)
    else:
        keras(framework, only)
