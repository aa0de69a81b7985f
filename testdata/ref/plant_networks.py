"""The networks that plant_bugs.py plants bugs into, described once for PyTorch and Keras, and their pictures.

A network is a list of layers, as in networks.py: name, kind, and what the kind needs. "in" names the layers it reads
within its list, None for what the list itself reads; without it, that is the layer before. The kind "block" has layers of
its own: a module in PyTorch, a prefix of the names in Keras. Each network has two variants with other activations, sizes
and ends. Shapes are C, H, W. NumPy only.
"""

import numpy as np

import common
from networks import act, layer

SAMPLES = 16         # recorded
STEPS, BATCH, RATE = 400, 32, 4e-3
SNAPSHOT = 300       # steps after which "weights of another state" are taken
CLASSES = 10


def conv(name, out, kernel, stride=1, pad=0, deep=False, bias=False, **more):
    """pad: pixels on every side, or "end": one more behind than in front, as TensorFlow pads at stride 2."""
    return {"name": name, "kind": "conv", "out": out, "kernel": kernel, "stride": stride, "pad": pad, "deep": deep, "bias": bias, **more}


def dense(name, out):
    return layer(name, "dense", out=out)


def block(name, *layers, **more):
    return layer(name, "block", layers=list(layers), **more)


def pool(name, kind, kernel=2, stride=2, pad=0):
    return layer(name, kind, kernel=kernel, stride=stride, pad=pad)


FLATTEN = layer("flatten", "flatten")
SOFTMAX = layer("softmax", "softmax")


def study(v):
    out, k, a, b = {"a": (8, 7, "prelu:channel", "swish-beta"), "b": (12, 9, "prelu:element", "leaky:0.2")}[v]
    return [conv("conv1", out, k, bias=True), act("act1", a), conv("conv2", out, 5, bias=True), act("act2", b),
            FLATTEN, dense("dense", CLASSES)] + [SOFTMAX] * (v == "b")


def lenet5(v):
    a = {"a": ["elu", "prelu:channel", "leaky:0.1", "mish"], "b": ["swish", "prelu:one", "elu", "leaky:0.25"]}[v]
    pools = [pool("pool1", "avgpool"), pool("pool2", "maxpool")] if v == "a" else [pool("pool1", "maxpool", 3, 2, 1), pool("pool2", "avgpool", 3, 2, 1)]
    hidden = 48 if v == "a" else 40
    return [conv("conv1", 6, 5, pad=2, bias=True), act("act1", a[0]), pools[0], conv("conv2", 12, 5, bias=True), act("act2", a[1]), pools[1],
            FLATTEN, dense("dense1", hidden), act("act3", a[2]), dense("dense2", 40), act("act4", a[3]), dense("dense3", CLASSES)] + [SOFTMAX] * (v == "b")


def vgg8(v):
    """In variant b batch normalisation is behind the activation, so that no exporter folds it.

    PyTorch numbers the layers of such a Sequential: features.0 is the first convolution.
    """
    acts = {"a": ["prelu:channel", "mish", "prelu:channel", "leaky:0.1", "relu", "prelu:channel", "elu"],
            "b": ["relu", "leaky:0.2", "swish-beta:channel", "prelu:one", "mish", "elu", "relu"]}[v]
    features = []
    for i, out in enumerate([8, 8, 12, 12, 16, 16], 1):
        norm, activation = layer(f"bn{i}", "bn"), act(f"act{i}", acts[i - 1])
        features += [conv(f"conv{i}", out, 3, pad=1, bias=v == "b"), *([norm, activation] if v == "a" else [activation, norm])]
        if i % 2 == 0:
            features.append(pool(f"pool{i // 2}", "maxpool" if v == "a" or i == 2 else "avgpool"))
    return [block("features", *features), FLATTEN, block("classifier", dense("dense1", 32), act("act7", acts[6]), dense("dense2", CLASSES))] + [SOFTMAX] * (v == "b")


