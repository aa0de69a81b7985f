"""The matrix of exported models: networks and activations, described once for all exporters.

A network is a list of layers as in networks.py: name, kind, and what the kind needs; "in"
names the layers it reads. Its activation layers say "$", which stands for the activation
of the case. An activation is spelled as gonn spells it, and after a slash how the user
wrote it: "prelu:channel/where". How each framework writes it stands in matrix_torch.py
and matrix_keras.py. Shapes and tensors are gonn's: C, H, W. NumPy only.
"""

import json
import re
import zlib

import numpy as np

import common
from networks import inputs, layer

SAMPLES = 3         # recorded where the batch is dynamic
STATIC = 2          # the batch of a file whose batch is static


def pair(v):
    return list(v) if isinstance(v, (tuple, list)) else [v, v]


def conv(name, out, kernel=3, stride=1, pads=0, groups=1, dilation=1, bias=True, **more):
    """pads: a number, top, left, bottom, right, or "same"."""
    return {"name": name, "kind": "conv", "out": out, "kernel": pair(kernel), "stride": pair(stride), "pads": pads,
            "groups": groups, "dilation": pair(dilation), "bias": bias, **more}


def pool(name, kind, kernel=2, stride=None, pads=0, **more):
    """kind: maxpool or avgpool."""
    return {"name": name, "kind": kind, "kernel": pair(kernel), "stride": pair(stride or kernel), "pads": pads,
            "dilation": [1, 1], **more}


def act(name, spelled="$", **more):
    return layer(name, "act", act=spelled, **more)


def bn(name, **more):
    return layer(name, "bn", **more)


def dense(name, out, bias=True, **more):
    return layer(name, "dense", out=out, bias=bias, **more)


def flatten(how="", **more):
    return layer("flatten", "flatten", how=how, **more)


def head(out=5, how=""):
    """The usual end: flatten and a dense layer."""
    return [flatten(how), dense("dense", out)]


def gap_head(how="", out=5):
    """Global average pooling and a dense layer."""
    return [layer("gap", "gap", how=how), flatten(), dense("dense", out)]


NETWORKS = {}


def network(name, input_shape, *layers, acts=None, only=None, **more):
    """Adds a network. acts: its activations, else those of ACTS; only: its frameworks."""
    NETWORKS[name] = {"name": name, "input": tuple(input_shape), "layers": list(layers), "acts": acts, "only": only, **more}


# What stands for "$" in every network but the study's, which has all of them.
ACTS = ["prelu:one/module", "prelu:channel/module", "prelu:element/module", "leaky:0.2/module", "swish/module", "mish/module"]
SOME = ["prelu:channel/module", "mish/module"]
TORCH, KERAS = "torch", "keras"

network("study", (1, 9, 8), conv("conv1", 4), act("act1"), conv("conv2", 6), act("act2"), *head())
network("residual", (3, 8, 7),
        conv("conv1", 4, pads=1, bias=False), bn("bn1"), act("act1"),
        conv("conv2", 4, pads=1, bias=False), bn("bn2"), act("act2"),
        conv("conv3", 4, pads=1, bias=False), bn("bn3"),
        layer("add1", "add", **{"in": ["bn3", "act1"]}), act("act3"),
        conv("conv4", 6, stride=2, pads=1, bias=False), bn("bn4"), act("act4"),
        conv("conv5", 6, pads=1, bias=False), bn("bn5"),
        conv("conv6", 6, 1, stride=2, bias=False, **{"in": ["act3"]}), bn("bn6"),
        layer("add2", "add", **{"in": ["bn5", "bn6"]}), act("act5"), *gap_head())


