"""Makes testdata/golden/optim/<framework>.json: a hundred steps of real optimizers.

    python golden_optim.py pytorch     (made with torch 2.15.0)
    python golden_optim.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

Two parameters, a "weight" of six float32 and a "bias" of three, the same hundred
gradients for every case (sizes from 1e-6 to 10, one weight without gradient at first), a
learning rate that changes between steps. Weight decay is that of the weight alone unless
decay_all. Stored: all values after the steps of KEPT, and for every step the L2 norm of
how far they are from the start.
"""

import json
import os
import pathlib
import sys

import numpy as np

TO = pathlib.Path(__file__).resolve().parent.parent / "golden" / "optim"
START = [0.5, -1.25, 0.001, 3.0, -0.75, 0.0, 0.1, -0.2, 0.0]
SCALES = [1.0, 0.01, 1e-6, 10.0, 0.3, 1e-3, 0.5, 2.0, 1e-2]
SPLIT = 6  # elements of the weight; the others are the bias
STEPS = 100
RATES = [[0.01, 0.02, 0.001][k // 3 % 3] for k in range(STEPS)]
KEPT = [1, 10, 50, 100]

SGD, RMSPROP = {"name": "sgd"}, {"name": "rmsprop"}
CASES = [
    SGD,
    {**SGD, "momentum": 0.9},
    {**SGD, "momentum": 0.9, "nesterov": True},
    {"name": "adam"},
    {"name": "adamw"},
    RMSPROP,
    {**RMSPROP, "momentum": 0.9},
    {**RMSPROP, "centered": True},
    {**RMSPROP, "momentum": 0.9, "centered": True},
    {"name": "adagrad"},
    {**SGD, "weight_decay": 0.1},
    {**SGD, "weight_decay": 0.1, "momentum": 0.9},
    {**SGD, "weight_decay": 0.1, "momentum": 0.9, "nesterov": True},
    {"name": "adam", "weight_decay": 0.1},
    {"name": "adam", "weight_decay": 0.1, "decay_all": True},
    {"name": "adamw", "weight_decay": 0.1},
    {"name": "adamw", "weight_decay": 0.1, "decay_all": True},
    {**RMSPROP, "weight_decay": 0.1},
    {"name": "adagrad", "weight_decay": 0.1},
    {**SGD, "clip_norm": 1.0},
    {**SGD, "clip_norm": 1.0, "clip_each": True},
    {**SGD, "clip_value": 0.25},
    {**SGD, "momentum": 0.9, "clip_norm": 20.0, "weight_decay": 0.1},
    {"name": "adamw", "clip_norm": 1.0},
    {**RMSPROP, "clip_norm": 1.0, "clip_each": True},
    {"name": "adagrad", "clip_value": 0.25},
]


def gradients():
    """float32 [100, 9]: a fixed pattern of signs and sizes."""
    k = np.arange(STEPS * len(START)).reshape(STEPS, len(START))
    grads = np.cos(1.7 * k + 0.3 * k % 5) * SCALES
    grads[0, 2] = 1e-6  # the first gradient of 1e-6, where the frameworks' Adam differs fourfold
    grads[:2, 5] = 0
    return grads.astype(np.float32)


def pytorch(case, grads):
    """All values after each step, and the versions."""
    import torch

    settings = {k: case[k] for k in ("momentum", "nesterov", "centered", "weight_decay") if k in case}
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
            "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}[case["name"]]
    start = torch.tensor(START)
    params = [torch.nn.Parameter(part.clone()) for part in (start[:SPLIT], start[SPLIT:])]
    groups = [{"params": params[:1]}, {"params": params[1:]}]
    if not case.get("decay_all"):
        groups[1]["weight_decay"] = 0.0
    opt = make(groups, lr=RATES[0], **settings)
    rows = []
    for g, lr in zip(grads, RATES):
        for group in opt.param_groups:
            group["lr"] = lr
        for p, part in zip(params, (g[:SPLIT], g[SPLIT:])):
            p.grad = torch.tensor(part)
        if "clip_value" in case:
            torch.nn.utils.clip_grad_value_(params, case["clip_value"])
        elif case.get("clip_each"):
            for p in params:
                torch.nn.utils.clip_grad_norm_([p], case["clip_norm"])
        elif "clip_norm" in case:
            torch.nn.utils.clip_grad_norm_(params, case["clip_norm"])
        opt.step()
        rows.append(torch.cat(params).detach().numpy().copy())
    return rows, {"torch": torch.__version__}


def keras(case, grads):
    """All values after each step, and the versions."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf

    settings = {k: case[k] for k in ("momentum", "nesterov", "centered", "weight_decay") if k in case}
    if "clip_value" in case:
        settings["clipvalue"] = case["clip_value"]
    if "clip_norm" in case:
        settings["clipnorm" if case.get("clip_each") else "global_clipnorm"] = case["clip_norm"]
    make = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW,
            "rmsprop": keras.optimizers.RMSprop, "adagrad": keras.optimizers.Adagrad}[case["name"]]
    opt = make(RATES[0], **settings)
    start = np.array(START, np.float32)
    params = [keras.Variable(part) for part in (start[:SPLIT], start[SPLIT:])]
    if not case.get("decay_all"):
        opt.exclude_from_weight_decay(var_list=[params[1]])
    rows = []
    for g, lr in zip(grads, RATES):
        opt.learning_rate = lr
        opt.apply([tf.constant(g[:SPLIT]), tf.constant(g[SPLIT:])], params)
        rows.append(np.concatenate([np.array(p) for p in params]))
    return rows, {"keras": keras.__version__, "tensorflow": tf.__version__}


def floats(array):
    """float32 values in the shortest decimals that read back the same."""
    return [float(str(v)) for v in np.asarray(array, np.float32)]


def moved(rows):
    """The L2 norm of how far the values are from the start, after each step."""
    far = np.asarray(rows, np.float64) - np.asarray(START, np.float32).astype(np.float64)
    return [float(f"{v:.9g}") for v in np.sqrt((far ** 2).sum(axis=1))]


def main():
    framework = sys.argv[1]
    step = {"pytorch": pytorch, "keras": keras}[framework]
    grads = gradients()
    cases = []
    for case in CASES:
        rows, versions = step(case, grads)
        cases.append({**case, "values": [floats(rows[k - 1]) for k in KEPT], "moved": moved(rows)})
    TO.mkdir(parents=True, exist_ok=True)
    golden = {"framework": framework, "versions": versions, "generator": "testdata/ref/golden_optim.py",
              "start": START, "split": SPLIT, "rates": RATES, "kept": KEPT,
              "grads": [floats(g) for g in grads], "cases": cases}
    (TO / f"{framework}.json").write_text(compact(golden))


def compact(golden):
    """JSON with a line for each list of numbers, so that changes can be read."""
    text = json.dumps(golden, indent=1)
    out = []
    for line in text.split("\n"):
        body = line.strip()
        number = body.rstrip(",").lstrip("-")[:1].isdigit()
        if number and out:
            out[-1] += body if out[-1].endswith("[") else " " + body
        elif body.rstrip(",") == "]" and out[-1][-1:].isdigit():
            out[-1] += body
        else:
            out.append(line)
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
