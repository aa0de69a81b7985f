"""Exports the matrix of networks with Keras, on each of its backends.

    python matrix_keras.py tensorflow FOLDER    (tf2onnx)
    python matrix_keras.py jax FOLDER           (jax2onnx)
    python matrix_keras.py torch FOLDER         (PyTorch's exporters; needs an environment with torch and keras)
"""

import os
import sys

BACKEND = sys.argv.pop(1)
os.environ |= {"KERAS_BACKEND": BACKEND, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}

import importlib.metadata
import logging
import warnings

import keras
import numpy as np
from keras import activations as A
from keras import layers as L
from keras import ops as K

import matrix_cases as cases
import matrix_check
import tf2onnx_names

PACKAGES = {"tensorflow": ["tensorflow-cpu", "tf2onnx"], "jax": ["jax", "jax2onnx"], "torch": ["torch", "onnxscript"]}[BACKEND]
VERSIONS = {p: importlib.metadata.version(p) for p in ["keras", *PACKAGES, "onnx"]}


# How an activation is written. Functions of x and the slope or beta: a number, or what is
# learned, in a shape that broadcasts to x.
FORMS = {
    "leaky/ops": lambda x, a: K.leaky_relu(x, a),
    "relu/activation": lambda x, a: A.relu(x),
    "swish/ops": lambda x, a: K.silu(x),
    "swish/sigmoid": lambda x, a: x * K.sigmoid(x),
    "swish/exp": lambda x, a: x / (1 + K.exp(-x)),
    "mish/ops": lambda x, a: A.mish(x),
    "mish/softplus": lambda x, a: x * K.tanh(K.softplus(x)),
    "mish/log-exp": lambda x, a: x * K.tanh(K.log(1 + K.exp(x))),
    "mish/log1p": lambda x, a: x * K.tanh(K.log1p(K.exp(x))),
}
RECTIFIERS = {
    "where": lambda x, a: K.where(x > 0, x, a * x),
    "two-relus": lambda x, a: K.relu(x) - a * K.relu(-x),
    "abs": lambda x, a: K.relu(x) + a * (x - K.abs(x)) * 0.5,
    "max": lambda x, a: K.maximum(x, a * x),
    "max-min": lambda x, a: K.maximum(x, 0.0) + a * K.minimum(x, 0.0),
}
for how, f in RECTIFIERS.items():
    FORMS |= {f"leaky/{how}": f, f"prelu/{how}": f}
for how, f in {
    "sigmoid": lambda x, b: x * K.sigmoid(b * x),
    "sigmoid-first": lambda x, b: K.sigmoid(x * b) * x,
    "exp": lambda x, b: x / (1 + K.exp(-b * x)),
    "scaled": lambda x, b: K.silu(b * x) / b,
}.items():
    FORMS |= {f"swish-beta/{how}": f, f"swish:1.702/{how}": f}

LAYERS = {
    "leaky/module": lambda a, name: L.LeakyReLU(negative_slope=a, name=name),
    "relu/module": lambda a, name: L.ReLU(name=name),
    "swish/module": lambda a, name: L.Activation("silu", name=name),
    "mish/module": lambda a, name: L.Activation("mish", name=name),
}


class Learned(L.Layer):
    """A form with its learned slopes or betas: [1], [C] or [H,W,C]."""

    def __init__(self, form, part, sizes, **kwargs):
        super().__init__(**kwargs)
        self.form, self.part, self.sizes = form, part, sizes

    def build(self, shape):
        self.slopes = self.add_weight(name=self.part, shape=self.sizes, initializer="ones")

    def call(self, x):
        return self.form(x, self.slopes)


def activation(l, x):
    """A layer for an activation on x."""
    name, how = l["act"].split("/")
    kind, _, value = name.partition(":")
    found = cases.learned(l["act"], x)
    if f"{kind}/{how}" in LAYERS:
        return LAYERS[f"{kind}/{how}"](float(value) if value else None, l["name"])
    if kind == "prelu" and how == "module":
        axes = {"one": range(1, len(x) + 1), "channel": range(1, len(x)), "element": []}[value]
        return L.PReLU(shared_axes=list(axes) or None, name=l["name"])
    form = FORMS.get(f"{name}/{how}") or FORMS[f"{kind}/{how}"]
    if found:
        part, shape = found
        return Learned(form, part, shape[1:] + shape[:1] if len(shape) == 3 else shape, name=l["name"])
    return L.Activation(lambda x: form(x, float(value or 1)), name=l["name"])


FLATTEN = {
    "": lambda k: L.Flatten(),
    "Reshape": lambda k: L.Reshape((-1,)),
    "Reshape-k": lambda k: L.Reshape((k,)),
    "ops": lambda k: lambda x: K.reshape(x, (-1, k)),
}
GAP = {
    "": lambda: L.GlobalAveragePooling2D(keepdims=True),
    "flat": lambda: L.GlobalAveragePooling2D(),
    "mean": lambda: lambda x: K.mean(x, (1, 2)),
}


