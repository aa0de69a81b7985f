"""Makes testdata/golden/optim/<framework>.json: ten steps of real optimizers.

    python golden_optim.py pytorch     (made with torch 2.15.0)
    python golden_optim.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

One vector of six float32 weights, the same ten gradients for every case (sizes
from 1e-6 to 10, one weight without gradient at first), a learning rate that
changes between steps. Weights after every step are stored.
"""

import json
import os
import pathlib
import sys

import numpy as np

TO = pathlib.Path(__file__).resolve().parent.parent / "golden" / "optim"
START = [0.5, -1.25, 0.001, 3.0, -0.75, 0.0]
SCALES = [1.0, 0.01, 1e-6, 10.0, 0.3, 1e-3]
RATES = [0.01] * 3 + [0.02] * 3 + [0.001] * 4
CASES = [
    {"name": "sgd", "momentum": 0.0, "nesterov": False},
    {"name": "sgd", "momentum": 0.9, "nesterov": False},
    {"name": "sgd", "momentum": 0.9, "nesterov": True},
    {"name": "adam", "momentum": 0.0, "nesterov": False},
]


def gradients():
    """float32 [10, 6]: a fixed pattern of signs and sizes."""
    k = np.arange(60).reshape(10, 6)
    grads = np.cos(1.7 * k + 0.3 * k % 5) * SCALES
    grads[0, 2] = 1e-6  # the first gradient of 1e-6, where the frameworks' Adam differs fourfold
    grads[:2, 5] = 0
    return grads.astype(np.float32)


def pytorch(case, grads):
    """Weights after each step, and the versions."""
    import torch

    w = torch.nn.Parameter(torch.tensor(START))
    opt = (torch.optim.Adam([w], lr=RATES[0]) if case["name"] == "adam" else
           torch.optim.SGD([w], lr=RATES[0], momentum=case["momentum"], nesterov=case["nesterov"]))
    rows = []
    for g, lr in zip(grads, RATES):
        opt.param_groups[0]["lr"] = lr
        w.grad = torch.tensor(g)
        opt.step()
        rows.append(w.detach().numpy().copy())
    return rows, {"torch": torch.__version__}


def keras(case, grads):
    """Weights after each step, and the versions."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf

    w = keras.Variable(np.array(START, np.float32))
    opt = (keras.optimizers.Adam(RATES[0]) if case["name"] == "adam" else
           keras.optimizers.SGD(RATES[0], momentum=case["momentum"], nesterov=case["nesterov"]))
    rows = []
    for g, lr in zip(grads, RATES):
        opt.learning_rate = lr
        opt.apply([tf.constant(g)], [w])
        rows.append(np.array(w).copy())
    return rows, {"keras": keras.__version__, "tensorflow": tf.__version__}


def floats(array):
    """float32 values in the shortest decimals that read back the same."""
    return [float(str(v)) for v in np.asarray(array, np.float32)]


def main():
    framework = sys.argv[1]
    step = {"pytorch": pytorch, "keras": keras}[framework]
    grads = gradients()
    cases = []
    for case in CASES:
        rows, versions = step(case, grads)
        cases.append({**case, "weights": [floats(r) for r in rows]})
    TO.mkdir(parents=True, exist_ok=True)
    golden = {"framework": framework, "versions": versions, "generator": "testdata/ref/golden_optim.py",
              "start": START, "rates": RATES, "grads": [floats(g) for g in grads], "cases": cases}
    (TO / f"{framework}.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
