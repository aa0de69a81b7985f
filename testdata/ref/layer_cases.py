"""The cases of golden_layers.py, in gonn's terms, and the values that they are given.

NumPy only. Shapes are those of one sample, (C, H, W) or (N); pads are top, left,
bottom, right. "same" marks layers that Keras pads by itself: Pads must be what it does.
"""

import zlib

import numpy as np

BOTH = ["pytorch", "keras"]
UNIT = 1 / 64  # given values are int8 in this unit, so that they are exact in every type

CASES = []


def case(name, layers, inputs, batch, frameworks=BOTH, same=False, spread=96):
    """Adds a case. spread bounds the given values, in units."""
    if not isinstance(layers, list):
        layers = [layers]
    CASES.append({"name": name, "layers": layers, "inputs": [list(i) for i in inputs], "batch": batch,
                  "frameworks": frameworks, "same": same, "spread": spread})


def layer(kind, **settings):
    return {"kind": kind, "settings": settings}


TORCH, KERAS = ["pytorch"], ["keras"]

# Layers that were there before.
case("conv", layer("Conv", Out=3, Kernel=[3, 2], Pads=[1, 1, 1, 1], Stride=[2, 1]), [(2, 7, 5)], 17, TORCH)
case("conv", layer("Conv", Out=3, Kernel=[3, 2], Stride=[2, 1]), [(2, 7, 5)], 17, KERAS)
case("conv-same", layer("Conv", Out=2, Kernel=[4, 3], Stride=[3, 2], Pads=[0, 1, 1, 1]), [(2, 6, 5)], 17, KERAS, same=True)
case("conv-dilation", layer("Conv", Out=2, Kernel=[3, 2], Dilation=[2, 3]), [(2, 7, 6)], 3)
case("conv-groups", layer("Conv", Out=6, Kernel=[2, 3], Groups=2, NoBias=True), [(4, 4, 5)], 3, TORCH)
case("depthwise", layer("Conv", Out=3, Kernel=[3, 3], Groups=3, Pads=[1, 1, 1, 1]), [(3, 5, 4)], 17, TORCH)
case("depthwise", layer("Conv", Out=6, Kernel=[3, 3], Groups=3, Pads=[1, 1, 1, 1]), [(3, 5, 4)], 17, KERAS, same=True)
case("separable", [layer("Conv", Out=3, Kernel=[3, 3], Groups=3, NoBias=True),
                   layer("Conv", Out=4, Kernel=[1, 1])], [(3, 5, 5)], 17, TORCH)
case("separable", [layer("Conv", Out=6, Kernel=[3, 3], Groups=3, NoBias=True),
                   layer("Conv", Out=4, Kernel=[1, 1])], [(3, 5, 5)], 17, KERAS)
case("dense", layer("Dense", Out=5), [(7,)], 33)
case("flatten-dense", [layer("Flatten"), layer("Dense", Out=3)], [(2, 3, 4)], 17)
case("softmax", layer("Softmax"), [(5,)], 33)
case("softmax-map", layer("Softmax"), [(3, 2, 3)], 17)
case("logsoftmax", layer("LogSoftmax"), [(5,)], 33)
case("logsoftmax-map", layer("LogSoftmax"), [(3, 2, 3)], 17)

