"""The cases of layer_cases.py in Keras, for golden_layers.py.

Keras works on (N, H, W, C) and has other layouts of weights. Everything is turned into
gonn's layout where it comes out.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def versions():
    return {"keras": keras.__version__, "tensorflow": tf.__version__}


def last(a):
    """Channels last."""
    return np.moveaxis(a, 1, -1) if a.ndim == 4 else a


def first(a):
    """Channels first."""
    return np.moveaxis(a, -1, 1) if a.ndim == 4 else a


class Weight:
    """A parameter in Keras's layout, and its conversion to gonn's."""

    def __init__(self, gonn, to_keras, to_gonn):
        self.value, self.to_gonn = to_keras(gonn), to_gonn


def conv_weight(w):
    return Weight(w, lambda w: w.transpose(2, 3, 1, 0), lambda w: w.transpose(3, 2, 0, 1))


def transposed_weight(w):  # (in, out, kh, kw) to (kh, kw, out, in)
    return Weight(w, lambda w: w.transpose(2, 3, 1, 0), lambda w: w.transpose(3, 2, 0, 1))


def depthwise_weight(w, channels):  # (channels·m, 1, kh, kw) to (kh, kw, channels, m)
    kh, kw = w.shape[2:]
    return Weight(w, lambda w: w.reshape(channels, -1, kh, kw).transpose(2, 3, 0, 1),
                  lambda w: w.transpose(2, 3, 0, 1).reshape(-1, 1, kh, kw))


def dense_weight(w, shape):  # columns in C, H, W order to rows in H, W, C order
    out = w.shape[0]
    if len(shape) == 1:
        return Weight(w, np.transpose, np.transpose)
    c, h, wd = shape
    return Weight(w, lambda w: w.reshape(out, c, h, wd).transpose(2, 3, 1, 0).reshape(-1, out),
                  lambda w: w.reshape(h, wd, c, out).transpose(3, 2, 0, 1).reshape(out, -1))


def bias(b):
    return Weight(b, lambda b: b, lambda b: b)


def build(case, given, dtype):
    """The Keras layers of a case, and their parameters by gonn's names."""
    kinds, settings = [l["kind"] for l in case["layers"]], [l["settings"] for l in case["layers"]]
    s, shape = settings[0], case["inputs"][0]
    channels = shape[0]
    p = {k.removeprefix("param/"): v for k, v in given.items() if k.startswith("param/")}
    common = {"padding": "same" if case["same"] else "valid", "dtype": dtype}
    if not case["same"] and kinds[0] != "Pad" and any(s.get("Pads", [])):
        raise ValueError(f"{case['name']}: Keras has no such pads")
    window = {**common, "strides": tuple(s["Stride"]) if "Stride" in s else None}
    conv = {**common, "strides": tuple(s.get("Stride", (1, 1))), "dilation_rate": tuple(s.get("Dilation", (1, 1)))}
    kernel = tuple(s.get("Kernel", ()))
    match kinds:
        case ["Conv", "Conv"]:
            layer = layers.SeparableConv2D(settings[1]["Out"], kernel, depth_multiplier=s["Out"] // channels, **conv)
            return [layer], {"0.weight": depthwise_weight(p["0.weight"], channels),
                             "1.weight": conv_weight(p["1.weight"]), "1.bias": bias(p["1.bias"])}
        case ["Conv"] if "Groups" in s:
            layer = layers.DepthwiseConv2D(kernel, depth_multiplier=s["Out"] // channels, **conv)
            return [layer], {"0.weight": depthwise_weight(p["0.weight"], channels), "0.bias": bias(p["0.bias"])}
        case ["Conv"]:
            return ([layers.Conv2D(s["Out"], kernel, **conv)],
                    {"0.weight": conv_weight(p["0.weight"]), "0.bias": bias(p["0.bias"])})
        case ["ConvTranspose"]:
            return ([layers.Conv2DTranspose(s["Out"], kernel, **conv)],
                    {"0.weight": transposed_weight(p["0.weight"]), "0.bias": bias(p["0.bias"])})
        case ["Dense"]:
            return ([layers.Dense(s["Out"], dtype=dtype)],
                    {"0.weight": dense_weight(p["0.weight"], shape), "0.bias": bias(p["0.bias"])})
        case ["Flatten", "Dense"]:
            return ([layers.Flatten(dtype=dtype), layers.Dense(settings[1]["Out"], dtype=dtype)],
                    {"1.weight": dense_weight(p["1.weight"], shape), "1.bias": bias(p["1.bias"])})
        case ["Softmax"]:
            return [layers.Softmax(axis=-1, dtype=dtype)], {}
        case ["LogSoftmax"]:
            return [layers.Activation("log_softmax", dtype=dtype)], {}
        case ["MaxPool"]:
            return [layers.MaxPooling2D(kernel, **window)], {}
        case ["AveragePool"]:
            return [layers.AveragePooling2D(kernel, **window)], {}
        case ["GlobalAveragePool"]:
            return [layers.GlobalAveragePooling2D(keepdims=True, dtype=dtype)], {}
        case ["GlobalAveragePool", "Flatten"]:
            return [layers.GlobalAveragePooling2D(dtype=dtype)], {}
        case ["GlobalMaxPool"]:
            return [layers.GlobalMaxPooling2D(keepdims=True, dtype=dtype)], {}
        case ["Add"]:
            return [layers.Add(dtype=dtype)], {}
        case ["Mul"]:
            return [layers.Multiply(dtype=dtype)], {}
        case ["Concat"]:
            return [layers.Concatenate(axis=-1, dtype=dtype)], {}
        case ["Pad"]:
            top, left, bottom, right = s["Pads"]
            return [layers.ZeroPadding2D(((top, bottom), (left, right)), dtype=dtype)], {}
    raise ValueError(kinds)


def run(case, given, dtype):
    """y, dx0, … and grad/<parameter> of a case."""
    chain, weights = build(case, given, np.dtype(dtype).name)
    x = [tf.constant(last(given[f"x{i}"]).astype(dtype)) for i in range(len(case["inputs"]))]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x if len(x) > 1 else x[0]
        for layer in chain:
            if not layer.built:
                layer.build(tuple(y.shape) if len(x) == 1 else [tuple(v.shape) for v in y])
            if layer.weights:
                layer.set_weights([w.value.astype(dtype) for w in weights.values()])
            y = layer(y)
    params = [v.value for layer in chain for v in layer.trainable_weights]
    grads = tape.gradient(y, x + params, output_gradients=tf.constant(last(given["dy"]).astype(dtype)))
    out = {"y": first(y.numpy())}
    for i in range(len(x)):
        out[f"dx{i}"] = first(grads[i].numpy())
    for (name, w), g in zip(weights.items(), grads[len(x):], strict=True):
        out[f"grad/{name}"] = w.to_gonn(g.numpy())
    return out
