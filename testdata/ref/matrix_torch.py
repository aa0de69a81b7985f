"""Exports the matrix of networks with PyTorch's two exporters.

    python matrix_torch.py FOLDER
    python matrix_torch.py --committed      (what the repository keeps)

Made with the versions of requirements-torch.txt.
"""

import logging
import warnings

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

import matrix_cases as cases
import matrix_committed
import matrix_expected
import matrix_run
import torch_registry  # exports in half the time
import torch_study  # one thread, deterministic
from matrix_networks import CHANNEL, MISH, TORCH, STUDY, act, conv, conv_act, conv_bn_act, gap_head, head, layer, network, pool
from matrix_torch_forms import FORMS, MODULES, activation

VERSIONS = {"torch": torch.__version__, "onnx": onnx.__version__}

# How a layer is written. k: the size of the flattened map.
FLATTEN = {
    "": lambda k: nn.Flatten(),
    "torch.flatten": lambda k: lambda x: torch.flatten(x, 1),
    "x.flatten": lambda k: lambda x: x.flatten(start_dim=1),
    "view-size": lambda k: lambda x: x.view(x.size(0), -1),
    "view-size-k": lambda k: lambda x: x.view(x.size(0), k),
    "view-k": lambda k: lambda x: x.view(-1, k),
    "view-len": lambda k: lambda x: x.view(len(x), -1),
    "reshape-shape": lambda k: lambda x: x.reshape(x.shape[0], -1),
    "reshape-k": lambda k: lambda x: x.reshape(-1, k),
    "reshape-product": lambda k: lambda x: x.reshape(-1, x.shape[1] * x.shape[2] * x.shape[3]),
}
POOLED = {  # after global pooling, to a vector
    "squeeze": lambda k: lambda x: x.squeeze(-1).squeeze(-1),
    "squeeze-both": lambda k: lambda x: x.squeeze((2, 3)),
    "index": lambda k: lambda x: x[:, :, 0, 0],
}
GAP = {
    "": lambda: nn.AdaptiveAvgPool2d(1),
    "functional": lambda: lambda x: F.adaptive_avg_pool2d(x, (1, 1)),
    "mean-keep": lambda: lambda x: x.mean([2, 3], keepdim=True),
    "avg_pool2d": lambda: lambda x: F.avg_pool2d(x, x.shape[2:]),
    "mean": lambda: lambda x: x.mean((2, 3)),
    "mean-last": lambda: lambda x: x.mean(dim=(-2, -1)),
    "mean-mean": lambda: lambda x: x.mean(3).mean(2),
    "view-mean": lambda: lambda x: x.view(x.size(0), x.size(1), -1).mean(2),
}
GMP = {
    "": lambda: nn.AdaptiveMaxPool2d(1),
    "functional": lambda: lambda x: F.adaptive_max_pool2d(x, 1),
    "max_pool2d": lambda: lambda x: F.max_pool2d(x, x.shape[2:]),
    "amax": lambda: lambda x: x.amax((2, 3)),
    "max-max": lambda: lambda x: x.max(3)[0].max(2)[0],
}
FLAT = {"mean", "mean-last", "mean-mean", "view-mean", "amax", "max-max"}  # these give vectors
SOFTMAX = {"": lambda: nn.Softmax(dim=1), "functional": lambda: lambda x: F.softmax(x, -1)}
LOGSOFTMAX = {"": lambda: nn.LogSoftmax(dim=1), "functional": lambda: lambda x: F.log_softmax(x, -1), "log": lambda: lambda x: torch.log(torch.softmax(x, 1))}
ADD = {"": lambda a, b: a + b, "torch.add": torch.add, "in-place": lambda a, b: a.clone().add_(b)}
MUL = {"": lambda a, b: a * b, "expand": lambda a, b: a * b.expand_as(a)}
CONCAT = {"": lambda *v: torch.cat(v, 1), "negative": lambda *v: torch.cat(v, dim=1 - v[0].ndim)}
PAD = {
    "": lambda t, l, b, r: nn.ZeroPad2d((l, r, t, b)),
    "F.pad": lambda t, l, b, r: lambda x: F.pad(x, (l, r, t, b)),
    "ConstantPad2d": lambda t, l, b, r: nn.ConstantPad2d((l, r, t, b), 0.0),
}
# What gonn has no layer for: function of x.
FOREIGN = {
    "group-norm": lambda l, x: nn.GroupNorm(2, x[0]),
    "layer-norm": lambda l, x: nn.LayerNorm(x),
    "upsample": lambda l, x: nn.Upsample(scale_factor=2),
    "shuffle": lambda l, x: nn.PixelShuffle(2),
    "normalize": lambda l, x: lambda v: (v / 255.0 - 0.45) / 0.225,
    "mean-std": lambda l, x: lambda v: (v - torch.tensor([0.48, 0.45, 0.4]).view(1, 3, 1, 1)) / torch.tensor([0.22, 0.21, 0.23]).view(1, 3, 1, 1),
    "argmax": lambda l, x: lambda v: v.argmax(1).float(),
    "spatial-dense": lambda l, x: nn.Linear(x[2], x[2]),
    "reflect-pad": lambda l, x: nn.ReflectionPad2d(1),
    "constant-map": lambda l, x: lambda v: v + torch.linspace(-1, 1, x[1] * x[2]).view(1, 1, x[1], x[2]),
}

