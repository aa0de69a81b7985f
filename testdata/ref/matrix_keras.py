"""Exports the matrix of networks with Keras's own export, on each of its backends.

    python matrix_keras.py tensorflow FOLDER    (tf2onnx)
    python matrix_keras.py jax FOLDER           (jax2onnx)
    python matrix_keras.py torch FOLDER         (PyTorch's two exporters)
    python matrix_keras.py … --committed        (what the repository keeps)

Made with the versions of requirements-keras.txt; on torch, those of requirements-torch.txt and keras.
"""

import sys

import keras_backend

keras_backend.choose(sys.argv[1])
BACKEND = sys.argv.pop(1)

import importlib.metadata
import logging
import subprocess
import tempfile
import warnings

import keras
import numpy as np
from keras import layers as L
from keras import ops as K

import matrix_cases as cases
import matrix_committed
import matrix_expected
import matrix_run
import tf2onnx_names
from matrix_keras_forms import ARGUMENTS, FORMS, LAYERS, activation, argument
from matrix_networks import CHANNEL, KERAS, MISH, act, conv, conv_act, dense, flatten, gap_head, head, layer, network, pool

if BACKEND == "torch":
    import torch_registry  # exports in half the time

PACKAGES = {"tensorflow": ["tensorflow-cpu", "tf2onnx"], "jax": ["jax", "jax2onnx"], "torch": ["torch", "onnxscript"]}[BACKEND]
VERSIONS = {p: importlib.metadata.version(p) for p in ["keras", *PACKAGES, "onnx"]}

# How a layer is written. k: the size of the flattened map.
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
    "mean-keep": lambda: lambda x: K.mean(x, axis=[1, 2], keepdims=True),
    "average_pool": lambda: lambda x: K.average_pool(x, x.shape[1:3]),
}
GMP = {
    "": lambda: L.GlobalMaxPooling2D(keepdims=True),
    "flat": lambda: L.GlobalMaxPooling2D(),
    "max": lambda: lambda x: K.max(x, (1, 2)),
}
FLAT = {"flat", "mean", "max"}  # these give vectors
SOFTMAX = {"": lambda: L.Softmax(), "activation": lambda: L.Activation("softmax"), "ops": lambda: K.softmax}
LOGSOFTMAX = {"": lambda: L.Activation("log_softmax"), "ops": lambda: K.log_softmax, "log": lambda: lambda x: K.log(K.softmax(x))}
ADD = {"": lambda *v: L.Add()(v), "plus": lambda a, b: a + b, "ops": lambda a, b: K.add(a, b)}
MUL = {"": lambda *v: L.Multiply()(v), "times": lambda a, b: a * b}
CONCAT = {"": lambda *v: L.Concatenate()(v), "ops": lambda *v: K.concatenate(v, axis=-1)}
# What gonn has no layer for.
FOREIGN = {
    "rescale": lambda l, x: L.Rescaling(1 / 127.5, offset=-1),
    "normalize": lambda l, x: L.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.04, 0.05, 0.06]),
    "upsample": lambda l, x: L.UpSampling2D(2),
    "layer-norm": lambda l, x: L.LayerNormalization(),
    "group-norm": lambda l, x: L.GroupNormalization(2),
    "permute": lambda l, x: L.Permute((2, 1, 3)),
    "spatial-dense": lambda l, x: L.Dense(x[0], name="odd"),  # on the last axis of a map: the channels
}

for kind, table in {"gap": GAP, "gmp": GMP}.items():
    for how in table:
        network(f"{kind}-{how}", (2, 6, 5), *conv_act(1, 4), *gap_head(how, kind=kind, flat=how in FLAT), only=KERAS, acts=CHANNEL) if how else None
for kind, table in {"softmax": SOFTMAX, "logsoftmax": LOGSOFTMAX}.items():
    for how in table:
        network(f"{kind}-{how}", (1, 6, 5), *conv_act(1, 4), *head(), layer("end", kind, how=how), only=KERAS, acts=CHANNEL) if how else None
for how in FLATTEN:
    network(f"flatten-{how}", (2, 6, 5), *conv_act(1, 4), *head(how=how), only=KERAS, acts=CHANNEL) if how else None
