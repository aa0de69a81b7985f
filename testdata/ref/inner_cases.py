"""The networks of golden_inner.py, described once for PyTorch and Keras as those of plant_networks.py, but small. NumPy only."""

import numpy as np

from networks import act, layer
from plant_networks import FLATTEN, block, conv, dense, pool

# Activations end to end, as gonn spells them, a convolution in front of each; the first of a chain come as maps of (2, 6, 5).
EVERYWHERE = {
    "learned": ["prelu:one", "prelu:channel", "prelu:element", "swish-beta:one", "swish-beta:channel", "swish-beta:element"],
    "rectifiers": ["relu", "leaky:0.01", "leaky:-0.5", "elu", "elu:0.5", "selu", "relu6"],
    "smooth": ["swish", "mish", "gelu-tanh", "softplus", "softsign"],
    "bounded": ["hardsigmoid", "hardswish", "sigmoid", "tanh", "logsigmoid", "linear"],
}
CHAINS = {  # by exporter
    "torchscript": EVERYWHERE | {"continuous": ["celu", "celu:0.5", "gelu", "softplus:0.5"]},
    "dynamo": {f"{name}-dynamo": acts for name, acts in EVERYWHERE.items()} | {"rest-dynamo": ["celu", "celu:0.5", "gelu", "softplus:0.5", "thresholded-relu:0.5"]},
    "tf2onnx": EVERYWHERE | {"thresholded": ["thresholded-relu", "tanh"]},  # its gelu and celu are no ONNX
    "jax2onnx": {"continuous-jax": ["celu", "celu:0.5", "gelu", "gelu-tanh"], "bounded-jax": EVERYWHERE["bounded"]},
}


def chain(acts):
    """A network of the activations, whose maps have 3 and 4 channels in turn."""
    found = []
    for i, spelled in enumerate(acts, 1):
        found += [conv(f"conv{i}", 4 - i % 2, 3, pad=1, bias=True), act(f"act{i}", spelled)]
    return [*found, FLATTEN, dense("dense", 5)]


def alive(rng, shape, inputs):
    """float32 weights under which values are spread over both sides of every kink; inputs: of one output, 0 for a bias."""
    return rng.normal(0, 1.6 / np.sqrt(inputs) if inputs else 0.8, shape).astype(np.float32)


def study():
    return [conv("conv1", 4, 7, bias=True), act("act1", "prelu:element"), conv("conv2", 4, 5, bias=True), act("act2", "swish-beta:one"), FLATTEN, dense("dense", 10)]


def lenet5():
    return [conv("conv1", 4, 5, pad=2, bias=True), act("act1", "tanh"), pool("pool1", "avgpool"), conv("conv2", 6, 3, bias=True), act("act2", "prelu:channel"),
            pool("pool2", "maxpool"), FLATTEN, dense("dense1", 16), act("act3", "leaky:0.1"), dense("dense2", 10), layer("softmax", "softmax")]


def vgg8():
    acts, features = ["prelu:channel", "mish", "relu", "leaky:0.1", "elu", "prelu:one"], []
    for i, out in enumerate([4, 4, 6, 6, 8, 8], 1):
        features += [conv(f"conv{i}", out, 3, pad=1), layer(f"bn{i}", "bn"), act(f"act{i}", acts[i - 1])]
        if i % 2 == 0:
            features.append(pool(f"pool{i // 2}", "maxpool"))
    return [block("features", *features), FLATTEN, block("classifier", dense("dense1", 12), act("act7", "relu"), dense("dense2", 10))]


def residual():
    """The sum of block1 is a layer of its own, that of block2 is in the block's forward, which no hook sees in PyTorch."""
    def rest(name, add, out, stride, shortcut):
        side = [conv("conv3", out, 1, stride, **{"in": [None]}), layer("bn3", "bn")] if shortcut else []
        return block(name, conv("conv1", out, 3, stride, 1), layer("bn1", "bn"), act("act1", "prelu:channel"), conv("conv2", out, 3, pad=1), layer("bn2", "bn"),
                     *side, layer("add", add, **{"in": ["bn2", "bn3" if shortcut else None]}), act("act2", "prelu:channel"))

    return [conv("conv1", 4, 3, pad=1), layer("bn1", "bn"), act("act1", "mish"), rest("block1", "add", 4, 1, False), rest("block2", "plus", 6, 2, True),
            layer("pool", "gap"), FLATTEN, dense("dense", 10)]


def depthwise():
    def separable(name, out, stride, pad, first, second):
        return block(name, conv("depthwise", None, 3, stride, pad, deep=True), layer("bn1", "bn"), act("act1", first), conv("pointwise", out, 1),
                     layer("bn2", "bn"), act("act2", second))

    return [conv("conv1", 4, 3, 1, 1), layer("bn1", "bn"), act("act1", "swish"), separable("block1", 6, 2, "end", "leaky:0.1", "prelu:channel"),
            separable("block2", 6, 1, 1, "relu", "hardswish"), layer("pool", "gap"), FLATTEN, dense("dense", 10)]


GREY, COLOUR = (1, 14, 14), (3, 12, 12)
# By name: the size of the pictures, and the layers.
NETWORKS = {"study": (GREY, study()), "lenet5": (GREY, lenet5()), "vgg8": (COLOUR, vgg8()), "residual": (COLOUR, residual()), "depthwise": (COLOUR, depthwise())}
MAP = (2, 6, 5)
