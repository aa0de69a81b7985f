"""What is recorded: small trainings, one for each optimizer, the same in every framework.

Each case names a network, an optimizer with its settings, and what stands around it: a schedule,
clipping, label smoothing. Batches are made from a seed.
"""

import math

import numpy as np

# name: network, optimizer, settings in PyTorch's words, further keys
CASES = {
    "sgd": ("conv", "sgd", {"lr": 0.03}, {}),
    "momentum-cosine": ("norm", "sgd", {"lr": 0.03, "momentum": 0.9}, {"schedule": "cosine"}),
    "nesterov-decay": ("conv", "sgd", {"lr": 0.01, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}, {"smoothing": 0.1}),
    "adam": ("norm", "adam", {"lr": 0.003}, {}),
    "adam-clipped": ("dropout", "adam", {"lr": 0.002, "betas": (0.8, 0.95), "eps": 1e-5}, {"clip": 0.5}),
    "adamw": ("conv", "adamw", {"lr": 0.002, "weight_decay": 0.05}, {"schedule": "step"}),
    "rmsprop-centered": ("norm", "rmsprop", {"lr": 0.001, "momentum": 0.5, "centered": True}, {}),
    "rmsprop": ("values", "rmsprop", {"lr": 0.002}, {"loss": "mse"}),
    "adagrad": ("conv", "adagrad", {"lr": 0.01}, {"clip_value": 0.02}),
}
# In PyTorch alone: a schedule of the first beta, and a BatchNorm without weight and bias.
PYTORCH_CASES = {"adam-one-cycle": ("norm", "adam", {"lr": 0.003}, {"one_cycle": True, "affine": False})}
# Kept in the repository, beside all of them for PyTorch and Keras on TensorFlow.
OTHER_BACKENDS = ("momentum-cosine", "adam-clipped")
CLASSES, BATCH = 5, 8
INPUT = {"conv": (2, 7, 6), "norm": (2, 7, 6), "dropout": (2, 7, 6), "values": (6,)}
BIG = {"conv": (3, 20, 18), "norm": (3, 20, 18), "dropout": (3, 20, 18), "values": (40,)}


def batches(network, steps, big=False):
    """Batches (x, y) of `steps` steps; x in C,H,W, and y classes, or three values of "values"."""
    rng = np.random.default_rng(7)
    shape = (BIG if big else INPUT)[network]
    means = rng.normal(0, 0.7, (CLASSES, *shape))
    lift = rng.normal(0, 1, (int(np.prod(shape)), 3))
    for _ in range(steps):
        y = rng.integers(0, CLASSES, BATCH * (8 if big else 1))
        x = (means[y] + rng.normal(0, 1, (len(y), *shape))).astype(np.float32)
        if network == "values":
            y = np.tanh(x.reshape(len(x), -1) @ lift / 3).astype(np.float32)
        yield x, y


def rate(lr, schedule, step, steps):
    """The learning rate of a step."""
    if schedule == "cosine":
        return lr * (1 + math.cos(math.pi * step / steps)) / 2
    return lr * 0.5 ** (step // 3) if schedule == "step" else lr