# Pooling.
case("maxpool", layer("MaxPool", Kernel=[2, 2]), [(2, 5, 7)], 17)
case("maxpool-one", layer("MaxPool", Kernel=[3, 3], Stride=[2, 2]), [(3, 7, 9)], 1)
case("maxpool-stride3", layer("MaxPool", Kernel=[2, 3], Stride=[3, 1]), [(2, 8, 5)], 3)
case("maxpool-ties", layer("MaxPool", Kernel=[3, 3], Stride=[1, 1]), [(2, 6, 5)], 17, spread=2)
case("maxpool-pads", layer("MaxPool", Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1]), [(2, 5, 7)], 17, TORCH)
case("maxpool-dilation", layer("MaxPool", Kernel=[2, 3], Stride=[2, 1], Dilation=[3, 2], Pads=[1, 0, 1, 0]), [(2, 7, 6)], 3, TORCH)
case("maxpool-ceil", layer("MaxPool", Kernel=[3, 3], Stride=[2, 2], Ceil=True), [(2, 6, 8)], 17, TORCH)
case("maxpool-ceil-pads", layer("MaxPool", Kernel=[2, 2], Stride=[2, 2], Pads=[1, 1, 1, 1], Ceil=True), [(1, 5, 4)], 33, TORCH)
case("maxpool-same", layer("MaxPool", Kernel=[3, 3], Stride=[2, 2], Pads=[0, 1, 1, 1]), [(2, 6, 7)], 17, KERAS, same=True)
case("maxpool-same-stride1", layer("MaxPool", Kernel=[2, 4], Stride=[1, 1], Pads=[0, 1, 1, 2]), [(2, 4, 5)], 3, KERAS, same=True)
case("averagepool", layer("AveragePool", Kernel=[2, 2]), [(2, 5, 7)], 17)
case("averagepool-stride3", layer("AveragePool", Kernel=[3, 2], Stride=[1, 3]), [(2, 5, 8)], 3)
case("averagepool-pads", layer("AveragePool", Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1], CountPads=True), [(2, 5, 7)], 17, TORCH)
case("averagepool-pads-uncounted", layer("AveragePool", Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1]), [(2, 5, 7)], 17, TORCH)
case("averagepool-ceil", layer("AveragePool", Kernel=[3, 2], Stride=[2, 2], Ceil=True), [(2, 6, 5)], 17, TORCH)
case("averagepool-ceil-pads", layer("AveragePool", Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1], Ceil=True, CountPads=True), [(2, 4, 6)], 17, TORCH)
case("averagepool-ceil-uncounted", layer("AveragePool", Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1], Ceil=True), [(2, 4, 6)], 3, TORCH)
case("averagepool-ceil-dropped", layer("AveragePool", Kernel=[2, 2], Stride=[2, 2], Pads=[1, 1, 1, 1], Ceil=True, CountPads=True), [(1, 5, 4)], 3, TORCH)
case("averagepool-same", layer("AveragePool", Kernel=[3, 2], Stride=[2, 2], Pads=[0, 0, 1, 1]), [(2, 6, 5)], 17, KERAS, same=True)
case("globalaverage", layer("GlobalAveragePool"), [(3, 5, 4)], 17)
case("globalaverage-flat", [layer("GlobalAveragePool"), layer("Flatten")], [(3, 3, 5)], 3)
case("globalmax", layer("GlobalMaxPool"), [(3, 5, 4)], 17, TORCH, spread=3)
case("globalmax", layer("GlobalMaxPool", Ties=1), [(3, 5, 4)], 17, KERAS, spread=3)

# Joins.
case("add", layer("Add"), [(2, 3, 4), (2, 3, 4)], 17)
case("add-three", layer("Add"), [(5,), (5,), (5,)], 33)
case("add-channels", layer("Add"), [(3, 2, 4), (3, 1, 1)], 17)
case("mul", layer("Mul"), [(2, 3, 4), (2, 3, 4)], 17)
case("mul-channels", layer("Mul"), [(3, 4, 3), (3, 1, 1)], 17)
case("concat", layer("Concat"), [(2, 3, 3), (1, 3, 3), (3, 3, 3)], 17)
case("concat-vectors", layer("Concat"), [(4,), (3,)], 33)
case("pad", layer("Pad", Pads=[1, 0, 2, 3]), [(2, 3, 4)], 17)
case("pad-value", layer("Pad", Pads=[2, 1, 0, 1], Value=-1.5), [(2, 3, 4)], 3, TORCH)

# Transposed convolution.
case("convtranspose", layer("ConvTranspose", Out=3, Kernel=[3, 2], Stride=[2, 1]), [(2, 4, 3)], 17)
case("convtranspose-stride3", layer("ConvTranspose", Out=2, Kernel=[2, 2], Stride=[3, 3], OutputPad=[2, 0]), [(2, 3, 2)], 3, TORCH)
case("convtranspose-outputpad", layer("ConvTranspose", Out=2, Kernel=[3, 3], Stride=[2, 2], Pads=[1, 1, 1, 1], OutputPad=[1, 1]), [(3, 3, 2)], 17, TORCH)
case("convtranspose-groups", layer("ConvTranspose", Out=4, Kernel=[2, 3], Stride=[2, 2], Groups=2, NoBias=True), [(4, 2, 3)], 3, TORCH)
case("convtranspose-dilation", layer("ConvTranspose", Out=2, Kernel=[2, 3], Dilation=[2, 2], Pads=[1, 2, 1, 2]), [(2, 4, 3)], 17, TORCH)
case("convtranspose-same", layer("ConvTranspose", Out=2, Kernel=[3, 3], Stride=[2, 2], Pads=[0, 0, 1, 1]), [(3, 3, 2)], 17, KERAS, same=True)
case("convtranspose-same-even", layer("ConvTranspose", Out=2, Kernel=[4, 2], Stride=[2, 3], Pads=[1, 0, 1, 0], OutputPad=[0, 1]), [(2, 3, 2)], 3, KERAS, same=True)


