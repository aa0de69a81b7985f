"""The networks of the matrix, in gonn's terms: a row is one call of network().

A network is a list of layers as in networks.py: name, kind, and what the kind needs; "in"
names the layers it reads. Its activations say "$", which stands for the activation of a
case. "how" is the way a user writes a layer; the ways are in matrix_torch.py and
matrix_keras.py, which add networks of their own. Shapes are C, H, W; all three differ where
they can, so that nothing is right by chance.
"""

from networks import layer

TORCH, KERAS = "torch", "keras"
NETWORKS = {}

# What stands for "$" by default. The study's network has everything that can be written.
ACTS = ["prelu:one/module", "prelu:channel/module", "prelu:element/module", "leaky:0.2/module", "swish/module", "mish/module"]
CHANNEL, ELEMENT, LEAKY, SWISH, MISH = ([a] for a in ACTS[1:])
SOME = CHANNEL + MISH


def network(name, input_shape, *layers, acts=ACTS, only=None, start="trained", **more):
    """Adds a network. only: its framework, if only one has it; start: see matrix_cases.untrained."""
    NETWORKS[name] = {"name": name, "input": tuple(input_shape), "layers": list(layers), "acts": acts, "only": only,
                      "start": start, **more}


def pair(v):
    return list(v) if isinstance(v, (tuple, list)) else [v, v]


def conv(name, out, kernel=3, stride=1, pads=0, groups=1, dilation=1, bias=True, **more):
    """pads: a number, or top, left, bottom, right, or "same"."""
    return layer(name, "conv", out=out, kernel=pair(kernel), stride=pair(stride), pads=pads, groups=groups,
                 dilation=pair(dilation), bias=bias, **more)


def up(name, out, kernel, stride, pads=0, bias=True, **more):
    """A transposed convolution."""
    return layer(name, "up", out=out, kernel=pair(kernel), stride=pair(stride), pads=pads, groups=1, bias=bias, **more)


def pool(kind, name="pool", kernel=2, stride=None, pads=0, dilation=1, **more):
    """kind: maxpool or avgpool."""
    return layer(name, kind, kernel=pair(kernel), stride=pair(stride or kernel), pads=pads, dilation=pair(dilation), **more)


def act(name, spelled="$", **more):
    return layer(name, "act", act=spelled, **more)


def bn(name, **more):
    """eps: else the framework's own; plain: neither scale nor shift is learned."""
    return layer(name, "bn", **more)


def dense(name, out, bias=True, **more):
    return layer(name, "dense", out=out, bias=bias, **more)


def flatten(how="", name="flatten"):
    return layer(name, "flatten", how=how)


def join(name, kind, *read, how=""):
    """add, mul or concat."""
    return layer(name, kind, how=how, **{"in": list(read)})


def of(l, *read):
    """The layer, reading others than the one before."""
    return {**l, "in": list(read)}


def head(out=5, how=""):
    return [flatten(how), dense("dense", out)]


def gap_head(how="", out=5, kind="gap", **more):
    return [layer("gap", kind, how=how, **more), *head(out)]


def conv_act(i, out, **more):
    return [conv(f"conv{i}", out, **more), act(f"act{i}")]


def conv_bn_act(i, out, bias=False, eps=None, **more):
    return [conv(f"conv{i}", out, bias=bias, **more), bn(f"bn{i}", eps=eps), act(f"act{i}")]


def residual(eps=None):
    """Two blocks with batch normalisation; the second has a shortcut of its own."""
    return [
        *conv_bn_act(1, 4, pads=1, eps=eps), *conv_bn_act(2, 4, pads=1, eps=eps),
        conv("conv3", 4, pads=1, bias=False), bn("bn3", eps=eps), join("add1", "add", "bn3", "act1"), act("act3"),
        *conv_bn_act(4, 6, stride=2, pads=1, eps=eps), conv("conv5", 6, pads=1, bias=False), bn("bn5", eps=eps),
        of(conv("conv6", 6, 1, stride=2, bias=False), "act3"), bn("bn6", eps=eps), join("add2", "add", "bn5", "bn6"), act("act5")]