for how in FLATTEN:
    network(f"flatten-{how}", (2, 6, 5), *conv_act(1, 4), *head(how=how), only=TORCH, acts=CHANNEL) if how else None
for how in POOLED:
    network(f"flatten-{how}", (2, 6, 5), *conv_act(1, 4), layer("gap", "gap", how=""), *head(how=how), only=TORCH, acts=CHANNEL)
for how in GAP:
    network(f"gap-{how}", (2, 6, 5), *conv_act(1, 4), *gap_head(how, flat=how in FLAT), only=TORCH, acts=CHANNEL) if how else None
for how in GMP:
    network(f"gmp-{how}", (2, 6, 5), *conv_act(1, 4), *gap_head(how, kind="gmp", flat=how in FLAT), only=TORCH, acts=CHANNEL) if how else None
for kind, table in {"softmax": SOFTMAX, "logsoftmax": LOGSOFTMAX}.items():
    for how in table:
        network(f"{kind}-{how}", (1, 6, 5), *conv_act(1, 4), *head(), layer("end", kind, how=how), only=TORCH, acts=CHANNEL) if how else None
for how in ADD:
    network(f"add-{how}", (2, 6, 5), *conv_act(1, 4, pads=1), conv("conv2", 4, pads=1), layer("add", "add", how=how, **{"in": ["conv2", "act1"]}),
            act("act2"), *head(), only=TORCH, acts=CHANNEL) if how else None
network("mul-expand", (2, 6, 5), *conv_act(1, 4), layer("gap", "gap", how=""), conv("conv2", 4, 1), act("gate", "hardsigmoid/module"),
        layer("mul", "mul", how="expand", **{"in": ["act1", "gate"]}), *head(), only=TORCH, acts=CHANNEL)
network("concat-negative", (2, 6, 5), *conv_act(1, 4), conv("conv2", 3, pads=1), layer("cat", "concat", how="negative", **{"in": ["act1", "conv2"]}),
        act("act2"), *head(), only=TORCH, acts=CHANNEL)
for how in PAD:
    network(f"pad-{how or 'ZeroPad2d'}", (2, 8, 7), layer("pad1", "pad", pads=[0, 1, 2, 3], how=how), *conv_act(1, 4), layer("pad2", "pad", pads=[1, 0, 0, 1], how=how),
            *conv_act(2, 5, stride=2), *head(), only=TORCH, acts=CHANNEL + MISH)