def convolution(l, x):
    """The layer, behind a ZeroPadding2D where it pads."""
    t, left, b, r = cases.window(l, x)[0]
    same = l["pads"] == "same"
    args = {"strides": l["stride"], "dilation_rate": l["dilation"], "use_bias": l["bias"], "name": l["name"],
            "padding": "same" if same else "valid"}
    if l["groups"] == x[0] > 1:
        made = L.DepthwiseConv2D(l["kernel"], depth_multiplier=l["out"] // x[0], **args)
    else:
        made = L.Conv2D(l["out"], l["kernel"], groups=l["groups"], **args)
    if same or not any([t, left, b, r]):
        return made
    return lambda v: made(L.ZeroPadding2D(((t, b), (left, r)))(v))


BUILD = {
    "conv": convolution,
    "bn": lambda l, x: L.BatchNormalization(name=l["name"]),
    "act": activation,
    "dense": lambda l, x: L.Dense(l["out"], use_bias=l["bias"], name=l["name"]),
    "flatten": lambda l, x: FLATTEN[l["how"]](int(np.prod(x))),
    "gap": lambda l, x: GAP[l["how"]](),
    "add": lambda l, x: lambda *v: L.Add(name=l["name"])(v),
}


def build(case):
    c, *hw = case.net["input"]
    out = {None: keras.Input((*hw, c), name="input")}
    for l, reads in case.inputs():
        out[l["name"]] = BUILD[l["kind"]](l, case.read[l["name"]][0])(*[out[r] for r in reads])
    return keras.Model(out[None], out[l["name"]])


PARTS = {"kernel": "weight", "bias": "bias", "alpha": "alpha", "beta": "beta",
         "gamma": "weight", "moving_mean": "running_mean", "moving_variance": "running_var"}


def load(model, case, params):
    """Sets the variables to gonn's values; every one must have its place."""
    left, flat, layers = dict(params), case.flat(), {l["name"]: l for l in case.layers}
    for layer in model.layers:
        for v in layer.weights:
            part = "bias" if isinstance(layer, L.BatchNormalization) and v.name == "beta" else PARTS[v.name]
            value = left.pop(f"{layer.name}.{part}")
            v.assign(layout(layers[layer.name], value, flat[layer.name], v.shape))
    if left:
        raise ValueError(f"no place for {sorted(left)}")


def layout(l, value, flat, shape):
    """A tensor of gonn's in Keras's layout; flat is the map that its vector was flattened from."""
    if flat and value.size > 1 and not (l["kind"] == "dense" and value.ndim == 1):  # the last axis goes over C·H·W
        value = np.moveaxis(value.reshape(*value.shape[:-1], *flat), -3, -1).reshape(value.shape)
    if l["kind"] == "dense":
        value = value.T
    elif value.ndim == 4:  # [out, in, kh, kw]
        deep = l["groups"] > 1 and len(shape) == 4 and shape[2] == l["groups"]
        value = value.transpose(2, 3, 0, 1) if deep else value.transpose(2, 3, 1, 0)
    elif value.ndim == 3:
        value = value.transpose(1, 2, 0)
    return value.reshape(shape)


def nhwc(x):
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def write(to, case, column):
    """One model with its case.json and recorded.npz."""
    static = COLUMNS[column]
    keras.utils.clear_session()
    params, n = cases.start_values(case), cases.STATIC if static else cases.SAMPLES
    model = build(case)
    load(model, case, params)
    x = nhwc(cases.samples(case, n))
    y = np.array(K.convert_to_numpy(model(x, training=False)))
    to.mkdir(parents=True, exist_ok=True)
    path, signature = to / "model.onnx", [keras.InputSpec(shape=x.shape, dtype="float32", name="input")] if static else None
    model.export(path, format="onnx", verbose=False, input_signature=signature)
    if BACKEND == "tensorflow":
        tf2onnx_names.settle(path, check=False)
    if BACKEND == "torch":
        matrix_check.strip(path)
    cases.save(to, case, column, VERSIONS, "matrix_keras.py", n if static else "dynamic", "NHWC", params,
               {"input": x, "output": y}, framework="keras",
               layers=cases.expected(case, folds), **matrix_check.look(to, x, y))


def folds(before):
    """Which BatchNorm is folded into the layer before it."""
    return BACKEND == "tensorflow" and before is not None and before["kind"] == "conv"


# Column: whether the batch is static.
COLUMNS = {"tensorflow": {"keras-tf": False}, "jax": {"keras-jax": False},
           "torch": {"keras-torch": False, "keras-torch-static": True}}[BACKEND]


def rows(column):
    """The cases of a column."""
    for spelled in ["leaky:0.2/module", "leaky:0.2/where", "leaky:0.2/max", "prelu:one/module", "prelu:channel/module", "prelu:element/module",
                    "prelu:channel/two-relus", "prelu:channel/abs", "swish/module", "swish-beta:channel/sigmoid", "swish-beta:one/exp",
                    "mish/module", "mish/log-exp"]:
        yield cases.Case("study", spelled)
    yield cases.Case("study", "prelu:one/module", "zeros")
    yield cases.Case("residual", "prelu:channel/module")
    yield cases.Case("residual", "mish/module")


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    matrix_check.run(__doc__, COLUMNS, rows, write)


if __name__ == "__main__":
    main()
