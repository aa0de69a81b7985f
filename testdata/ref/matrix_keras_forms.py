"""How Keras users write activations: a row is one entry of FORMS, LAYERS or ARGUMENTS.

The key is gonn's name of the activation, or its whole spelling, and after the slash a name
for the way of writing it. A form is a function of x and the slope or beta: a number, or
what is learned, in a shape that broadcasts to x.
"""

import math

from keras import activations as A
from keras import layers as L
from keras import ops as K

import matrix_cases as cases

FORMS = {
    "leaky/ops": lambda x, a: K.leaky_relu(x, a),
    "leaky/activation": lambda x, a: A.leaky_relu(x, negative_slope=a),
    "relu/activation": lambda x, a: A.relu(x),
    "relu/maximum": lambda x, a: K.maximum(x, 0.0),
    "relu/where": lambda x, a: K.where(x > 0, x, 0.0),
    "swish/activation": lambda x, a: A.silu(x),
    "swish/sigmoid": lambda x, a: x * K.sigmoid(x),
    "swish/sigmoid-first": lambda x, a: K.sigmoid(x) * x,
    "swish/exp": lambda x, a: x / (1 + K.exp(-x)),
    "mish/activation": lambda x, a: A.mish(x),
    "mish/softplus": lambda x, a: x * K.tanh(K.softplus(x)),
    "mish/tanh-first": lambda x, a: K.tanh(K.softplus(x)) * x,
    "mish/log-exp": lambda x, a: x * K.tanh(K.log(1 + K.exp(x))),
    "mish/log1p": lambda x, a: x * K.tanh(K.log1p(K.exp(x))),
    "gelu/activation": lambda x, a: A.gelu(x),
    "gelu/erf": lambda x, a: 0.5 * x * (1 + K.erf(x / math.sqrt(2))),
    "gelu-tanh/activation": lambda x, a: A.gelu(x, approximate=True),
    "gelu-tanh/power": lambda x, a: 0.5 * x * (1 + K.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * K.power(x, 3)))),
    "hardswish/activation": lambda x, a: A.hard_silu(x),
    "hardswish/relu6": lambda x, a: x * K.relu6(x + 3) / 6,
    "hardswish/clip": lambda x, a: x * K.clip(x + 3, 0, 6) / 6,
    "hardsigmoid/activation": lambda x, a: A.hard_sigmoid(x),
    "hardsigmoid/clip": lambda x, a: K.clip(x / 6 + 0.5, 0, 1),
    "softplus/activation": lambda x, a: A.softplus(x),
    "softplus/log-exp": lambda x, a: K.log(1 + K.exp(x)),
    "softplus/logaddexp": lambda x, a: K.logaddexp(x, K.zeros_like(x)),
    "elu/activation": lambda x, a: A.elu(x),
    "elu/where": lambda x, a: K.where(x > 0, x, K.exp(x) - 1),
    "selu/activation": lambda x, a: A.selu(x),
    "celu/activation": lambda x, a: A.celu(x),
    "celu:0.5/activation": lambda x, a: A.celu(x, a),
    "sigmoid/activation": lambda x, a: A.sigmoid(x),
    "sigmoid/exp": lambda x, a: 1 / (1 + K.exp(-x)),
    "tanh/activation": lambda x, a: A.tanh(x),
    "relu6/activation": lambda x, a: A.relu6(x),
    "relu6/clip": lambda x, a: K.clip(x, 0.0, 6.0),
    "relu6/minimum": lambda x, a: K.minimum(K.relu(x), 6.0),
    "logsigmoid/activation": lambda x, a: A.log_sigmoid(x),
    "softsign/activation": lambda x, a: A.softsign(x),
    "softsign/abs": lambda x, a: x / (1 + K.abs(x)),
    "thresholded-relu:0.5/activation": lambda x, a: A.threshold(x, a, 0.0),
    "linear/activation": lambda x, a: A.linear(x),
    # What gonn has no layer for.
    "foreign/hard-tanh": lambda x, a: A.hard_tanh(x),
    "foreign/soft-shrink": lambda x, a: A.soft_shrink(x),
    "foreign/squareplus": lambda x, a: A.squareplus(x),
    "foreign/exponential": lambda x, a: A.exponential(x),
    "foreign/max-of-double": lambda x, a: K.maximum(x, 2 * x),
    "foreign/relu-shifted": lambda x, a: A.relu(x, negative_slope=0.1, max_value=2.0, threshold=0.5),
}
RECTIFIERS = {
    "where": lambda x, a: K.where(x > 0, x, a * x),
    "where-less": lambda x, a: K.where(x < 0, x * a, x),
    "two-relus": lambda x, a: K.relu(x) - a * K.relu(-x),
    "relu-plus-min": lambda x, a: K.relu(x) + a * K.minimum(x, 0.0),
    "abs": lambda x, a: K.relu(x) + a * (x - K.abs(x)) * 0.5,
    "abs-divided": lambda x, a: K.relu(x) + a * (x - K.abs(x)) / 2,
    "max": lambda x, a: K.maximum(x, a * x),
    "max-min": lambda x, a: K.maximum(x, 0.0) + a * K.minimum(x, 0.0),
}
SWISHES = {
    "sigmoid": lambda x, b: x * K.sigmoid(b * x),
    "sigmoid-first": lambda x, b: K.sigmoid(x * b) * x,
    "exp": lambda x, b: x / (1 + K.exp(-b * x)),
    "scaled": lambda x, b: K.silu(b * x) / b,
}
FORMS |= {f"{kind}/{how}": f for kind in ("leaky", "prelu") for how, f in RECTIFIERS.items()}
FORMS |= {f"{kind}/{how}": f for kind in ("swish-beta", "swish:1.702") for how, f in SWISHES.items()}

