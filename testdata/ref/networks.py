"""Small whole networks of the goldens, described once for PyTorch, Keras and gonn.

A network is a list of layers: name, kind, and what the kind needs. "in" names the layers
it reads; without it, that is the layer before. Tensors and shapes are gonn's: C, H, W.
NumPy only.
"""

import numpy as np


def conv(name, out, kernel, stride=1, pad=0, groups=1, bias=False, **more):
    return {"name": name, "kind": "conv", "out": out, "kernel": kernel, "stride": stride, "pad": pad,
            "groups": groups, "bias": bias, **more}


def layer(name, kind, **more):
    return {"name": name, "kind": kind, **more}


def act(name, spelled, **more):
    return layer(name, "act", act=spelled, **more)


# Two residual blocks with batch normalisation, the second with a shortcut of its own.
RESIDUAL = [
    conv("conv1", 6, 3, pad=1), layer("bn1", "bn"), act("act1", "prelu:channel"),
    conv("conv2", 6, 3, pad=1), layer("bn2", "bn"), act("act2", "prelu:channel"),
    conv("conv3", 6, 3, pad=1), layer("bn3", "bn"),
    layer("add1", "add", **{"in": ["bn3", "act1"]}), act("act3", "prelu:channel"),
    conv("conv4", 8, 3, stride=2, pad=1), layer("bn4", "bn"), act("act4", "mish"),
    conv("conv5", 8, 3, pad=1), layer("bn5", "bn"),
    conv("conv6", 8, 1, stride=2, **{"in": ["act3"]}), layer("bn6", "bn"),
    layer("add2", "add", **{"in": ["bn5", "bn6"]}), act("act5", "mish"),
    layer("pool", "gap"), layer("flatten", "flatten"), layer("dense", "dense", out=5),
]

# Depthwise and pointwise convolutions, as in MobileNet.
DEPTHWISE = [
    conv("conv1", 8, 3, stride=2, pad=1), layer("bn1", "bn"), act("act1", "swish"),
    conv("conv2", 8, 3, pad=1, groups=8), layer("bn2", "bn"), act("act2", "leaky:0.1"),
    conv("conv3", 12, 1), layer("bn3", "bn"), act("act3", "mish"),
    conv("conv4", 12, 5, stride=2, pad=2, groups=12, bias=True), conv("conv5", 10, 1, bias=True), act("act4", "swish"),
    layer("flatten", "flatten"), layer("dense", "dense", out=5),
]

# Batch normalisation of a map, and of a vector. What comes before one has no bias: its
# gradient would be 0 but for rounding, which Adam makes steps of.
NORM_MAP = [
    conv("conv1", 5, 3, stride=3), layer("bn1", "bn"), act("act1", "mish"),
    layer("flatten", "flatten"), layer("dense", "dense", out=5),
]
NORM_VECTOR = [
    layer("flatten", "flatten"), layer("hidden", "dense", out=7, bias=False), layer("bn1", "bn"), act("act1", "swish"),
    layer("dense", "dense", out=5),
]

# Name: shape of the input, layers, batch. A block of gonn's has 16 samples.
NETWORKS = {
    "residual": ((2, 11, 9), RESIDUAL, 33),
    "depthwise": ((3, 10, 13), DEPTHWISE, 33),
    "norm-map": ((2, 7, 9), NORM_MAP, 1),
    "norm-vector": ((2, 3, 4), NORM_VECTOR, 17),
}
CLASSES = 5
STEPS = 10


def inputs(layers, i):
    """Names of the layers that layer i reads; None is the network's input."""
    return layers[i].get("in") or [layers[i - 1]["name"] if i else None]


def shapes(input_shape, layers):
    """The shape of every layer's result by name."""
    out = {None: tuple(input_shape)}
    for i, l in enumerate(layers):
        x = out[inputs(layers, i)[0]]
        if l["kind"] == "conv":
            size = [(s + 2 * l["pad"] - l["kernel"]) // l["stride"] + 1 for s in x[1:]]
            x = (l["out"], *size)
        elif l["kind"] in ("avgpool", "maxpool"):  # 2×2, with what is left at the edge
            x = (x[0], -(-x[1] // 2), -(-x[2] // 2))
        elif l["kind"] == "gap":
            x = (x[0], 1, 1)
        elif l["kind"] == "flatten":
            x = (int(np.prod(x)),)
        elif l["kind"] == "dense":
            x = (l["out"],)
        out[l["name"]] = x
    return out


def start(name):
    """Start values of all parameters by gonn's names, and the eleven batches."""
    rng = np.random.default_rng(sum(name.encode()))
    input_shape, layers, batch = NETWORKS[name]
    shape = shapes(input_shape, layers)
    params = {}

    def put(key, values):
        params[key] = np.asarray(values, np.float32)

    for i, l in enumerate(layers):
        x, n = shape[inputs(layers, i)[0]], l["name"]
        if l["kind"] == "conv":
            fan = x[0] // l["groups"] * l["kernel"] ** 2
            put(f"{n}.weight", rng.normal(0, (2 / fan) ** 0.5, (l["out"], x[0] // l["groups"], l["kernel"], l["kernel"])))
            if l["bias"]:
                put(f"{n}.bias", rng.normal(0, 0.1, l["out"]))
        elif l["kind"] == "dense":
            put(f"{n}.weight", rng.normal(0, x[0] ** -0.5, (l["out"], x[0])))
            if l.get("bias", True):
                put(f"{n}.bias", rng.normal(0, 0.1, l["out"]))
        elif l["kind"] == "bn":
            put(f"{n}.weight", rng.uniform(0.5, 1.5, x[0]))
            put(f"{n}.bias", rng.normal(0, 0.3, x[0]))
            put(f"{n}.running_mean", rng.normal(0, 0.3, x[0]))
            put(f"{n}.running_var", rng.uniform(0.5, 1.5, x[0]))
        elif l.get("act") == "prelu:channel":
            put(f"{n}.alpha", rng.normal(0, 0.3, x[0]))
    batches = []
    for _ in range(STEPS + 1):
        labels = rng.integers(0, CLASSES, batch)
        images = rng.normal(0, 1, (batch, *input_shape)) + labels[:, None, None, None] * 0.2 - 0.4
        batches.append((unpack(pack(images)), labels))
    return params, batches


def pack(images):
    """Images as bytes, to be small in a file."""
    return np.clip(np.round(images * 32) + 128, 0, 255).astype(np.uint8)


def unpack(pixels):
    """The float32 images that bytes stand for: (p − 128)/32."""
    return (pixels.astype(np.float32) - 128) / 32