network("pad-and-pads", (2, 8, 7), layer("pad1", "pad", pads=[0, 1, 2, 3], how=""), *conv_act(1, 4, pads=1), *head(), only=TORCH, acts=CHANNEL)
network("pad-pool", (2, 8, 7), *conv_act(1, 4), layer("pad", "pad", pads=[0, 0, 1, 1], how=""), pool("maxpool", kernel=3, stride=2), *head(), only=TORCH, acts=CHANNEL)
network("pad-average", (2, 8, 7), *conv_act(1, 4), layer("pad", "pad", pads=[1, 1, 1, 1], how=""), pool("avgpool", kernel=3, stride=2), *head(), only=TORCH, acts=CHANNEL)
network("pad-value", (2, 8, 7), layer("pad", "pad", pads=[0, 1, 2, 0], value=0.5, how="value"), *conv_act(1, 4), *head(), only=TORCH, acts=CHANNEL)
network("sequential", (1, 9, 8), *STUDY, only=TORCH, style="sequential")
network("sequential-bn", (2, 9, 8), *conv_bn_act(1, 4), pool("maxpool"), layer("drop", "dropout", rate=0.5), *head(), only=TORCH, acts=CHANNEL + MISH, style="sequential")
network("foreign-normalize", (1, 7, 6), layer("in", "foreign", how="normalize"), *conv_act(1, 4), *head(), only=TORCH, acts=CHANNEL)
network("foreign-mean-std", (3, 7, 6), layer("in", "foreign", how="mean-std"), *conv_act(1, 4), *head(), only=TORCH, acts=CHANNEL)
network("foreign-argmax", (1, 7, 6), *conv_act(1, 4), *head(), layer("end", "foreign", how="argmax"), only=TORCH, acts=CHANNEL)
network("foreign-upsample", (1, 7, 6), *conv_act(1, 4), layer("up", "foreign", how="upsample", shape=(4, 10, 8)), *head(), only=TORCH, acts=CHANNEL)
network("foreign-shuffle", (1, 6, 5), *conv_act(1, 4), layer("up", "foreign", how="shuffle", shape=(1, 8, 6)), *head(), only=TORCH, acts=CHANNEL)
network("foreign-reflect-pad", (1, 6, 5), layer("pad", "foreign", how="reflect-pad", shape=(1, 8, 7)), *conv_act(1, 4), *head(), only=TORCH, acts=CHANNEL)
for how in ["group-norm", "layer-norm", "spatial-dense", "constant-map"]:
    network(f"foreign-{how}", (1, 7, 6), *conv_act(1, 4), layer("odd", "foreign", how=how), *conv_act(2, 3), *head(), only=TORCH, acts=CHANNEL)

cases.chains(TORCH, [*MODULES, *FORMS])


def convolution(l, x):
    pads = cases.window(l, x)[0]
    if pads[:2] != pads[2:] and l["pads"] != "same":
        raise ValueError("PyTorch pads both sides alike: use a pad layer")
    return nn.Conv2d(x[0], l["out"], l["kernel"], l["stride"], "same" if l["pads"] == "same" else pads[:2], l["dilation"], l["groups"], l["bias"])


def pooling(l, x):
    pads, ceil = cases.window(l, x)[0], l.get("ceil", False)
    if l["kind"] == "avgpool":
        return nn.AvgPool2d(l["kernel"], l["stride"], pads[:2], ceil, l.get("count", False))
    return nn.MaxPool2d(l["kernel"], l["stride"], pads[:2], l["dilation"], ceil_mode=ceil)


def normalization(l, x):
    made = nn.BatchNorm2d if len(x) == 3 else nn.BatchNorm1d
    return made(x[0], eps=l.get("eps") or 1e-5, affine=not l.get("plain"))


BUILD = {
    "conv": convolution,
    "up": lambda l, x: nn.ConvTranspose2d(x[0], l["out"], l["kernel"], l["stride"], l["pads"], bias=l["bias"]),
    "bn": normalization,
    "dense": lambda l, x: nn.Linear(x[0], l["out"], l["bias"]),
    "flatten": lambda l, x: (FLATTEN | POOLED)[l["how"]](int(np.prod(x))),
    "maxpool": pooling, "avgpool": pooling,
    "gap": lambda l, x: GAP[l["how"]](), "gmp": lambda l, x: GMP[l["how"]](),
    "add": lambda l, x: ADD[l["how"]], "mul": lambda l, x: MUL[l["how"]], "concat": lambda l, x: CONCAT[l["how"]],
    "pad": lambda l, x: (lambda v: F.pad(v, [l["pads"][i] for i in (1, 3, 0, 2)], value=l["value"])) if "value" in l else PAD[l["how"]](*l["pads"]),
    "dropout": lambda l, x: (nn.Dropout2d if l.get("maps") else nn.Dropout)(l["rate"]),
    "softmax": lambda l, x: SOFTMAX[l["how"]](), "logsoftmax": lambda l, x: LOGSOFTMAX[l["how"]](),
    "foreign": lambda l, x: FOREIGN[l["how"]](l, x),
}


class Net(nn.Module):
    """The network of a case: modules by their names, functions between them."""

    def __init__(self, case):
        super().__init__()
        self.case, self.functions = case, {}
        for l in case.layers:
            x, name = case.x[l["name"]], l["name"]
            if l.get("tied"):
                self.functions[name] = getattr(self, l["tied"])
                continue
            made = activation(l["act"], x, case.learned(l)) if l["kind"] == "act" else BUILD[l["kind"]](l, x)
            if isinstance(made, nn.Module):
                setattr(self, name, made)
            else:
                self.functions[name] = made

    def forward(self, x):
        out = {None: x}
        for l in self.case.layers:
            f = self.functions.get(l["name"]) or getattr(self, l["name"])
            out[l["name"]] = f(*[out[r] for r in self.case.reads[l["name"]]])
        return out[l["name"]]