LAYERS = {
    "leaky/module": lambda a, name: L.LeakyReLU(negative_slope=a, name=name),
    "leaky/relu-layer": lambda a, name: L.ReLU(negative_slope=a, name=name),
    "prelu/module": None,  # below: it takes the shared axes
    "relu/module": lambda a, name: L.ReLU(name=name),
    "swish/module": lambda a, name: L.Activation("silu", name=name),
    "mish/module": lambda a, name: L.Activation("mish", name=name),
    "elu/module": lambda a, name: L.ELU(name=name),
    "elu:0.5/module": lambda a, name: L.ELU(a, name=name),
    "sigmoid/module": lambda a, name: L.Activation("sigmoid", name=name),
    "relu6/module": lambda a, name: L.ReLU(max_value=6.0, name=name),
    "relu6:2.5/module": lambda a, name: L.ReLU(max_value=a, name=name),
    "thresholded-relu:0.5/module": lambda a, name: L.ReLU(threshold=a, name=name),
}

# activation="…" of the convolution before it.
ARGUMENTS = {
    "relu/argument": "relu", "leaky:0.2/argument": "leaky_relu", "swish/argument": "silu", "mish/argument": "mish", "tanh/argument": "tanh",
    "selu/argument": "selu", "hardswish/argument": "hard_silu", "hardsigmoid/argument": "hard_sigmoid", "softplus/argument": "softplus",
    "gelu/argument": "gelu", "elu/argument": "elu", "relu6/argument": "relu6",
}

# The axes that a slope is shared over: H is 1, W is 2, C is 3.
SHARED = {"one": [1, 2, 3], "channel": [1, 2], "element": None, "C1W": [1], "CH1": [2], "1HW": [3], "1H1": [2, 3]}
cases.VALUES |= {
    "prelu/module": [f"prelu:{axes}" for axes in SHARED],
    "leaky/module": ["leaky:0", "leaky:0.01", "leaky:0.2", "leaky:0.3", "leaky:1", "leaky:1.5"],  # the layer refuses negative slopes
    "leaky/relu-layer": ["leaky:0.2"],
    "leaky/activation": ["leaky:-1", "leaky:-0.5", "leaky:0.2"],
}


class Learned(L.Layer):
    """A form with its slopes or betas: [1], [C] or [H,W,C]."""

    def __init__(self, form, part, sizes, **kwargs):
        super().__init__(**kwargs)
        self.form, self.part, self.sizes = form, part, sizes

    def build(self, shape):
        self.slopes = self.add_weight(name=self.part, shape=self.sizes, initializer="ones")

    def call(self, x):
        return self.form(x, self.slopes)


def argument(l):
    """What a layer says as its activation, if l, the one that reads it, is written so."""
    return ARGUMENTS.get(l["act"]) if l and l["kind"] == "act" else None


def activation(l, x, learned):
    """A layer for an activation on x; learned: the part and the shape of what it learns."""
    name, how = l["act"].split("/")
    kind, _, value = name.partition(":")
    number = None if learned or not value else float(value)
    if how == "argument":
        return lambda v: v
    if kind == "prelu" and how == "module":
        axes = SHARED[value] if len(x) == 3 else {"one": [1]}.get(value)
        return L.PReLU(shared_axes=axes, name=l["name"])
    layer = LAYERS.get(f"{name}/{how}") or LAYERS.get(f"{kind}/{how}")
    if layer:
        return layer(number, l["name"])
    form = FORMS.get(f"{name}/{how}") or FORMS[f"{kind}/{how}"]
    if learned:
        part, shape = learned
        return Learned(form, part, shape[1:] + shape[:1], name=l["name"])
    return L.Activation(lambda v: form(v, number), name=l["name"])
