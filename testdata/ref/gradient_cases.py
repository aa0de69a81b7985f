"""The networks of golden_gradients.py, in gonn's terms, and the values that they are given.

NumPy only. A network has inputs (shapes of one sample by name), layers as those of
layer_cases.py with a name and, where it is not the layer before, what they read ("in"),
outputs, inner layers that are seeded with a gradient as the outputs are, and the seed of
its random values, one of those that keep sums from cancelling.
"""

import numpy as np

import layer_cases
from layer_cases import UNIT


def layer(name, kind, *reads, **settings):
    return {"name": name, "kind": kind, "settings": settings, **({"in": list(reads)} if reads else {})}


def conv(name, out, kernel, *reads, pad=0, **settings):
    if pad:
        settings["Pads"] = [pad] * 4
    return layer(name, "Conv", *reads, Out=out, Kernel=[kernel, kernel], **settings)


def norm(name, *reads):
    return layer(name, "BatchNorm", *reads)


def act(name, spelled, *reads):
    return layer(name, "Activation", *reads, Spelled=spelled)


# A convolution before a BatchNorm has no bias: in training its gradient would be 0 but
# for rounding.
NETWORKS = {
    "chain": {
        "seed": 5, "batch": 18,
        "inputs": {"input": [1, 4, 5]},
        "layers": [
            conv("conv", 3, 3, "input", NoBias=True), norm("bn"), act("act", "prelu:channel"),
            layer("pool", "MaxPool", Kernel=[2, 2], Stride=[1, 1]),
            layer("flatten", "Flatten"), layer("dropout", "Dropout", Rate=0.3), layer("dense", "Dense", Out=4),
        ],
        "outputs": ["dense"],
        "inner": ["bn"],
    },
    # Two residual blocks, the second with a shortcut of its own.
    "residual": {
        "seed": 30, "batch": 5,
        "inputs": {"input": [1, 4, 4]},
        "layers": [
            conv("conv1", 2, 3, "input", pad=1),
            conv("conv2", 2, 3, pad=1, NoBias=True), norm("bn2"), act("act2", "relu"),
            conv("conv3", 2, 3, pad=1, NoBias=True), norm("bn3"),
            layer("add1", "Add", "bn3", "conv1"), act("act3", "mish"),
            conv("conv4", 3, 3, pad=1, Stride=[2, 2], NoBias=True), norm("bn4"), act("act4", "relu"),
            conv("conv5", 3, 3, pad=1, NoBias=True), norm("bn5"),
            conv("conv6", 3, 1, "act3", Stride=[2, 2], NoBias=True), norm("bn6"),
            layer("add2", "Add", "bn5", "bn6"), act("act5", "mish"),
            layer("gap", "GlobalAveragePool"), layer("flatten", "Flatten"), layer("dense", "Dense", Out=3),
        ],
        "outputs": ["dense"],
        "inner": ["add1"],
    },
    # A branch whose channels are scaled by a gate, and one through a smaller map.
    "branches": {
        "seed": 49, "batch": 5,
        "inputs": {"input": [2, 4, 4]},
        "layers": [
            conv("conv1", 3, 3, "input", pad=1, NoBias=True), norm("bn1"), act("act1", "mish"),
            conv("depthwise", 3, 3, pad=1, Groups=3),
            layer("gap", "GlobalAveragePool"), conv("squeeze", 3, 1), act("gate", "sigmoid"),
            layer("mul", "Mul", "depthwise", "gate"),
            layer("pool", "AveragePool", "act1", Kernel=[2, 2]),
            layer("up", "ConvTranspose", Out=2, Kernel=[2, 2], Stride=[2, 2]),
            layer("concat", "Concat", "mul", "up"), conv("conv2", 2, 3),
            layer("flatten", "Flatten"), layer("dense", "Dense", Out=3),
        ],
        "outputs": ["dense"],
        "inner": ["up"],
    },
    # Two inputs of different shapes, and outputs at two depths.
    "joined": {
        "seed": 25, "batch": 5,
        "inputs": {"left": [1, 4, 4], "right": [1, 6, 6]},
        "layers": [
            conv("conv1", 2, 3, "left", pad=1, NoBias=True), norm("bn1"), act("act1", "relu"),
            conv("conv2", 2, 3, "right"), act("act2", "tanh"),
            layer("concat", "Concat", "act1", "act2"),
            layer("gap", "GlobalAveragePool"), layer("flatten1", "Flatten"), layer("shallow", "Dense", Out=3),
            conv("conv3", 3, 3, "concat", NoBias=True), norm("bn3"), act("act3", "mish"),
            layer("flatten2", "Flatten"), layer("deep", "Dense", Out=4),
        ],
        "outputs": ["shallow", "deep"],
        "inner": ["conv2"],
    },
}


def reads(network, i):
    """Names of the layers and inputs that layer i reads."""
    layers = network["layers"]
    return layers[i].get("in") or [layers[i - 1]["name"]]


def shapes(network):
    """The shape of every input and every layer's result, for one sample, by name."""
    out = {name: list(shape) for name, shape in network["inputs"].items()}
    for i, l in enumerate(network["layers"]):
        out[l["name"]] = layer_cases.layer_shape(l, [out[n] for n in reads(network, i)])
    return out


def seeded(network):
    """The layers at whose outputs a gradient is given."""
    return network["outputs"] + network["inner"]


def values(name):
    """Given values as int8: x/<input>, seed/<layer>, param/<name>."""
    network = NETWORKS[name]
    rng, at = np.random.default_rng(network["seed"]), shapes(network)
    quantised = lambda v: np.clip(np.round(v / UNIT), -127, 127).astype(np.int8)
    batch = network["batch"]
    given = {f"x/{n}": quantised(rng.normal(0, 0.8, (batch, *shape))) for n, shape in network["inputs"].items()}
    given |= {f"seed/{n}": quantised(rng.normal(0, 0.8, (batch, *at[n]))) for n in seeded(network)}
    for i, l in enumerate(network["layers"]):
        inputs = [at[n] for n in reads(network, i)]
        for part, shape in layer_cases.layer_parameters(l, inputs).items():
            if len(shape) > 1:
                v = rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape)
            elif part == "running_var" or part == "weight":
                v = rng.uniform(0.5, 1.5, shape)
            else:
                v = rng.normal(0, 0.3, shape)
            given[f"param/{l['name']}.{part}"] = quantised(v)
    return given