def layer_parameters(l, inputs):
    """Shape of each parameter of a layer that reads inputs of these shapes."""
    s, kind, channels = l["settings"], l["kind"], inputs[0][0]
    match kind:
        case "Conv":
            shapes = {"weight": [s["Out"], channels // s.get("Groups", 1), *s["Kernel"]]}
        case "ConvTranspose":
            shapes = {"weight": [channels, s["Out"] // s.get("Groups", 1), *s["Kernel"]]}
        case "Dense":
            shapes = {"weight": [s["Out"], channels]}
        case "BatchNorm":
            return {name: [channels] for name in ("weight", "bias", "running_mean", "running_var")}
        case "Activation":
            return {"alpha": [channels]} if s["Spelled"] == "prelu:channel" else {}
        case _:
            return {}
    return shapes if s.get("NoBias") else shapes | {"bias": [s["Out"]]}


def layer_shape(l, inputs):
    """Shape of a layer's result, for one sample."""
    s, kind, shape = l["settings"], l["kind"], list(inputs[0])
    pads, stride = s.get("Pads", [0] * 4), s.get("Stride", [0, 0])
    dilation, more = s.get("Dilation", [1, 1]), s.get("OutputPad", [0, 0])
    if kind in ("Conv", "MaxPool", "AveragePool"):
        for i in range(2):
            step = stride[i] or (1 if kind == "Conv" else s["Kernel"][i])
            room = shape[1 + i] + pads[i] + pads[i + 2] - dilation[i] * (s["Kernel"][i] - 1) - 1
            out = room // step + 1
            if s.get("Ceil") and room % step and out * step < shape[1 + i] + pads[i]:
                out += 1
            shape[1 + i] = out
    elif kind == "ConvTranspose":
        for i in range(2):
            shape[1 + i] = ((shape[1 + i] - 1) * max(stride[i], 1) - pads[i] - pads[i + 2]
                            + dilation[i] * (s["Kernel"][i] - 1) + 1 + more[i])
    elif kind == "Pad":
        shape = [shape[0], shape[1] + pads[0] + pads[2], shape[2] + pads[1] + pads[3]]
    elif kind == "Flatten":
        shape = [int(np.prod(shape))]
    elif kind.startswith("Global"):
        shape = [shape[0], 1, 1]
    elif kind == "Concat":
        shape[0] = sum(i[0] for i in inputs)
    shape[0] = s.get("Out", shape[0])
    return shape


def parameter_shapes(case):
    """Shape of every parameter, by "<index of the layer>.<name>"."""
    shapes, inputs = {}, case["inputs"]
    for i, l in enumerate(case["layers"]):
        shapes |= {f"{i}.{name}": shape for name, shape in layer_parameters(l, inputs).items()}
        inputs = [layer_shape(l, inputs)]
    return shapes


def output_shape(case):
    """Shape of the result of one sample."""
    inputs = case["inputs"]
    for l in case["layers"]:
        inputs = [layer_shape(l, inputs)]
    return inputs[0]


def values(case):
    """Given values as int8, from the name alone: x0, x1, …, dy, param/<name>."""
    rng = np.random.default_rng(zlib.crc32(case["name"].encode()))
    draw = lambda *shape: rng.integers(-case["spread"], case["spread"], shape, np.int8, endpoint=True)
    given = {f"x{i}": draw(case["batch"], *shape) for i, shape in enumerate(case["inputs"])}
    given["dy"] = draw(case["batch"], *output_shape(case))
    for name, shape in parameter_shapes(case).items():
        given[f"param/{name}"] = draw(*shape)
    return given