def load(net, case, params):
    """Copies the values of a case into the network; every one must have its place."""
    left = dict(params)
    with torch.no_grad():
        for key, tensor in net.state_dict(keep_vars=True).items():
            name, part = key.split(".")
            l = case.by_name[name]
            if l["kind"] == "foreign":  # its values are its own
                continue
            if part != "num_batches_tracked":
                part = case.learned(l)[0] if l["kind"] == "act" else part
                tensor.copy_(torch.from_numpy(left.pop(f"{name}.{part}")).reshape(tensor.shape))
    odd = [n for n in left if not case.by_name[n.split(".")[0]].get("tied") and not case.by_name[n.split(".")[0]].get("plain")]
    if odd:
        raise ValueError(f"no place for {odd}")


def dynamo(net, x, path, static, external_data=True, **more):
    program = torch.onnx.export(net, (x,), dynamo=True, verbose=False, input_names=["input"], output_names=["output"],
                                dynamic_shapes=None if static else ({0: torch.export.Dim("batch")},), **more)
    program.save(path, external_data=external_data)
    matrix_run.strip(path)


def torchscript(net, x, path, static, **more):
    axes = None if static else {"input": {0: "batch"}, "output": {0: "batch"}}
    torch.onnx.export(net, (x,), path, dynamo=False, input_names=["input"], output_names=["output"], dynamic_axes=axes, **more)


FEW = matrix_committed.FEW
# Column: exporter, static batch, the exporter's further arguments, which rows.
COLUMNS = {
    "torch-dynamo": (dynamo, False, {}, "all"),
    "torch-dynamo-static": (dynamo, True, {}, "some"),
    "torch-dynamo-opset18": (dynamo, False, {"opset_version": 18}, FEW),
    "torch-dynamo-opset23": (dynamo, False, {"opset_version": 23}, FEW),
    "torch-dynamo-inline": (dynamo, False, {"external_data": False}, FEW[:2]),
    "torch-dynamo-raw": (dynamo, False, {"optimize": False}, FEW),
    "torchscript": (torchscript, False, {}, "all"),
    "torchscript-static": (torchscript, True, {}, "all"),
    "torchscript-opset9": (torchscript, False, {"opset_version": 9}, FEW),
    "torchscript-opset11": (torchscript, False, {"opset_version": 11}, FEW),
    "torchscript-opset13": (torchscript, False, {"opset_version": 13}, FEW),
    "torchscript-opset17": (torchscript, False, {"opset_version": 17}, FEW),
    "torchscript-raw": (torchscript, False, {"do_constant_folding": False, "keep_initializers_as_inputs": True}, FEW),
    "torchscript-training": (torchscript, False, {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}, FEW),
}


def folds(case, export, raw):
    """Which BatchNorm is folded into the layer before it; raw: the exporter was told not to."""
    def folded(l):
        before = case.by_name.get(case.reads[l["name"]][0])
        kinds = [] if raw else ["conv", "up", "dense"] if export is dynamo else ["conv"]
        return before is not None and before["kind"] in kinds and len(case.readers(before["name"])) == 1
    return folded


def write(to, case, column):
    """One model with its case.json and recorded.npz."""
    export, static, more, _ = COLUMNS[column]
    params, n = cases.start_values(case), matrix_run.STATIC if static else matrix_run.SAMPLES
    torch.manual_seed(1)
    net = Net(case)
    load(net, case, params)
    net.eval()
    x = torch.from_numpy(cases.samples(case, n))
    with torch.no_grad():
        y = net(x).numpy()
        if case.net.get("style") == "sequential":
            net = nn.Sequential(*[getattr(net, l["name"]) for l in case.layers])
            net.eval()
    export(net, x[:matrix_run.STATIC], to / "model.onnx", static, **more)
    n, raw = matrix_run.batch(to) or n, not more.get("optimize", more.get("do_constant_folding", True))
    matrix_run.save(to, case, params, x.numpy()[:n], y[:n], matrix_expected.layers(case, folds(case, export, raw), eps=1e-5, arithmetic=False),
                    framework="pytorch", versions=VERSIONS, generator="testdata/ref/matrix_torch.py", exporter=column,
                    arguments={k: str(v) for k, v in more.items()}, batch=matrix_run.batch(to) or "dynamic", layout="NCHW")


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    matrix_run.run(__doc__, COLUMNS, lambda column: cases.rows(TORCH, [*MODULES, *FORMS], COLUMNS[column][3]), write, matrix_committed.COMMITTED)


if __name__ == "__main__":
    main()
