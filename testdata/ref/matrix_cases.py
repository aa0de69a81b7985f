"""The cases of the matrix: a network of matrix_networks.py with an activation, and its values.

An activation is spelled as gonn spells it, and after a slash is how the user wrote it:
"prelu:channel/where". A capital letter in a sharing is a size of the map: "prelu:C1W".
NumPy only.
"""

import re
import zlib

import numpy as np

import common
from matrix_networks import NETWORKS, act, conv, head, network
from networks import inputs

# What stands for the name in "leaky/where", in the network of the study. A key with a slash comes first.
VALUES = {
    "leaky": ["leaky:0.2", "leaky:-0.5"],
    "leaky/module": ["leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.01", "leaky:0.2", "leaky:1", "leaky:1.5"],
    "prelu": ["prelu:one", "prelu:channel", "prelu:element"],
    "swish-beta": ["swish-beta:one", "swish-beta:channel", "swish-beta:element"],
}


def spellings(forms):
    """Every activation in every way of writing it: forms are keys like "leaky/where"."""
    for form in forms:
        name, how = form.split("/")
        for spelled in VALUES.get(form) or VALUES.get(name) or [name]:
            yield f"{spelled}/{how}"


# What not every exporter can write, or what gonn has no layer for, stands in no chain.
ALONE = ("foreign", "thresholded-relu", "softplus/logaddexp", "elu/expm1", "/rrelu", "/log1p", "celu", "gelu/activation", "gelu-tanh/power", "/argument", "linear")
KINDS = {"leaky": ["leaky"], "prelu": ["prelu"], "swish": ["swish", "swish-beta"], "smooth": ["mish", "gelu", "gelu-tanh", "softplus", "sigmoid", "tanh", "logsigmoid", "softsign"],
         "kinked": ["relu", "relu6", "hardswish", "hardsigmoid", "elu", "selu"]}


def chains(framework, forms):
    """Adds networks "chain-…": every way of writing the activations of some kinds, behind one convolution each."""
    for name, kinds in KINDS.items():
        of = [list(spellings([f])) for f in forms if f.split("/")[0].split(":")[0] in kinds and not any(a in f for a in ALONE)]
        spelled = [found[i % len(found)] for i, found in enumerate(of)]  # their values in turn
        layers = [l for i, s in enumerate(spelled, 1) for l in (conv(f"conv{i}", 3, 1), act(f"act{i}", s))]
        network(f"chain-{name}", (3, 4, 2), *layers, *head(), acts=[None], only=framework)