def window(l, x):
    """Pads (top, left, bottom, right) and the size of the result of a convolution or pool on x."""
    size, pads = x[1:], l["pads"]
    reach = [(k - 1) * d + 1 for k, d in zip(l["kernel"], l["dilation"])]
    if pads == "same":
        total = [max((-(-s // t) - 1) * t + r - s, 0) for s, t, r in zip(size, l["stride"], reach)]
        before = [t // 2 for t in total]
        pads = [*before, total[0] - before[0], total[1] - before[1]]
    elif not isinstance(pads, (tuple, list)):
        pads = [pads] * 4
    room = [s + pads[i] + pads[i + 2] - reach[i] for i, s in enumerate(size)]
    up = l.get("ceil", False)
    out = [(-(-r // t) if up else r // t) + 1 for r, t in zip(room, l["stride"])]
    if up:  # a last window that starts in the padding is dropped
        out = [n - ((n - 1) * t >= s + p) for n, t, s, p in zip(out, l["stride"], size, pads)]
    return list(pads), out


def result(l, xs):
    """The shape of a layer's result."""
    x, kind = xs[0], l["kind"]
    if kind == "conv":
        return (l["out"], *window(l, x)[1])
    if kind in ("maxpool", "avgpool"):
        return (x[0], *window(l, x)[1])
    if kind == "pad":
        t, left, b, r = l["pads"]
        return (x[0], x[1] + t + b, x[2] + left + r)
    if kind == "up":
        size = [(s - 1) * t + k - 2 * l["pads"] for s, t, k in zip(x[1:], l["stride"], l["kernel"])]
        return (l["out"], *size)
    if kind in ("gap", "gmp"):
        return (x[0],) if l.get("flat") else (x[0], 1, 1)
    if kind == "flatten":
        return (int(np.prod(x)),)
    if kind == "dense":
        return (l["out"],)
    if kind == "concat":
        return (sum(s[0] for s in xs), *x[1:])
    return x


class Case:
    """One network with one activation; every exporter gives it the same values."""

    def __init__(self, net, spelled, start="trained"):
        self.net, self.spelled, self.start = NETWORKS[net], spelled, start
        self.act, _, self.how = spelled.partition("/")
        self.layers = [self.settle(l) for l in self.net["layers"]]
        self.at, self.read = {None: self.net["input"]}, {}
        for i, l in enumerate(self.layers):
            self.read[l["name"]] = [self.at[n] for n in inputs(self.layers, i)]
            self.at[l["name"]] = result(l, self.read[l["name"]])

    def settle(self, l):
        """The activation of the case in place of "$"."""
        return {**l, "act": self.spelled if l["act"] == "$" else l["act"]} if l["kind"] == "act" else l

    @property
    def name(self):
        parts = [self.net["name"], common.folder(self.act), self.how, "" if self.start == "trained" else self.start]
        return "-".join(p for p in parts if p)

    def flat(self):
        """Name → shape of the map that the vector a layer reads was flattened from, or None."""
        of, found = {None: None}, {}
        for i, l in enumerate(self.layers):
            before = inputs(self.layers, i)[0]
            found[l["name"]] = of[before]
            if l["kind"] == "flatten" and len(self.at[before]) == 3:
                of[l["name"]] = self.at[before]
            else:
                of[l["name"]] = of[before] if l["kind"] in ("act", "bn", "dropout") else None
        return found

    def inputs(self):
        """The layers with the names of those that they read."""
        return [(l, inputs(self.layers, i)) for i, l in enumerate(self.layers)]


def learned(spelled, x):
    """(part, shape) of what an activation on x learns, or None."""
    kind = common.learned(spelled.split("/")[0])
    if not kind:
        return None
    part, sharing = kind
    if sharing == "element":
        return part, tuple(x)
    if sharing in ("one", "channel"):
        return part, (1,) if sharing == "one" else (x[0],)
    return part, tuple(int(d) for d in sharing.split("x"))


def start_values(case):
    """Every parameter by gonn's names, in gonn's layout; the running statistics too."""
    rng = np.random.default_rng(zlib.crc32(f"{case.net['name']} {case.act}".encode()))
    params = {}

    def put(layer, part, values):
        params[f"{layer}.{part}"] = np.asarray(values, np.float32)

    for l in case.layers:
        n, x, kind = l["name"], case.read[l["name"]][0], l["kind"]
        if kind in ("conv", "up"):
            shape = (l["out"], x[0] // l["groups"], *l["kernel"]) if kind == "conv" else (x[0], l["out"], *l["kernel"])
            put(n, "weight", rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape))
        elif kind == "dense":
            put(n, "weight", rng.normal(0, x[0] ** -0.5, (l["out"], x[0])))
        elif kind == "bn":
            put(n, "weight", rng.uniform(0.5, 1.5, x[0]))
            put(n, "bias", rng.normal(0, 0.3, x[0]))
            put(n, "running_mean", rng.normal(0, 0.3, x[0]))
            put(n, "running_var", rng.uniform(0.5, 1.5, x[0]))
        elif kind == "act" and learned(l["act"], x):
            part, shape = learned(l["act"], x)
            values = rng.normal(0, 0.4, shape).clip(-0.95, 0.95) if part == "alpha" else rng.uniform(0.4, 1.8, shape)
            put(n, part, params[f"{l['tied']}.{part}"] if "tied" in l else values)
        if kind in ("conv", "up", "dense") and l["bias"]:
            put(n, "bias", rng.normal(0, 0.2, l["out"]))
    if case.start != "trained":
        params = {k: untrained(case.start, k, v) for k, v in params.items()}
    return params


def untrained(start, name, value):
    """What a fresh network has: equal slopes, in Keras zeros, and there zero biases too."""
    part = name.split(".")[1]
    if part == "alpha":
        return np.full_like(value, 0.25 if start == "untrained" else 0)
    if part == "beta":
        return np.ones_like(value)
    if part == "running_mean" or part == "bias" and start == "zeros":
        return np.zeros_like(value)
    if part == "running_var":
        return np.ones_like(value)
    return value


def samples(case, n):
    """Input for n samples, [n, C, H, W]."""
    rng = np.random.default_rng(zlib.crc32(case.net["name"].encode()))
    return rng.normal(0, 1, (n, *case.net["input"])).astype(np.float32)


def expected(case, folds):
    """The layers in gonn's terms. folds(layer before, or None): is a BatchNorm behind it folded into it?"""
    found, gone = [], {}
    layers = {l["name"]: l for l in case.layers}

    def add(l, kind, reads, suffix="", **settings):
        name = l["name"] + suffix
        found.append({"name": name, "kind": kind, "settings": settings, "inputs": [gone.get(r, r) for r in reads]})
        gone[l["name"]] = name

    for l, reads in case.inputs():
        kind, x = l["kind"], case.read[l["name"]][0]
        if kind == "conv":
            pads = window(l, x)[0]
            before = layers.get(reads[0])
            if before and before["kind"] == "pad" and not before.get("value"):
                pads = [a + b for a, b in zip(pads, before["pads"])]
            add(l, "Conv", reads, Out=l["out"], Kernel=l["kernel"], Stride=l["stride"], Pads=pads, Groups=l["groups"],
                Dilation=l["dilation"])
        elif kind == "up":
            add(l, "ConvTranspose", reads, Out=l["out"], Kernel=l["kernel"], Stride=l["stride"], Pads=[l["pads"]] * 4)
        elif kind in ("maxpool", "avgpool"):
            more = {"Ceil": l.get("ceil", False)} | ({"CountPads": l.get("count", False)} if kind == "avgpool" else {})
            add(l, "MaxPool" if kind == "maxpool" else "AveragePool", reads, Kernel=l["kernel"], Stride=l["stride"],
                Pads=window(l, x)[0], **more)
        elif kind in ("gap", "gmp"):
            add(l, "GlobalAveragePool" if kind == "gap" else "GlobalMaxPool", reads)
            if l.get("flat"):
                add(l, "Flatten", [l["name"]], suffix=".flatten")
        elif kind == "bn":
            if folds(layers.get(reads[0])):
                gone[l["name"]] = gone.get(reads[0], reads[0])
            else:
                add(l, "BatchNorm", reads)
        elif kind == "act":
            add(l, l["act"].split("/")[0], reads)
        elif kind == "dropout":
            gone[l["name"]] = gone.get(reads[0], reads[0])
        elif kind == "flatten" and len(x) == 1:
            gone[l["name"]] = gone.get(reads[0], reads[0])
        elif kind == "pad":
            after = [m for m, r in case.inputs() if l["name"] in r]
            if all(m["kind"] == "conv" for m in after) and not l.get("value"):
                gone[l["name"]] = gone.get(reads[0], reads[0])
            else:
                add(l, "Pad", reads, Pads=l["pads"], Value=l.get("value", 0))
        else:
            settings = {"Out": l["out"]} if kind == "dense" else {}
            add(l, {"dense": "Dense", "flatten": "Flatten", "add": "Add", "mul": "Mul", "concat": "Concat",
                    "softmax": "Softmax", "logsoftmax": "LogSoftmax"}[kind], reads, **settings)
    return found


def save(folder, case, exporter, versions, generator, batch, layout, params, tensors, **about):
    """Writes case.json and recorded.npz of a model. about: what else is to say of it."""
    tensors = {**tensors, **{f"param/{name}": value for name, value in params.items()}}
    common.save_npz(folder / "recorded.npz", tensors)
    slopes = [f"{l['name']}.{learned(l['act'], case.read[l['name']][0])[0]}" for l in case.layers
              if l["kind"] == "act" and learned(l["act"], case.read[l["name"]][0])]
    told = {
        "exporter": exporter, "versions": versions, "generator": f"testdata/ref/{generator}",
        "network": case.net["name"], "activation": case.act, "spelled": case.how, "start": case.start,
        "batch": batch, "layout": layout, "slopes": slopes, "params": list(params),
        "tolerance": {"atol": 1e-5, "rtol": 1e-5}, **about,
    }
    (folder / "case.json").write_text(json.dumps(told, indent=1) + "\n")