STUDY = [*conv_act(1, 4), *conv_act(2, 6), *head()]

# The study's network; what stands for "$" in it is every activation in every spelling.
network("study", (1, 9, 8), *STUDY, acts=[])

# What a fresh network holds: equal slopes and statistics, in Keras zeros too, which exporters merge and drop.
FRESH = ["prelu:one/module", "prelu:channel/module", "prelu:element/module", "swish-beta:channel/sigmoid", "mish/module"]
network("untrained", (1, 9, 8), *STUDY, acts=FRESH, start="untrained")
network("zeros", (1, 9, 8), *STUDY, acts=FRESH, start="zeros")
network("untrained-bn", (3, 8, 7), *residual(), *gap_head(), acts=SOME, start="untrained")
network("zeros-bn", (3, 8, 7), *residual(), *gap_head(), acts=SOME, start="zeros")

# The same function from every framework.
network("pair", (1, 10, 9), conv("conv1", 4, pads=1), act("act1", "prelu:channel/module"), conv("conv2", 6, stride=2, pads=1),
        act("act2", "prelu:element/module"), *head(), acts=[None])
network("pair-residual", (3, 8, 7), *residual(eps=0.001), *gap_head(), acts=CHANNEL)

# Inputs.
network("rgb", (3, 9, 8), *STUDY)
network("mlp", (7,), dense("dense1", 6), act("act1"), dense("dense2", 5), act("act2"), dense("dense3", 3))
network("mlp-flatten", (2, 4, 3), flatten(), dense("dense1", 6), act("act1"), dense("dense2", 3))
network("mlp-bn", (7,), dense("dense1", 6, bias=False), bn("bn1"), act("act1"), dense("dense2", 5), bn("bn2"), act("act2"),
        dense("dense3", 3), acts=SOME)
network("mlp-bn-first", (7,), bn("bn1"), dense("dense1", 6, bias=False), act("act1"), dense("dense2", 3, bias=False), acts=CHANNEL)

# Strides and padding.
network("stride", (2, 12, 11), *conv_act(1, 4, stride=2), *conv_act(2, 6, stride=(2, 1)), *head())
network("pads", (2, 9, 8), *conv_act(1, 4, pads=1), *conv_act(2, 6, kernel=(5, 3), pads=[2, 1, 2, 1]), *head())
network("stride-pads", (1, 11, 10), *conv_act(1, 4, stride=2, pads=1), *conv_act(2, 6, stride=2, pads=1), *head())
network("same", (2, 9, 8), *conv_act(1, 4, pads="same"), *conv_act(2, 6, kernel=(4, 2), pads="same"), *head())
network("same-stride", (2, 10, 9), *conv_act(1, 4, stride=2, pads="same"), *conv_act(2, 6, stride=2, pads="same"), *head(), only=KERAS)
network("dilation", (2, 11, 10), *conv_act(1, 4, dilation=2), *conv_act(2, 6, kernel=(3, 2), dilation=(1, 2)), *head(), acts=SOME)
network("kernel1", (3, 6, 5), *conv_act(1, 4, kernel=1), *conv_act(2, 6, kernel=(1, 3)), *head(), acts=SOME)
network("groups", (4, 7, 6), *conv_act(1, 6, groups=2), *conv_act(2, 4, groups=2, bias=False), *head(), acts=SOME)
network("no-bias", (1, 9, 8), *conv_act(1, 4, bias=False), *conv_act(2, 6, bias=False), flatten(), dense("dense", 5, bias=False), acts=SOME)
network("up", (2, 5, 4), *conv_act(1, 4), up("up2", 3, 3, 2), act("act2"), *head(), acts=SOME)
network("no-dense", (2, 8, 7), *conv_act(1, 4), conv("conv2", 3), acts=SOME)

