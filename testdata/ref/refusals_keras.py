"""Trainings that a recorder in Keras must refuse at once, and honest ones that it must not.

    gonn record keras --out gonn_record.py
    python refusals_keras.py torch --recorder gonn_record.py FOLDER

The backend is torch, tensorflow or jax. Each case changes one thing of a small training. A case that
is refused names the words that the message must have, and nothing of it may be left; the others are
recorded, for `gonn compare FOLDER/CASE`.
"""

import os
import sys

BACKEND = sys.argv.pop(1)
os.environ |= {"KERAS_BACKEND": BACKEND, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}

import keras
import numpy as np
from keras import layers as L, ops

import refusals
from refusals import case

STEPS = 3


class Loop:
    """A training whose parts a case replaces."""

    def __init__(self):
        keras.config.set_dtype_policy("float32")
        keras.utils.set_random_seed(3)
        self.opt, self.loss = keras.optimizers.SGD(0.05, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.layer, self.dense, self.kind, self.compiled, self.arguments = None, {}, keras.Model, {}, {}
        self.after = lambda k: None
        rng = np.random.default_rng(5)
        self.data = [(rng.normal(0, 1, (6, 7, 6, 2)).astype(np.float32), rng.integers(0, 4, 6)) for _ in range(STEPS)]
        self.train = self.batch

    def build(self):
        x = inputs = keras.Input((7, 6, 2))
        x = L.ReLU()(L.BatchNormalization(name="norm")(L.Conv2D(3, 3, name="conv")(x)))
        x = L.Dense(8, activation="tanh", name="dense", **self.dense)(L.Flatten()(x))
        x = L.Dropout(0.2, seed=5)(self.layer(x) if self.layer else x)
        self.model = self.kind(inputs, L.Dense(4, name="head", dtype="float32")(x))
        self.model.compile(optimizer=self.opt, loss=self.loss, **self.compiled)

    def batch(self):
        for k, (x, y) in enumerate(self.data):
            self.model.train_on_batch(x, y, **self.arguments)
            self.after(k)

    def run(self, recorder, folder):
        self.build()
        with recorder.Recorder(self.model, self.loss, self.opt, folder):
            self.train()


class Own(L.Layer):
    """A layer that is a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, x):
        return self.function(x)


# ---- Honest trainings ---------------------------------------------------------------------

@case()
def plain(loop):
    pass


@case()
def several_steps_per_execution_of_fit(loop):
    def fit():
        x, y = (np.concatenate(v) for v in zip(*loop.data))
        loop.model.fit(x, y, batch_size=6, epochs=1, shuffle=False, verbose=0)
    loop.compiled, loop.train = {"steps_per_execution": 1 if BACKEND == "torch" else 3}, fit


@case()
def clipped_together(loop):
    loop.opt = keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.01, 10), weight_decay=0.1, global_clipnorm=0.2)


@case()
def clipped_each(loop):
    loop.opt = keras.optimizers.Adam(0.01, clipnorm=0.1)


class Twice(L.Layer):
    """A layer that is called twice."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, x):
        return self.layer(ops.tanh(self.layer(x)))


@case()
def shared_layers(loop):
    loop.layer = keras.Sequential([Twice(L.Dense(8, name="shared")), Twice(L.PReLU()), Twice(L.Dropout(0.3, seed=1))])


@case()
def spatial_dropout(loop):
    loop.layer = keras.Sequential([L.Reshape((2, 2, 2)), L.SpatialDropout2D(0.3, seed=1), L.Flatten()])


@case()
def dropout_without_a_rate(loop):
    loop.layer = L.Dropout(0.0)


@case()
def batch_norm_without_slopes(loop):
    loop.layer = L.BatchNormalization(center=False, scale=False, name="plain")


@case()
def batch_norms_of_one_name(loop):
    def block(units, slopes):
        return keras.Sequential([L.Dense(units), L.BatchNormalization(center=slopes, scale=slopes, name="bn")], name=f"block{units}")
    loop.layer = keras.Sequential([block(8, True), L.ReLU(), block(7, False), L.ReLU(), block(6, False)])


class Still(L.Layer):
    """A layer that runs as in inference."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, x):
        return self.layer(x, training=False)


@case()
def dropout_that_does_not_train(loop):
    loop.layer = Still(keras.Sequential([L.Dense(8), L.Dropout(0.4), L.GaussianNoise(0.1)]))


@case()
def noise_without_a_rate(loop):
    loop.layer = keras.Sequential([L.GaussianNoise(0.0), L.GaussianDropout(0.0), L.AlphaDropout(0.0)])


class Branch(L.Layer):
    """A Dropout that inference does not reach."""

    def __init__(self):
        super().__init__()
        self.drop = L.Dropout(0.3, seed=2)

    def call(self, x, training=None):
        return self.drop(x, training=True) if training else x


@case()
def dropout_in_a_branch_of_training(loop):
    loop.layer = Branch()


def with_gradient(derivative):
    """tanh with a gradient of its own, which derivative(y, dy) is."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        @tf.custom_gradient
        def function(x):
            y = tf.tanh(x)
            return y, lambda dy: derivative(y, dy)
        return function
    if BACKEND == "jax":
        import jax

        @jax.custom_vjp
        def function(x):
            return jax.numpy.tanh(x)
        function.defvjp(lambda x: (jax.numpy.tanh(x),) * 2, lambda y, dy: (derivative(y, dy),))
        return function
    import torch

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x.tanh())
            return x.tanh()

        @staticmethod
        def backward(ctx, dy):
            return derivative(ctx.saved_tensors[0], dy)
    return Function.apply