for how in ADD:
    network(f"add-{how}", (2, 6, 5), *conv_act(1, 4, pads=1), conv("conv2", 4, pads=1), layer("add", "add", how=how, **{"in": ["conv2", "act1"]}),
            act("act2"), *head(), only=KERAS, acts=CHANNEL) if how else None
network("flatten-gap", (2, 6, 5), *conv_act(1, 4), layer("gap", "gap", how="flat", flat=True), flatten(), dense("dense", 5), only=KERAS, acts=CHANNEL)
network("mul-times", (2, 6, 5), *conv_act(1, 4), layer("gap", "gap", how=""), conv("conv2", 4, 1), act("gate", "hardsigmoid/activation"),
        layer("mul", "mul", how="times", **{"in": ["act1", "gate"]}), *head(), only=KERAS, acts=CHANNEL)
network("concat-ops", (2, 6, 5), *conv_act(1, 4), conv("conv2", 3, pads=1), layer("cat", "concat", how="ops", **{"in": ["act1", "conv2"]}),
        act("act2"), *head(), only=KERAS, acts=CHANNEL)
network("pad", (2, 8, 7), layer("pad1", "pad", pads=[0, 1, 2, 3]), *conv_act(1, 4), layer("pad2", "pad", pads=[1, 0, 0, 1]),
        *conv_act(2, 5, stride=2), *head(), only=KERAS, acts=CHANNEL + MISH)
network("pad-same", (2, 8, 7), layer("pad1", "pad", pads=[0, 1, 2, 3]), *conv_act(1, 4, pads="same"), *head(), only=KERAS, acts=CHANNEL)
network("pad-pool", (2, 8, 7), *conv_act(1, 4), layer("pad", "pad", pads=[0, 0, 1, 1]), pool("maxpool", kernel=3, stride=2), *head(), only=KERAS, acts=CHANNEL)
network("pad-average", (2, 8, 7), *conv_act(1, 4), layer("pad", "pad", pads=[1, 1, 1, 1]), pool("avgpool", kernel=3, stride=2), *head(), only=KERAS, acts=CHANNEL)
network("foreign-normalize", (3, 7, 6), layer("in", "foreign", how="normalize"), *conv_act(1, 4), *head(), only=KERAS, acts=CHANNEL)
network("foreign-rescale", (3, 7, 6), layer("in", "foreign", how="rescale"), *conv_act(1, 4), *head(), only=KERAS, acts=CHANNEL)
network("foreign-upsample", (1, 7, 6), *conv_act(1, 4), layer("up2", "foreign", how="upsample", shape=(4, 10, 8)), *head(), only=KERAS, acts=CHANNEL)
network("foreign-permute", (1, 7, 6), *conv_act(1, 4), layer("odd", "foreign", how="permute", shape=(4, 4, 5)), *head(), only=KERAS, acts=CHANNEL)
for how in ["layer-norm", "group-norm", "spatial-dense"]:
    network(f"foreign-{how}", (1, 7, 6), *conv_act(1, 4), layer("odd", "foreign", how=how), *conv_act(2, 3), *head(), only=KERAS, acts=CHANNEL)

cases.chains(KERAS, [*LAYERS, *FORMS])