# Batch normalisation.
network("bn", (2, 9, 8), *conv_bn_act(1, 4), *conv_bn_act(2, 6), *head())
network("bn-bias", (2, 9, 8), *conv_bn_act(1, 4, bias=True), *conv_bn_act(2, 6, bias=True), *head())
network("bn-after", (2, 9, 8), conv("conv1", 4), act("act1"), bn("bn1"), conv("conv2", 6), act("act2"), bn("bn2"), *head())
network("bn-first", (3, 9, 8), bn("bn1"), act("act1"), conv("conv1", 4, bias=False), bn("bn2"), act("act2"), conv("conv2", 6), *head(), acts=SOME)
network("bn-plain", (2, 9, 8), conv("conv1", 4), bn("bn1", plain=True), act("act1"), bn("bn2", plain=True), *head(), acts=SOME)
network("bn-eps", (2, 9, 8), *conv_act(1, 4), bn("bn1", eps=0.01), *head(), acts=CHANNEL)

# Blocks.
network("residual", (3, 8, 7), *residual(), *gap_head())
network("residual-identity", (2, 7, 6), *conv_act(1, 4, pads=1), *conv_act(2, 4, pads=1), conv("conv3", 4, pads=1),
        join("add", "add", "act1", "conv3"), act("act3"), *head())
network("preact", (2, 7, 6), conv("conv1", 4, pads=1), bn("bn1"), act("act1"), conv("conv2", 4, pads=1), bn("bn2"), act("act2"),
        conv("conv3", 4, pads=1), join("add", "add", "conv3", "conv1"), bn("bn3"), act("act3"), *gap_head())
network("depthwise", (4, 9, 8), *conv_bn_act(1, 4, stride=2, pads=1, groups=4), *conv_bn_act(2, 6, kernel=1),
        *conv_act(3, 6, pads=1, groups=6), *conv_act(4, 5, kernel=1), *gap_head())
network("depth-multiplier", (3, 7, 6), *conv_act(1, 6, groups=3), *head(), acts=SOME)
network("separable", (3, 8, 7), conv("dw", 3, groups=3, bias=False, then="pw"), conv("pw", 5, 1, before="dw"), act("act1"), *head(), acts=SOME)
network("squeeze-excite", (2, 7, 6), *conv_act(1, 4), layer("gap", "gap", how=""), conv("conv2", 2, 1), act("act2"), conv("conv3", 4, 1),
        act("gate", "sigmoid/module"), join("mul", "mul", "act1", "gate"), *head(), acts=SOME)
network("concat", (2, 8, 7), *conv_act(1, 4), of(conv("conv2", 3, 1), "act1"), act("act2"), of(conv("conv3", 2, pads=1), "act1"), act("act3"),
        of(pool("maxpool", kernel=3, stride=1, pads="same"), "act1"), join("concat", "concat", "act2", "act3", "pool"), conv("conv4", 5),
        act("act4"), *head(), acts=SOME + ELEMENT)
network("dense-block", (2, 6, 5), *conv_act(1, 3, pads=1), join("cat1", "concat", None, "act1"), *conv_act(2, 3, pads=1),
        join("cat2", "concat", "cat1", "act2"), *conv_act(3, 4), *head(), acts=SOME)
network("concat-vectors", (2, 7, 6), *conv_act(1, 4), layer("gap", "gap", how=""), flatten(name="flat1"), of(layer("gmp", "gmp", how=""), "act1"),
        flatten(name="flat2"), join("concat", "concat", "flat1", "flat2"), dense("dense", 5), acts=SOME)
network("branch-ends", (2, 7, 6), *conv_act(1, 4), conv("conv2", 3, pads=1), of(conv("conv3", 3, 3, pads=1), "act1"),
        join("add", "add", "conv2", "conv3"), act("act2"), join("twice", "add", "act2", "act2"), *head(), acts=SOME)