def rows(framework, forms, extent="all"):
    """The cases of a column. extent: "all"; "some": the modules, and every network with one activation; or a list of names."""
    if isinstance(extent, (list, tuple)):
        wanted = {c.name: c for c in rows(framework, forms)}
        yield from (wanted[name] for name in extent if name in wanted)
        return
    for spelled in spellings(forms):
        if extent == "all" or spelled.endswith(("/module", "/functional", "/activation")):
            yield Case("study", spelled)
    for net in NETWORKS.values():
        if net["only"] in (None, framework):
            for spelled in net["acts"] if extent == "all" else net["acts"][-1:]:
                yield Case(net["name"], spelled)


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
    ceil = l.get("ceil", False)
    out = [(-(-r // t) if ceil else r // t) + 1 for r, t in zip(room, l["stride"])]
    if ceil:  # a last window that starts in the padding is dropped
        out = [n - ((n - 1) * t >= s + p) for n, t, s, p in zip(out, l["stride"], size, pads)]
    return list(pads), out


def result(l, xs):
    """The shape of a layer's result."""
    x, kind = xs[0], l["kind"]
    if "shape" in l:
        return tuple(l["shape"])
    if kind == "conv":
        return (l["out"], *window(l, x)[1])
    if kind in ("maxpool", "avgpool"):
        return (x[0], *window(l, x)[1])
    if kind == "pad":
        top, left, bottom, right = l["pads"]
        return (x[0], x[1] + top + bottom, x[2] + left + right)
    if kind == "up":
        return (l["out"], *[(s - 1) * t + k - 2 * l["pads"] for s, t, k in zip(x[1:], l["stride"], l["kernel"])])
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

    def __init__(self, net, spelled):
        self.net, self.spelled = NETWORKS[net], spelled or ""
        self.act, _, self.how = self.spelled.partition("/")
        self.layers = [{**l, "act": l["act"].replace("$", self.spelled)} if l["kind"] == "act" else l for l in self.net["layers"]]
        self.by_name = {l["name"]: l for l in self.layers}
        self.reads = {l["name"]: inputs(self.layers, i) for i, l in enumerate(self.layers)}
        self.at, self.x = {None: self.net["input"]}, {}  # shapes of results; shape of the first input
        for l in self.layers:
            shapes = [self.at[n] for n in self.reads[l["name"]]]
            self.x[l["name"]] = shapes[0]
            self.at[l["name"]] = result(l, shapes)

    @property
    def name(self):
        return "-".join(p for p in [self.net["name"], common.folder(self.act), self.how] if p)

    @property
    def long(self):
        return len(self.layers) > 24

    def readers(self, name):
        return [l for l in self.layers if name in self.reads[l["name"]]]

    def flat(self):
        """Name → shape of the map that the vector a layer reads was flattened from, or None."""
        of, found = {None: None}, {}
        for l in self.layers:
            before = self.reads[l["name"]][0]
            found[l["name"]] = of[before]
            if l["kind"] == "flatten" and len(self.at[before]) == 3:
                of[l["name"]] = self.at[before]
            else:
                of[l["name"]] = of[before] if l["kind"] in ("act", "bn", "dropout", "flatten") else None
        return found

    def learned(self, l):
        """What an activation learns: (alpha or beta, its shape), or None."""
        x = self.x[l["name"]]
        found = common.learned(settled(l["act"], x).split("/")[0])
        if not found:
            return None
        part, sharing = found
        shapes = {"one": (1,), "channel": (x[0],), "element": tuple(x)}
        return part, shapes.get(sharing) or tuple(int(d) for d in sharing.split("x"))


def settled(spelled, x):
    """A spelling with sizes in place of their letters: prelu:C1W on (4, 7, 6) is prelu:4x1x6."""
    sizes = dict(zip("CHW", map(str, x)), **{"1": "1"})
    return re.sub(r":([CHW1]{3})\b", lambda m: ":" + "x".join(sizes[c] for c in m[1]), spelled)


def start_values(case):
    """Every parameter by gonn's names, in gonn's layout; the running statistics too."""
    rng = np.random.default_rng(zlib.crc32(f"{case.net['name']} {case.act}".encode()))
    params = {}

    def put(l, part, values):
        if l.get("tied"):
            values = params[f"{l['tied']}.{part}"]
        params[f"{l['name']}.{part}"] = np.asarray(values, np.float32)

    for l in case.layers:
        x, kind = case.x[l["name"]], l["kind"]
        if kind == "conv":
            shape = (l["out"], x[0] // l["groups"], *l["kernel"])
            put(l, "weight", rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape))
        elif kind == "up":
            put(l, "weight", rng.normal(0, (1 / x[0]) ** 0.5, (x[0], l["out"], *l["kernel"])))
        elif kind == "dense":
            put(l, "weight", rng.normal(0, x[0] ** -0.5, (l["out"], x[0])))
        elif kind == "bn":
            put(l, "weight", rng.uniform(0.5, 1.5, x[0]) if not l.get("plain") else np.ones(x[0]))
            put(l, "bias", rng.normal(0, 0.3, x[0]) if not l.get("plain") else np.zeros(x[0]))
            put(l, "running_mean", rng.normal(0, 0.3, x[0]))
            put(l, "running_var", rng.uniform(0.5, 1.5, x[0]))
        elif kind == "act" and case.learned(l):
            part, shape = case.learned(l)
            put(l, part, rng.normal(0, 0.4, shape).clip(-0.95, 0.95) if part == "alpha" else rng.uniform(0.4, 1.8, shape))
        if l.get("bias"):
            put(l, "bias", rng.normal(0, 0.2, l["out"]))
    return {name: untrained(case.net["start"], name, v) for name, v in params.items()}


def untrained(start, name, value):
    """What a fresh network has: equal slopes and statistics ("untrained"), and as in Keras zeros ("zeros")."""
    layer, part = name.split(".")
    if start == "trained" or part == "weight" and not layer.startswith("bn"):
        return value
    if part == "alpha":
        return np.full_like(value, 0.25 if start == "untrained" else 0)
    if part == "running_mean" or part == "bias" and (start == "zeros" or layer.startswith("bn")):
        return np.zeros_like(value)
    return value if part == "bias" else np.ones_like(value)


def samples(case, n):
    """Input for n samples, [n, C, H, W]."""
    rng = np.random.default_rng(zlib.crc32(case.net["name"].encode()))
    return rng.normal(0, 1, (n, *case.net["input"])).astype(np.float32)
