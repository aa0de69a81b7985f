"""Makes testdata/golden/activations/<framework>.npz and .json: activations alone.

    python golden_activations.py pytorch     (made with torch 2.15.0)
    python golden_activations.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

Each function of gonn's table that the framework has, on one vector of float32: both
zeros, denormals, every kink and both its sides, small and large values, the infinities
and NaN. Stored are f(x) and the derivative that the framework's own backward pass gives.
"""

import json
import os
import sys

import numpy as np

import common

TO = common.GOLDEN / "activations"
KINKS = [0.25, 0.5, 1, 2, 2.5, 3, 6, 20]
SIZES = [1e-45, 1e-40, 1.2e-38, 1e-30, 1e-20, 1e-10, 1e-6, 1e-4, 1e-3, 0.01, 0.03, 0.1,
         9, 10, 12, 15, 17, 25, 30, 50, 87, 89, 104, 150, 1000, 1e5, 1e10, 1e20, 1e37, np.inf]
BESIDE = 1e-6  # of the kink: its nearest neighbours are rounded away in x + 3


def points():
    """The vector x."""
    kinks = np.array(KINKS)
    near = np.concatenate([kinks, kinks * (1 - BESIDE), kinks * (1 + BESIDE)])
    half = np.concatenate([[0], SIZES, near, np.arange(0.07, 8, 0.23)]).astype(np.float32)
    return np.concatenate([half, -half, [np.nan]]).astype(np.float32)


def pytorch_functions():
    """Spelling in gonn → PyTorch's function."""
    import torch
    import torch.nn.functional as F

    return {
        "linear": torch.nn.Identity(),
        "relu": F.relu,
        "leaky:-0.5": lambda v: F.leaky_relu(v, -0.5),
        "leaky:0.01": F.leaky_relu,
        "prelu:one:0.25": torch.nn.PReLU(),
        "swish": F.silu,
        "mish": F.mish,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "elu": F.elu,
        "elu:0.5": lambda v: F.elu(v, 0.5),
        "elu:-0.5": lambda v: F.elu(v, -0.5),
        "selu": F.selu,
        "celu": F.celu,
        "celu:0.5": lambda v: F.celu(v, 0.5),
        "celu:3": lambda v: F.celu(v, 3.0),
        "gelu": F.gelu,
        "gelu-tanh": lambda v: F.gelu(v, approximate="tanh"),
        "hardswish": F.hardswish,
        "hardsigmoid": F.hardsigmoid,
        "softplus": F.softplus,
        "softplus:0.5": lambda v: F.softplus(v, 0.5),
        "softplus:10": lambda v: F.softplus(v, 10.0),
        "logsigmoid": F.logsigmoid,
        "softsign": F.softsign,
        "relu6": F.relu6,
        "relu6:1": lambda v: F.hardtanh(v, 0.0, 1.0),
        "relu6:2.5": lambda v: F.hardtanh(v, 0.0, 2.5),
        "thresholded-relu": lambda v: F.threshold(v, 1.0, 0.0),
        "thresholded-relu:-0.5": lambda v: F.threshold(v, -0.5, 0.0),
    }


def pytorch(x):
    """Spelling in gonn → (f(x), f'(x)), and the versions."""
    import torch

    results = {}
    for name, f in pytorch_functions().items():
        v = torch.tensor(x, requires_grad=True)
        y = f(v)
        grad, = torch.autograd.grad(y, v, torch.ones_like(y))
        results[name] = y.detach().numpy(), grad.numpy()
    return results, {"torch": torch.__version__}


def keras_functions():
    """Spelling in gonn → Keras's function or layer."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    from keras import activations as A
    from keras import layers as L

    return {
        "linear": A.linear,
        "relu": A.relu,
        "leaky:0.01": L.LeakyReLU(0.01),
        "leaky:0.3": L.LeakyReLU(),
        "prelu:one:0.25": L.PReLU(keras.initializers.Constant(0.25), shared_axes=[1]),
        "swish": A.silu,
        "mish": A.mish,
        "sigmoid": A.sigmoid,
        "tanh": A.tanh,
        "elu": A.elu,
        "elu:0.5": L.ELU(0.5),
        "elu:-0.5": L.ELU(-0.5),
        "selu": A.selu,
        "celu": A.celu,
        "celu:0.5": lambda v: A.celu(v, 0.5),
        "celu:3": lambda v: A.celu(v, 3.0),
        "gelu": A.gelu,
        "gelu-tanh": lambda v: A.gelu(v, approximate=True),
        "hardswish": A.hard_silu,
        "hardsigmoid": A.hard_sigmoid,
        "softplus": A.softplus,
        "logsigmoid": A.log_sigmoid,
        "softsign": A.softsign,
        "relu6": L.ReLU(max_value=6.0),
        "relu6:1": L.ReLU(max_value=1.0),
        "relu6:2.5": L.ReLU(max_value=2.5),
        "thresholded-relu": L.ReLU(threshold=1.0),
        "thresholded-relu:-0.5": lambda v: A.threshold(v, -0.5, 0.0),
    }


def keras(x):
    """Spelling in gonn → (f(x), f'(x)), and the versions."""
    functions = keras_functions()
    import keras
    import tensorflow as tf

    results = {}
    for name, f in functions.items():
        v = tf.constant(x[None])
        with tf.GradientTape() as tape:
            tape.watch(v)
            y = f(v)
        results[name] = np.array(y)[0], np.array(tape.gradient(y, v))[0]
    return results, {"keras": keras.__version__, "tensorflow": tf.__version__}


def main():
    framework = sys.argv[1]
    x = points()
    with np.errstate(all="ignore"):
        results, versions = {"pytorch": pytorch, "keras": keras}[framework](x)
    tensors = {"x": x}
    for name, (y, grad) in results.items():
        tensors |= {f"{name}/f": y.astype(np.float32), f"{name}/grad": grad.astype(np.float32)}
    common.save_npz(TO / f"{framework}.npz", tensors)
    golden = {"framework": framework, "versions": versions, "activations": list(results),
              "generator": "testdata/ref/golden_activations.py"}
    (TO / f"{framework}.json").write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
