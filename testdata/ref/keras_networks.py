"""The networks of networks.py in Keras on TensorFlow, and the way to gonn's layout."""

import os

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import keras
import numpy as np
import tensorflow as tf

import keras_study
import networks

NAME = "keras"
VERSIONS = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
PARTS = {"kernel": "weight", "gamma": "weight", "beta": "bias", "bias": "bias", "alpha": "alpha",
         "moving_mean": "running_mean", "moving_variance": "running_var"}


def build(shape, layers):
    """The network; maps are H, W, C."""
    k = keras.layers
    x = keras.Input((shape[1], shape[2], shape[0]), name="input")
    out = {None: x}
    for i, l in enumerate(layers):
        read, name = [out[n] for n in networks.inputs(layers, i)], l["name"]
        x = read[0]
        if l["kind"] == "conv":
            x = k.ZeroPadding2D(l["pad"])(x) if l["pad"] else x
            args = {"strides": l["stride"], "use_bias": l["bias"], "name": name}
            deep = l["groups"] > 1
            x = k.DepthwiseConv2D(l["kernel"], **args)(x) if deep else k.Conv2D(l["out"], l["kernel"], **args)(x)
        elif l["kind"] == "act":
            x = keras_study.activation(l["act"], name)(x)
        elif l["kind"] == "add":
            x = k.Add(name=name)(read)
        else:
            x = {"avgpool": lambda name: k.AveragePooling2D(2, padding="same", name=name),
                 "maxpool": lambda name: k.MaxPooling2D(2, padding="same", name=name),
                 "bn": k.BatchNormalization, "gap": lambda name: k.GlobalAveragePooling2D(keepdims=True, name=name),
                 "flatten": k.Flatten, "dense": lambda name: k.Dense(l["out"], use_bias=l.get("bias", True), name=name)}[l["kind"]](name=name)(x)
        out[name] = x
    return keras.Model(out[None], x)


def tensors(model):
    """gonn's name → variable, running statistics too."""
    return {f"{layer.name}.{PARTS[v.name]}": v for layer in model.layers for v in layer.weights
            if v.name in PARTS}


class Layout:
    """Between a variable's layout and gonn's, which for a dense layer behind a Flatten depends on the map."""

    def __init__(self, shape, layers):
        at = networks.shapes(shape, layers)
        flatten = next(i for i, l in enumerate(layers) if l["kind"] == "flatten")
        self.flat = at[networks.inputs(layers, flatten)[0]]
        self.reader = layers[flatten + 1]["name"]
        self.deep = {l["name"] for l in layers if l.get("groups", 1) > 1}

    def canonical(self, name, v):
        layer = name.split(".")[0]
        if name == f"{self.reader}.weight":
            c, h, w = self.flat
            return v.reshape(h, w, c, -1).transpose(3, 2, 0, 1).reshape(v.shape[1], -1)
        if v.ndim == 2:
            return v.T
        if v.ndim == 4:
            return v.transpose(2, 3, 0, 1) if layer in self.deep else v.transpose(3, 2, 0, 1)
        return v.reshape(-1)

    def back(self, name, v, shape):
        layer = name.split(".")[0]
        if name == f"{self.reader}.weight":
            c, h, w = self.flat
            return v.reshape(-1, c, h, w).transpose(2, 3, 1, 0).reshape(shape)
        if v.ndim == 2:
            return v.T
        if v.ndim == 4:
            return v.transpose(2, 3, 0, 1) if layer in self.deep else v.transpose(2, 3, 1, 0)
        return v.reshape(shape)


def run(shape, layers, params, batches, precision):
    """All tensors of one network, computed in a precision."""
    keras.config.set_floatx(precision)
    keras.config.set_dtype_policy(precision)
    layout = Layout(shape, layers)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def fresh():
        model = build(shape, layers)
        own = tensors(model)
        if own.keys() != params.keys():
            raise SystemExit(f"variables {sorted(own)} do not match {sorted(params)}")
        for name, v in own.items():
            v.assign(layout.back(name, params[name], v.shape))
        return model, own, {n: v for n, v in own.items() if v.trainable}

    def backward(model, learned, batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = model(images.transpose(0, 2, 3, 1).astype(precision), training=True)
            loss = loss_of(labels, logits)
        return logits.numpy(), loss.numpy(), tape.gradient(loss, [v.value for v in learned.values()])

    def values(own, prefix, only=""):
        return {f"{prefix}/{n}": layout.canonical(n, v.numpy()) for n, v in own.items() if only in n}

    def answer(model):
        return model(batches[0][0].transpose(0, 2, 3, 1).astype(precision), training=False).numpy()

    model, own, learned = fresh()
    out = {"inference": answer(model)}
    out["logits"], out["loss"], grads = backward(model, learned, batches[0])
    out |= {f"grad/{n}": layout.canonical(n, g.numpy()) for n, g in zip(learned, grads)}
    out |= values(own, "after", "running")

    model, own, learned = fresh()
    adam, losses = keras.optimizers.Adam(1e-3), []
    for step, batch in enumerate(batches[1:], 1):
        _, loss, grads = backward(model, learned, batch)
        losses.append(loss)
        adam.apply(grads, list(learned.values()))
        if step in (1, networks.STEPS):
            out |= values(own, f"adam{step}")
    out["adam/losses"] = np.array(losses, precision)
    out["adam/inference"] = answer(model)
    return out