def residual(v):
    """Variant a adds in a module of its own, b in the block's forward, which no hook sees."""
    stem, inner, outer = {"a": ("prelu:channel", "prelu:channel", "relu"), "b": ("mish", "leaky:0.1", "prelu:channel")}[v]
    add = "add" if v == "a" else "plus"

    def rest(name, out, stride, shortcut):
        side = [conv("conv3", out, 1, stride, bias=v == "b", **{"in": [None]}), layer("bn3", "bn")] if shortcut else []
        return block(name, conv("conv1", out, 3, stride, 1, bias=v == "b"), layer("bn1", "bn"), act("act1", inner),
                     conv("conv2", out, 3, pad=1, bias=v == "b"), layer("bn2", "bn"), *side,
                     layer("add", add, **{"in": ["bn2", "bn3" if shortcut else None]}), act("act2", outer))

    return [conv("conv1", 8, 3, pad=1, bias=v == "b"), layer("bn1", "bn"), act("act1", stem), rest("block1", 8, 1, False), rest("block2", 12, 2, True),
            rest("block3", 12, 1, False), layer("pool", "gap"), FLATTEN, dense("dense", CLASSES)]


def depthwise(v):
    """Separable blocks as in MobileNet; in variant b one of them has a sum around it."""
    acts = {"a": ["swish", "leaky:0.1", "prelu:channel", "mish"], "b": ["prelu:channel", "prelu:channel", "relu", "swish-beta"]}[v]

    def separable(name, out, stride, pad, first, second, around=False):
        return block(name, conv("depthwise", None, 3, stride, pad, deep=True), layer("bn1", "bn"), act("act1", first),
                     conv("pointwise", out, 1), layer("bn2", "bn"), *([layer("add", "add", **{"in": ["bn2", None]})] if around else []), act("act2", second))

    end = [layer("pool", "gap"), FLATTEN] if v == "a" else [conv("conv2", 6, 3, pad=1, bias=True), FLATTEN]
    return [conv("conv1", 8, 3, 1, 1), layer("bn1", "bn"), act("act1", acts[0]), separable("block1", 12, 2, "end", acts[1], acts[2]),
            separable("block2", 12, 1, 1, acts[3], acts[0], v == "b"), separable("block3", 16, 2, 1 if v == "a" else "end", acts[2], acts[3]),
            *end, dense("dense", CLASSES)]


GREY, COLOUR = (1, 28, 28), (3, 16, 16)
NETWORKS = {f"{f.__name__}-{v}": ((1, 20, 20) if f is study and v == "b" else GREY if f in (study, lenet5) else COLOUR, f(v))
            for f in (study, lenet5, vgg8, residual, depthwise) for v in "ab"}


def reads(layers, i):
    """What layer i of a list reads, by their names in it."""
    return layers[i].get("in") or [layers[i - 1]["name"] if i else None]


def shape(l, x):
    """The shape of a layer's result, of the shape of what it reads."""
    kind = l["kind"]
    if kind in ("conv", "maxpool", "avgpool"):
        total = 1 if l["pad"] == "end" else 2 * l["pad"]
        return (x[0] if kind != "conv" or l["deep"] else l["out"], *[(s + total - l["kernel"]) // l["stride"] + 1 for s in x[1:]])
    return {"gap": (x[0], 1, 1), "flatten": (int(np.prod(x)),), "dense": (l.get("out"),)}.get(kind, x)


def slopes(spelled, x, rng):
    """Start values of what an activation learns, of several values and signs; None if it learns nothing."""
    kind, _, sharing = spelled.partition(":")
    if kind not in ("prelu", "swish-beta"):
        return None
    size = {"": (1,), "one": (1,), "channel": x[:1], "element": x}[sharing]
    value = rng.normal(0.15, 0.35, size) if kind == "prelu" else rng.uniform(0.6, 2, size)
    return value.astype(np.float32)


class Pictures:
    """Digits of MNIST as batches: grey, or in two random colours on a map of 16×16."""

    def __init__(self, size):
        self.size, self.rng, self.set = size, np.random.default_rng(7), common.TrainSet(common.MNIST)

    def batch(self, n):
        """float32 [n, C, H, W] in 0 to 1, and labels."""
        chosen = self.rng.integers(0, self.set.n, n)
        x, (c, h, w) = self.set.images(chosen), self.size
        if c == 3:
            x = np.pad(x.reshape(n, 1, 14, 2, 14, 2).mean((3, 5)), ((0, 0), (0, 0), (1, 1), (1, 1)))
            back, front = self.rng.uniform(0, 0.5, (n, 3, 1, 1)), self.rng.uniform(0.6, 1, (n, 3, 1, 1))
            x = np.clip(back + (front - back) * x + self.rng.normal(0, 0.05, (n, 3, 16, 16)), 0, 1)
        cut = (x.shape[2] - h) // 2
        return np.ascontiguousarray(x[:, :, cut:cut + h, cut:cut + w], np.float32), self.set.labels(chosen)
