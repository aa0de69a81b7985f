"""gonn's presets (nn/preset), described as networks.py describes networks. NumPy only."""

from networks import act, conv, layer

CLASSES = 10

# The samples that each is measured with: those of MNIST, or colour pictures of CIFAR's size.
SHAPES = {
    "study": (1, 28, 28), "mlp": (1, 28, 28), "lenet5": (1, 28, 28),
    "vgg8": (3, 32, 32), "resnet20": (3, 32, 32), "mobilenet-small": (3, 32, 32),
}


def norm(name):
    """A batch normalisation as in Keras, which gonn's presets have by default."""
    return layer(name, "bn", eps=1e-3)


def study(a):
    return [
        conv("conv1", 8, 7, bias=True), act("act1", a), conv("conv2", 8, 5, bias=True), act("act2", a),
        layer("flatten", "flatten"), layer("dense", "dense", out=CLASSES),
    ]


def mlp(a):
    return [
        layer("flatten", "flatten"), layer("dense1", "dense", out=128), act("act", a),
        layer("dense2", "dense", out=CLASSES),
    ]


def lenet5(a):
    return [
        conv("conv1", 6, 5, pad=2, bias=True), act("act1", a), layer("pool1", "avgpool"),
        conv("conv2", 16, 5, bias=True), act("act2", a), layer("pool2", "avgpool"), layer("flatten", "flatten"),
        layer("dense1", "dense", out=120), act("act3", a), layer("dense2", "dense", out=84), act("act4", a),
        layer("dense3", "dense", out=CLASSES),
    ]


def vgg8(a):
    layers = []
    for i, out in enumerate([32, 32, 64, 64, 128, 128], 1):
        layers += [conv(f"conv{i}", out, 3, pad=1), norm(f"bn{i}"), act(f"act{i}", a)]
        if i % 2 == 0:
            layers.append(layer(f"pool{i // 2}", "maxpool"))
    return layers + [
        layer("flatten", "flatten"), layer("dense1", "dense", out=256), act("act7", a),
        layer("dense2", "dense", out=CLASSES),
    ]


def resnet20(a):
    layers, before = [conv("conv1", 16, 3, pad=1), norm("bn1"), act("act1", a)], "act1"
    for i in range(9):
        block, out, stride = f"block{i + 1}", 16 << i // 3, 2 if i in (3, 6) else 1
        past = before
        layers += [
            conv(f"{block}.conv1", out, 3, stride, 1, **{"in": [before]}), norm(f"{block}.bn1"), act(f"{block}.act1", a),
            conv(f"{block}.conv2", out, 3, pad=1), norm(f"{block}.bn2"),
        ]
        if stride > 1:
            past = f"{block}.bn3"
            layers += [conv(f"{block}.conv3", out, 1, stride, **{"in": [before]}), norm(past)]
        before = f"{block}.act2"
        layers += [layer(f"{block}.add", "add", **{"in": [f"{block}.bn2", past]}), act(before, a)]
    return layers + [layer("pool", "gap"), layer("flatten", "flatten"), layer("dense", "dense", out=CLASSES)]


def mobilenet_small(a):
    layers, channels, n = [], 3, 0

    def add(out, kernel, **more):
        nonlocal n
        n += 1
        layers.extend([conv(f"conv{n}", out, kernel, **more), norm(f"bn{n}"), act(f"act{n}", a)])

    add(16, 3, pad=1)
    channels = 16
    for out, stride in [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1)]:
        add(channels, 3, stride=stride, pad=1, groups=channels)
        add(out, 1)
        channels = out
    return layers + [layer("pool", "gap"), layer("flatten", "flatten"), layer("dense", "dense", out=CLASSES)]


PRESETS = {
    "study": study, "mlp": mlp, "lenet5": lenet5, "vgg8": vgg8, "resnet20": resnet20,
    "mobilenet-small": mobilenet_small,
}
