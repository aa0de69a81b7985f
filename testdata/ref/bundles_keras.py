"""Records the trainings of bundle_cases.py in Keras.

    gonn record keras --out gonn_record.py
    python bundles_keras.py tensorflow --recorder gonn_record.py             (what the repository keeps)
    python bundles_keras.py jax --recorder gonn_record.py --big --steps 100 FOLDER

Made with the versions of requirements-keras.txt; on torch, those of requirements-torch.txt and keras.
Half of the cases run through train_on_batch, the others through a loop of their own.
"""

import os
import sys

if sys.flags.hash_randomization:  # tf2onnx goes through sets of names: every run in the same order
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

BACKEND = sys.argv.pop(1)
os.environ |= {"KERAS_BACKEND": BACKEND, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}

import argparse
import importlib.util
import pathlib
import shutil

import keras
import numpy as np
from keras import layers as L

import bundle_cases as cases
import common


class Residual(keras.Model):
    """A subclassed model: two convolutions with a branch around the second."""

    def __init__(self, c, norm):
        super().__init__(name="net")
        self.first, self.act = L.Conv2D(c, 3, name="first"), L.PReLU(shared_axes=[1, 2], name="act")
        self.pool = L.MaxPooling2D(2, name="pool")
        self.second, self.norm = L.Conv2D(c, 3, padding="same", use_bias=not norm, name="second"), L.BatchNormalization(name="norm") if norm else None
        self.flatten, self.head = L.Flatten(name="flatten"), L.Dense(cases.CLASSES, name="head")

    def call(self, x, training=None):
        x = self.pool(self.act(self.first(x)))
        y = self.second(x)
        if self.norm:
            y = self.norm(y, training=training)
        return self.head(self.flatten(keras.activations.mish(x + y)))


def network(name, big):
    """The network of a case: functional, subclassed or sequential."""
    if name == "values":
        n = 40 if big else 6
        return keras.Sequential([keras.Input((n,)), L.Dense(2 * n, activation="silu", name="a"), L.Dense(3, name="b")])
    c, shape = 16 if big else 3, (cases.BIG if big else cases.INPUT)[name]
    if name == "norm":
        return Residual(c, True)
    x = inputs = keras.Input((*shape[1:], shape[0]))
    x = L.PReLU(name="slopes")(L.Conv2D(c, 3, name="first")(x))
    x = L.Conv2D(c + 1, 2, name="second")(L.AveragePooling2D(2)(x))
    x = L.LeakyReLU(0.3)(x) if name == "conv" else L.Activation("gelu")(x)
    x = L.Flatten()(x)
    if name == "dropout":
        x = L.Dropout(0.25, seed=5)(x)
    return keras.Model(inputs, L.Dense(cases.CLASSES, activation="softmax" if name == "dropout" else None, name="head")(x))


def optimizer(name, settings, more):
    """A Keras optimizer for PyTorch's words."""
    s = dict(settings)
    args = {"learning_rate": s.pop("lr")}
    if "betas" in s:
        args |= dict(zip(("beta_1", "beta_2"), s.pop("betas")))
    if "eps" in s:
        args["epsilon"] = s.pop("eps")
    args |= {"global_clipnorm": more["clip"]} if "clip" in more else {"clipvalue": more["clip_value"]} if "clip_value" in more else {}
    kind = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad"}[name]
    return getattr(keras.optimizers, kind)(**args, **s)


def own_step(model, loss, opt):
    """A training step that is written out, for each backend."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                value = loss(y, model(x, training=True))
            opt.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return step
    if BACKEND == "torch":
        def step(x, y):
            model.zero_grad()
            loss(y, model(x, training=True)).backward()
            gradients = [v.value.grad for v in model.trainable_variables]
            import torch
            with torch.no_grad():
                opt.apply(gradients, model.trainable_variables)
        return step
    import jax
    opt.build(model.trainable_variables)

    def value(trainable, rest, x, y):
        out, rest = model.stateless_call(trainable, rest, x, training=True)
        return loss(y, out), rest
    gradient = jax.jit(jax.value_and_grad(value, has_aux=True))

    def step(x, y):
        trainable, rest = [v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables]
        (_, rest), grads = gradient(trainable, rest, x, y)
        trainable, state = opt.stateless_apply([v.value for v in opt.variables], grads, trainable)
        for variables, values in ((model.trainable_variables, trainable), (model.non_trainable_variables, rest), (opt.variables, state)):
            for v, new in zip(variables, values):
                v.assign(new)
    return step


def record(recorder, case, folder, steps, big):
    name, kind, settings, more = cases.CASES[case]
    keras.utils.set_random_seed(3)
    model = network(name, big)
    data = [(np.moveaxis(x, 1, -1) if x.ndim == 4 else x, y) for x, y in cases.batches(name, steps, big)]
    model(data[0][0])
    if more.get("loss") == "mse":
        loss = keras.losses.MeanSquaredError()
    elif "smoothing" in more:
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=more["smoothing"])
        data = [(x, np.eye(cases.CLASSES, dtype=np.float32)[y]) for x, y in data]
    else:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=name != "dropout")
    opt = optimizer(kind, settings, more)
    step = own_step(model, loss, opt) if len(case) % 2 else None
    if step is None:
        model.compile(optimizer=opt, loss=loss)
        step = model.train_on_batch
    with recorder.Recorder(model, loss, opt, folder):
        for k, (x, y) in enumerate(data):
            opt.learning_rate = cases.rate(settings["lr"], more.get("schedule"), k, steps)
            step(x, y)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--recorder", required=True, help="what `gonn record keras` wrote")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--case", action="append", choices=list(cases.CASES))
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("gonn_record", args.recorder)
    recorder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    chosen = args.case or list(cases.CASES)
    if args.folder is None:
        args.folder = common.GOLDEN / "bundles" / f"keras-{BACKEND}"
        chosen = chosen if BACKEND == "tensorflow" else cases.OTHER_BACKENDS
    for case in chosen:
        shutil.rmtree(args.folder / case, ignore_errors=True)
        record(recorder, case, args.folder / case, args.steps, args.big)
        print(case)


if __name__ == "__main__":
    main()