@case()
def right_derivative_of_its_own(loop):
    loop.layer = Own(with_gradient(lambda y, dy: dy * (1 - y * y)))


# ---- Refused ------------------------------------------------------------------------------

@case("dense/kernel has a regularizer")
def kernel_regularizer(loop):
    loop.dense = {"kernel_regularizer": "l2"}


@case("dense/bias has a regularizer")
def bias_regularizer(loop):
    loop.dense = {"bias_regularizer": "l1"}


@case("dense has an activity_regularizer")
def activity_regularizer(loop):
    loop.dense = {"activity_regularizer": "l2"}


@case("dense/kernel has a constraint")
def constraint(loop):
    loop.dense = {"kernel_constraint": "max_norm"}


class Penalty(L.Layer):
    def call(self, x):
        self.add_loss(0.1 * ops.mean(x * x))
        return x


@case("step 0: the gradient of")
def added_loss(loop):
    loop.layer = Penalty()


@case("SGD(use_ema=True) is not replayed")
def moving_average(loop):
    loop.opt = keras.optimizers.SGD(0.05, use_ema=True)


@case("SGD(loss_scale_factor=8) is not replayed")
def scaled_loss(loop):
    loop.opt = keras.optimizers.SGD(0.05, loss_scale_factor=8)


@case("SGD(gradient_accumulation_steps=2) is not replayed")
def accumulated_gradients(loop):
    loop.opt = keras.optimizers.SGD(0.05, gradient_accumulation_steps=2)


@case("Adam with epsilon None is not replayed")
def no_epsilon(loop):
    loop.opt = keras.optimizers.Adam(0.01, epsilon=None)


@case("weights of samples or classes")
def class_weights(loop):
    loop.arguments = {"class_weight": {0: 1.0, 1: 2.0, 2: 1.0, 3: 1.0}}


@case("weights of samples or classes")
def sample_weights(loop):
    loop.arguments = {"sample_weight": np.linspace(0, 1, 6)}


@case("dense computes in bfloat16")
def mixed_precision(loop):
    loop.dense = {"dtype": "mixed_bfloat16"}


@case("step 1: the optimizer's momentum is 0.5, in the first recorded step it was 0.9; only the learning rate may change")
def momentum_that_changes(loop):
    loop.after = lambda k: setattr(loop.opt, "momentum", 0.5)


@case("step 1: the optimizer's weight_decay is 0.2")
def weight_decay_that_changes(loop):
    loop.opt = keras.optimizers.AdamW(0.01, weight_decay=0.1)
    loop.after = lambda k: setattr(loop.opt, "weight_decay", 0.2)


@case("step 1: head/kernel is not what the step before left")
def clamped_weights(loop):
    loop.after = lambda k: loop.model.get_layer("head").kernel.assign(ops.clip(loop.model.get_layer("head").kernel, -0.1, 0.1))


@case("step 1: momentum/conv/kernel is not what the step before left")
def state_that_is_reset(loop):
    loop.after = lambda k: loop.opt.momentums[0].assign(0 * loop.opt.momentums[0])


class Warm(keras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, *args, **kwargs):
        return super().compute_loss(x, y, y_pred / 2, *args, **kwargs)


@case("step 0: the loss is")
def temperature(loop):
    loop.kind = Warm


@case("step 0: targets that are mixed, soft")
def mixed_targets(loop):
    loop.loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    loop.data = [(x, (0.7 * np.eye(4)[y] + 0.3 * np.eye(4)[y[::-1]]).astype(np.float32)) for x, y in loop.data]


@case("step 0: the model changes gradients in the backward pass")
def stopped_gradient(loop):
    loop.layer = Own(lambda x: x + ops.stop_gradient(ops.tanh(x)))


@case("step 0: the model changes gradients in the backward pass")
def straight_through(loop):
    loop.layer = Own(with_gradient(lambda y, dy: dy))


@case("step 0: the model changes gradients in the backward pass")
def detached(loop):
    loop.layer = Own(lambda x: x + (ops.tanh(x).detach() if BACKEND == "torch" else ops.stop_gradient(ops.tanh(x))))


@case("called several times in a step")
def shared_batch_norm(loop):
    loop.layer = Twice(L.BatchNormalization())


@case("BatchNormalization with training=False")
def batch_norm_in_inference(loop):
    loop.layer = Still(L.BatchNormalization())


class Noise(L.Layer):
    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, x):
        return x + keras.random.normal(ops.shape(x), seed=self.seeds)


@case("step 0: run again on the same input, the model gives other outputs")
def noise(loop):
    loop.layer = Noise()


@case("step 0: the optimizer took gradients that are not the computed ones")
def signs_of_gradients(loop):
    apply = loop.opt._backend_apply_gradients
    loop.opt._backend_apply_gradients = lambda grads, variables: apply([ops.sign(g) for g in grads], variables)


@case("step 0: the optimizer's step did not give what SGD")
def changed_in_the_step(loop):
    apply = loop.opt._backend_apply_gradients

    def change(grads, variables):
        apply(grads, variables)
        variables[0].assign(0.9 * variables[0])
    loop.opt._backend_apply_gradients = change


class ByHand(keras.optimizers.SGD):
    pass


@case("ByHand is not replayed")
def optimizer_of_its_own(loop):
    loop.opt = ByHand(0.05)


if __name__ == "__main__":
    sys.exit(refusals.main(__doc__, Loop))