network("tied", (1, 9, 8), conv("conv1", 4), act("act1"), conv("conv2", 4), act("act2", tied="act1"), *head(), acts=["prelu:one/module", "prelu:channel/module"])
network("tied-conv", (2, 7, 6), conv("conv1", 2, pads=1), act("act1"), conv("conv2", 2, pads=1, tied="conv1"), act("act2"), *head(), acts=CHANNEL)

# Pools.
network("maxpool", (2, 11, 10), *conv_act(1, 4), pool("maxpool"), *conv_act(2, 6), *head())
network("avgpool", (2, 11, 10), *conv_act(1, 4), pool("avgpool"), *conv_act(2, 6), *head())
network("maxpool-same", (2, 10, 9), *conv_act(1, 4), pool("maxpool", kernel=3, stride=2, pads="same"), *head(), acts=SOME, only=KERAS)
network("avgpool-same", (2, 10, 9), *conv_act(1, 4), pool("avgpool", kernel=3, stride=2, pads="same"), *head(), acts=SOME, only=KERAS)
network("pool-overlap", (2, 13, 9), pool("maxpool", "pool1", kernel=(3, 2), stride=(2, 1)), *conv_act(1, 4), pool("avgpool", "pool2", kernel=3, stride=1),
        *head(), acts=SOME)
network("maxpool-pads", (2, 10, 9), *conv_act(1, 4), pool("maxpool", kernel=3, stride=2, pads=1), *head(), acts=SOME, only=TORCH)
network("maxpool-ceil", (2, 10, 9), *conv_act(1, 4), pool("maxpool", kernel=2, stride=2, ceil=True), *head(), acts=SOME, only=TORCH)
network("maxpool-dilation", (2, 10, 9), *conv_act(1, 4), pool("maxpool", kernel=2, stride=1, dilation=2), *head(), acts=CHANNEL, only=TORCH)
network("avgpool-pads", (2, 10, 9), *conv_act(1, 4), pool("avgpool", kernel=3, stride=2, pads=1, count=True), *head(), acts=SOME, only=TORCH)
network("avgpool-uncounted", (2, 10, 9), *conv_act(1, 4), pool("avgpool", kernel=3, stride=2, pads=1), *head(), acts=SOME, only=TORCH)
network("avgpool-ceil", (2, 10, 9), *conv_act(1, 4), pool("avgpool", kernel=2, stride=2, ceil=True), *head(), acts=CHANNEL, only=TORCH)
network("gap", (2, 8, 7), *conv_act(1, 4), *conv_act(2, 6), *gap_head())
network("gmp", (2, 8, 7), *conv_act(1, 4), *conv_act(2, 6), *gap_head(kind="gmp"))
network("all-conv", (2, 9, 8), *conv_act(1, 4, stride=2), conv("conv2", 5, 1), layer("gap", "gap", how=""), flatten(), acts=SOME)

# Dropout, and what stands at the end.
network("dropout", (2, 8, 7), *conv_act(1, 4), layer("drop1", "dropout", rate=0.25, maps=True), *conv_act(2, 6), flatten(),
        layer("drop2", "dropout", rate=0.5), dense("hidden", 8), act("act3"), layer("drop3", "dropout", rate=0.5), dense("dense", 5))
network("softmax", (1, 7, 6), *conv_act(1, 4), *head(), layer("end", "softmax", how=""), acts=SOME)
network("logsoftmax", (1, 7, 6), *conv_act(1, 4), *head(), layer("end", "logsoftmax", how=""), acts=SOME)
network("sigmoid", (1, 7, 6), *conv_act(1, 4), *head(1), act("end", "sigmoid/module"), acts=SOME)
network("act-last", (1, 7, 6), conv("conv1", 4), act("act1"), flatten(), acts=SOME)
network("flatten-act", (1, 7, 6), conv("conv1", 4), flatten(), act("act1"), dense("dense", 5), acts=ACTS)
