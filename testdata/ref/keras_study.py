"""The study's network in Keras, and the way between its layout and the canonical one."""

import keras


class SwishBeta(keras.layers.Layer):
    """x·σ(βx) with β learned: one, one per channel of NHWC maps, or 0 for one per element."""

    def __init__(self, betas, **kwargs):
        super().__init__(**kwargs)
        self.betas = betas

    def build(self, shape):
        self.beta = self.add_weight(name="beta", shape=(self.betas,) if self.betas else shape[1:], initializer="ones")

    def call(self, x):
        return x * keras.ops.sigmoid(self.beta * x)


def leaky(slope, name):
    """The LeakyReLU layer; it refuses negative slopes, the function takes them."""
    if slope >= 0:
        return keras.layers.LeakyReLU(negative_slope=slope, name=name)
    return keras.layers.Activation(lambda x: keras.ops.leaky_relu(x, slope), name=name)


# Those without settings, by gonn's names.
FUNCTIONS = {"swish": "silu", "mish": "mish", "hardswish": "hard_silu", "hardsigmoid": "hard_sigmoid", "sigmoid": "sigmoid", "tanh": "tanh", "softplus": "softplus",
             "softsign": "softsign", "logsigmoid": "log_sigmoid", "selu": "selu", "linear": "linear"}


def activation(spelling, name):
    """A Keras layer for gonn's spelling of an activation."""
    kind, _, value = spelling.partition(":")
    if kind == "leaky":
        return leaky(float(value), name)
    if kind in FUNCTIONS and not value:
        return keras.layers.Activation(getattr(keras.activations, FUNCTIONS[kind]), name=name)
    return {
        "prelu:one": lambda: keras.layers.PReLU(shared_axes=[1, 2, 3], name=name),
        "prelu:channel": lambda: keras.layers.PReLU(shared_axes=[1, 2], name=name),
        "prelu:element": lambda: keras.layers.PReLU(name=name),
        "relu": lambda: keras.layers.ReLU(name=name),
        "relu6": lambda: keras.layers.ReLU(max_value=6, name=name),
        "thresholded-relu": lambda: keras.layers.ReLU(threshold=1, name=name),
        "elu": lambda: keras.layers.ELU(float(value or 1), name=name),
        "celu": lambda: keras.layers.Activation(lambda x: keras.activations.celu(x, float(value or 1)), name=name),
        "gelu": lambda: keras.layers.Activation(lambda x: keras.activations.gelu(x, approximate=False), name=name),
        "gelu-tanh": lambda: keras.layers.Activation(lambda x: keras.activations.gelu(x, approximate=True), name=name),
        "swish-beta": lambda: SwishBeta(1, name=name),
        "swish-beta:channel": lambda: SwishBeta(8, name=name),
        "swish-beta:element": lambda: SwishBeta(0, name=name),
    }[spelling if kind in ("prelu", "swish-beta") else kind]()


def network(spelling):
    """conv1, act1, conv2, act2, flatten, dense as one keras.Sequential."""
    return keras.Sequential([
        keras.Input((28, 28, 1), name="input"),
        keras.layers.Conv2D(8, 7, name="conv1"),
        activation(spelling, "act1"),
        keras.layers.Conv2D(8, 5, name="conv2"),
        activation(spelling, "act2"),
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(10, name="dense"),
    ])


def variables(model):
    """Canonical name → Keras variable: conv1/kernel is conv1.weight here."""
    return {f"{layer.name}.{v.name.replace('kernel', 'weight')}": v
            for layer in model.layers for v in layer.trainable_variables}


def canonical(name, value):
    """A Keras tensor in gonn's layout."""
    if name == "dense.weight":  # rows in H,W,C order, [in,out] → [out,in], C,H,W
        return value.reshape(18, 18, 8, 10).transpose(3, 2, 0, 1).reshape(10, -1)
    if value.ndim == 4:  # HWIO → OIHW
        return value.transpose(3, 2, 0, 1)
    if value.ndim == 3 and value.shape[:2] == (1, 1):  # shared slopes
        return value.reshape(-1)
    if value.ndim == 3:  # HWC → CHW
        return value.transpose(2, 0, 1)
    return value


def from_canonical(name, value, shape):
    """The inverse of canonical, for a Keras variable of the given shape."""
    if name == "dense.weight":
        return value.reshape(10, 8, 18, 18).transpose(2, 3, 1, 0).reshape(shape)
    if value.ndim == 4:
        return value.transpose(2, 3, 1, 0)
    if value.ndim == 3:
        return value.transpose(1, 2, 0)
    return value.reshape(shape)


def load(model, params):
    """Sets the variables to canonical tensors; every one must have its place."""
    own = variables(model)
    if own.keys() != params.keys():
        raise SystemExit(f"variables {sorted(own)} do not match {sorted(params)}")
    for name, variable in own.items():
        variable.assign(from_canonical(name, params[name], variable.shape))
