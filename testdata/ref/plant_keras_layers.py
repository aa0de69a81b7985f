"""The networks of plant_networks.py as Keras models. keras_backend.choose comes first."""

import contextlib
import io

import keras
import numpy as np
from keras import layers as L

import keras_study
import plant_networks as networks
import tf2onnx_names


class SwishBeta(keras_study.SwishBeta):
    """x·σ(βx) that starts with given values of β."""

    def __init__(self, value, **kwargs):
        super().__init__(value.size if value.ndim == 1 else 0, **kwargs)
        self.value = value if value.ndim == 1 else value.transpose(1, 2, 0)

    def build(self, shape):
        super().build(shape)
        self.beta.assign(self.value)


def activated(spelled, name, x, rng):
    """A Keras layer for an activation on maps of C, H, W, or vectors."""
    value = networks.slopes(spelled, x, rng)
    if value is None:
        return keras_study.activation(spelled, name)
    if spelled.startswith("swish-beta"):
        return SwishBeta(value, name=name)
    value = {"one": lambda: value.reshape((1,) * len(x)), "channel": lambda: value.reshape((1,) * (len(x) - 1) + value.shape),
             "element": lambda: value.transpose(1, 2, 0)}[spelled.split(":")[1]]()
    shared = {"one": list(range(1, len(x) + 1)), "channel": [1, 2][:len(x) - 1], "element": None}[spelled.split(":")[1]]
    return L.PReLU(alpha_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(value, "float32"), shared_axes=shared, name=name)


def padding(l):
    """Keras pads "same" or not at all."""
    return "same" if l["pad"] else "valid"


def make(l, name, x, rng):
    """The layer of one kind."""
    if l["kind"] == "act":
        return activated(l["act"], name, x, rng)
    size = {"padding": padding(l), "strides": l["stride"], "name": name} if "stride" in l else {}
    return {
        "conv": lambda: L.DepthwiseConv2D(l["kernel"], use_bias=l["bias"], **size) if l["deep"] else L.Conv2D(l["out"], l["kernel"], use_bias=l["bias"], **size),
        "bn": lambda: L.BatchNormalization(epsilon=l.get("eps") or 1e-3, momentum=0.9, name=name),
        "maxpool": lambda: L.MaxPooling2D(l["kernel"], **size), "avgpool": lambda: L.AveragePooling2D(l["kernel"], **size),
        "gap": lambda: L.GlobalAveragePooling2D(keepdims=True, name=name), "flatten": lambda: L.Flatten(name=name),
        "dense": lambda: L.Dense(l["out"], name=name), "softmax": lambda: L.Softmax(name=name),
    }[l["kind"]]()


def build(layers, x, rng, prefix="", source=None):
    """The layers on a Keras tensor: the last tensor, and the layers end to end with the names of what they read."""
    out, names, found = {None: x}, {None: source}, []
    for i, l in enumerate(layers):
        name, keys = prefix + l["name"], networks.reads(layers, i)
        read, names[l["name"]] = [out[n] for n in keys], name
        if l["kind"] == "block":
            inner = f"{name}_" if name.startswith("block") else ""  # the names of features and classifier are unique as they are
            out[l["name"]], more = build(l["layers"], read[0], rng, inner, names[keys[0]])
            names[l["name"]] = more[-1]["name"]
            found += more
            continue
        if l["kind"] in ("add", "plus"):
            out[l["name"]] = L.Add(name=name)(read)
        else:
            c = read[0].shape[1:]
            out[l["name"]] = make(l, name, (c[-1], *c[:-1]), rng)(read[0])
        about = {**l, "name": name, "in": [names[n] for n in keys], "recorded": True, "kind": "add" if l["kind"] == "plus" else l["kind"]}
        found.append(about)
    return out[l["name"]], found


def nhwc(x):
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1))


def export(model, path):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        model.export(path, format="onnx", verbose=False)
    if keras.backend.backend() == "tensorflow":
        tf2onnx_names.settle(path, check=False, merged=True)


def train(model, pictures, softmax, snapshot):
    """Adam; snapshot() is called on the way."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=not softmax)
    model.compile(keras.optimizers.Adam(networks.RATE), loss)
    for step in range(networks.STEPS):
        x, y = pictures.batch(networks.BATCH)
        value = model.train_on_batch(nhwc(x), y)
        if step == networks.SNAPSHOT:
            snapshot()
    return float(value)


def record(model, found, x):
    """The output of every layer by its name, in the order of found, and the last."""
    names = [l["name"] for l in found]
    probe = keras.Model(model.inputs, [model.get_layer(n).output for n in names])
    recorded = {n: keras.ops.convert_to_numpy(v) for n, v in zip(names, probe(x, training=False))}
    return recorded, recorded[names[-1]]