def convolution(l, x, case):
    """The layer, behind a ZeroPadding2D where it pads; activation="…" where the case says so."""
    t, left, b, r = cases.window(l, x)[0]
    same = l["pads"] == "same"
    args = {"strides": l["stride"], "dilation_rate": l["dilation"], "use_bias": l["bias"], "name": l["name"],
            "padding": "same" if same else "valid", "activation": argument(next(iter(case.readers(l["name"])), None))}
    if "then" in l:  # the first half of a SeparableConv2D
        return lambda v: v
    if "before" in l:
        first = case.by_name[l["before"]]
        made = L.SeparableConv2D(l["out"], first["kernel"], **args)
    elif l["groups"] == x[0] > 1:
        made = L.DepthwiseConv2D(l["kernel"], depth_multiplier=l["out"] // x[0], **args)
    else:
        made = L.Conv2D(l["out"], l["kernel"], groups=l["groups"], **args)
    return made if same or not any([t, left, b, r]) else lambda v: made(L.ZeroPadding2D(((t, b), (left, r)))(v))


def pooling(l, x, case):
    made = L.MaxPooling2D if l["kind"] == "maxpool" else L.AveragePooling2D
    return made(l["kernel"], l["stride"], padding="same" if l["pads"] == "same" else "valid", name=l["name"])


def padding(l, x, case):
    top, left, bottom, right = l["pads"]
    return L.ZeroPadding2D(((top, bottom), (left, right)), name=l["name"])


BUILD = {
    "conv": convolution, "maxpool": pooling, "avgpool": pooling, "pad": padding,
    "up": lambda l, x, case: L.Conv2DTranspose(l["out"], l["kernel"], l["stride"], use_bias=l["bias"], name=l["name"]),
    "bn": lambda l, x, case: L.BatchNormalization(epsilon=l.get("eps") or 1e-3, scale=not l.get("plain"), center=not l.get("plain"), name=l["name"]),
    "act": lambda l, x, case: activation(l, x, case.learned(l)),
    "dense": lambda l, x, case: L.Dense(l["out"], use_bias=l["bias"], name=l["name"]),
    "flatten": lambda l, x, case: FLATTEN[l["how"]](int(np.prod(x))),
    "gap": lambda l, x, case: GAP[l["how"]](), "gmp": lambda l, x, case: GMP[l["how"]](),
    "add": lambda l, x, case: ADD[l["how"]], "mul": lambda l, x, case: MUL[l["how"]], "concat": lambda l, x, case: CONCAT[l["how"]],
    "dropout": lambda l, x, case: (L.SpatialDropout2D if l.get("maps") else L.Dropout)(l["rate"], name=l["name"]),
    "softmax": lambda l, x, case: SOFTMAX[l["how"]](), "logsoftmax": lambda l, x, case: LOGSOFTMAX[l["how"]](),
    "foreign": lambda l, x, case: FOREIGN[l["how"]](l, x),
}


def build(case):
    """The model; maps are H, W, C."""
    c, *size = case.net["input"]
    out, made = {None: keras.Input((*size, c), name="input")}, {}
    for l in case.layers:
        name = l["name"]
        made[name] = made[l["tied"]] if l.get("tied") else BUILD[l["kind"]](l, case.x[name], case)
        out[name] = made[name](*[out[r] for r in case.reads[name]])
    return keras.Model(out[None], out[name])


PARTS = {"kernel": "weight", "bias": "bias", "alpha": "alpha", "beta": "beta", "gamma": "weight", "moving_mean": "running_mean",
         "moving_variance": "running_var", "pointwise_kernel": "weight"}


def load(model, case, params):
    """Sets the variables to gonn's values; every one must have its place."""
    left, flat = dict(params), case.flat()
    for made in model.layers:
        l = case.by_name.get(made.name)
        for v in made.weights if l and l["kind"] != "foreign" else []:
            part = "bias" if l["kind"] == "bn" and v.name == "beta" else PARTS.get(v.name)
            own = case.by_name[l["before"]] if v.name == "depthwise_kernel" else l
            value = left.pop(f"{own['name']}.{part or 'weight'}")
            v.assign(layout(own, case.x[own["name"]], value, flat[own["name"]], v.shape))
    odd = [n for n in left if not case.by_name[n.split(".")[0]].get("tied") and not case.by_name[n.split(".")[0]].get("plain")]
    if odd:
        raise ValueError(f"no place for {odd}")


def layout(l, x, value, flat, shape):
    """A tensor of gonn's in Keras's layout; flat is the map that the layer's vector was flattened from."""
    if flat and value.shape[-1] == np.prod(flat) and not (l["kind"] == "dense" and value.ndim == 1):  # C·H·W → H·W·C
        value = np.moveaxis(value.reshape(*value.shape[:-1], *flat), -3, -1).reshape(value.shape)
    if l["kind"] == "dense":
        value = value.T
    elif value.ndim == 4 and l["kind"] == "conv" and l["groups"] == x[0] > 1:  # [C·m, 1, kh, kw]
        value = value.reshape(x[0], -1, *value.shape[2:]).transpose(2, 3, 0, 1)
    elif value.ndim == 4:  # [out, in, kh, kw], or [in, out, kh, kw] of a transposed convolution
        value = value.transpose(2, 3, 1, 0)
    elif value.ndim == 3:
        value = value.transpose(1, 2, 0)
    return value.reshape(shape)


def nhwc(x):
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def export(model, path, x, static, **more):
    """Keras's own way."""
    signature = [keras.InputSpec(shape=x.shape, dtype="float32", name="input")] if static else None
    model.export(path, format="onnx", verbose=False, input_signature=signature, **more)
    if BACKEND == "torch":
        matrix_run.strip(path)


def converted(model, path, x, static, **more):
    """tf2onnx's own way, which was the only one before Keras 3.8: a saved model and the command line."""
    with tempfile.TemporaryDirectory() as saved:
        model.export(saved, verbose=False)
        options = [word for k, v in more.items() for word in (f"--{k}", str(v))]
        subprocess.run([sys.executable, "-m", "tf2onnx.convert", "--saved-model", saved, "--output", str(path), *options], check=True, capture_output=True)


FEW = matrix_committed.FEW
# Column: the exporter, static batch, its further arguments, which rows.
COLUMNS = {
    "tensorflow": {
        "keras-tf": (export, False, {}, "all"),
        "keras-tf-static": (export, True, {}, FEW),
        "keras-tf-opset11": (export, False, {"opset_version": 11}, FEW),
        "keras-tf-opset18": (export, False, {"opset_version": 18}, FEW),
        "keras-tf-saved": (converted, False, {}, FEW[:6]),
        "keras-tf-nchw": (converted, False, {"inputs-as-nchw": "input"}, FEW[:6]),
    },
    "jax": {
        "keras-jax": (export, False, {}, "all"),
        "keras-jax-static": (export, True, {}, FEW),
        "keras-jax-opset21": (export, False, {"opset_version": 21}, FEW),
    },
    "torch": {
        "keras-torch": (export, False, {}, "all"),
        "keras-torch-static": (export, True, {}, "some"),
    },
}[BACKEND]


def folds(case):
    """Which BatchNorm is folded into the layer before it."""
    def folded(l):
        before = case.by_name.get(case.reads[l["name"]][0])
        return BACKEND == "tensorflow" and before is not None and before["kind"] == "conv" and before["groups"] == 1 and not before["bias"]
    return folded


def write(to, case, column):
    """One model with its case.json and recorded.npz."""
    exporter, static, more, _ = COLUMNS[column]
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    params, n = cases.start_values(case), matrix_run.STATIC if static else matrix_run.SAMPLES
    model = build(case)
    load(model, case, params)
    x = nhwc(cases.samples(case, n))
    y = np.array(K.convert_to_numpy(model(x, training=False)))
    exporter(model, to / "model.onnx", x, static, **more)
    if BACKEND == "tensorflow":
        tf2onnx_names.settle(to / "model.onnx", check=False, merged=True)
    layers = matrix_expected.layers(case, folds(case), eps=1e-3, arithmetic=True)
    if BACKEND == "torch" and any(l["kind"] == "avgpool" and l["pads"] == "same" for l in case.layers):
        layers = None  # there Keras pads the map with its border before it averages, which gonn has no layer for
    turned, n = "inputs-as-nchw" in more, matrix_run.batch(to) or n
    x, y = x[:n], y[:n]
    matrix_run.save(to, case, params, x.transpose(0, 3, 1, 2) if turned else x, y, layers, framework="keras", versions=VERSIONS, generator="testdata/ref/matrix_keras.py", exporter=column,
                    arguments={k: str(v) for k, v in more.items()}, batch=matrix_run.batch(to) or "dynamic", layout="NCHW" if turned else "NHWC")


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    matrix_run.run(__doc__, COLUMNS, lambda column: cases.rows(KERAS, [*LAYERS, *ARGUMENTS, *FORMS], COLUMNS[column][3]), write, matrix_committed.COMMITTED)


if __name__ == "__main__":
    main()
