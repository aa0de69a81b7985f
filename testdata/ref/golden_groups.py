"""Makes testdata/golden/optim/groups-pytorch.json: steps of real optimizers with parameter
groups of different rates and weight decays under a scheduler, and a frozen parameter.

    python golden_groups.py     (made with torch 2.15.0)

Four parameters in three groups; the last of the first group is frozen
(requires_grad=False). A group without "lr" or "weight_decay" has the optimizer's. Stored:
the rate of each group at every step, by schedule, and all values after the steps of KEPT.
"""

import json
import math

import numpy as np
import torch
from torch.optim import lr_scheduler

from golden_optim import TO, compact, floats

PARAMS = [
    {"start": [0.5, -1.25, 0.001, 3.0], "group": 0, "frozen": False},
    {"start": [1.5, -0.5], "group": 0, "frozen": True},
    {"start": [-0.75, 0.25, 0.1], "group": 1, "frozen": False},
    {"start": [0.1, -0.2], "group": 2, "frozen": False},
]
GROUPS = [{}, {"lr": 0.05, "weight_decay": 0.0}, {"lr": 0.002, "weight_decay": 0.3}]
LR, STEPS, KEPT = 0.01, 40, [1, 2, 10, 40]
SCHEDULES = {
    "exponential": lambda opt: lr_scheduler.ExponentialLR(opt, 0.93),
    "lambda": lambda opt: lr_scheduler.LambdaLR(opt, lambda k: 0.5 + 0.5 * math.cos(0.3 * k)),
}
CASES = [
    {"name": "sgd", "momentum": 0.9, "schedule": "exponential"},
    {"name": "sgd", "momentum": 0.9, "nesterov": True, "schedule": "lambda", "clip_norm": 1.0},
    {"name": "adam", "schedule": "exponential"},
    {"name": "adam", "schedule": "lambda", "clip_norm": 0.5},
    {"name": "adamw", "schedule": "exponential"},
    {"name": "adamw", "schedule": "lambda"},
    {"name": "rmsprop", "momentum": 0.9, "schedule": "lambda"},
    {"name": "adagrad", "schedule": "exponential"},
]
DECAY = 0.1
MAKE = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}


def gradients():
    """float32 [STEPS, 11]: a fixed pattern, also for the frozen parameter."""
    n = sum(len(p["start"]) for p in PARAMS)
    k = np.arange(STEPS * n).reshape(STEPS, n)
    return (np.cos(1.7 * k) * np.tile([1.0, 0.01, 10.0], n)[:n]).astype(np.float32)


def run(case, grads):
    settings = {k: case[k] for k in ("momentum", "nesterov") if k in case}
    params = [torch.nn.Parameter(torch.tensor(p["start"]), requires_grad=not p["frozen"]) for p in PARAMS]
    groups = [{**g, "params": [p for p, q in zip(params, PARAMS) if q["group"] == i]} for i, g in enumerate(GROUPS)]
    opt = MAKE[case["name"]](groups, lr=LR, weight_decay=DECAY, **settings)
    scheduler = SCHEDULES[case["schedule"]](opt)
    ends = np.cumsum([len(p["start"]) for p in PARAMS])[:-1]
    rows = []
    for row in grads:
        for p, g in zip(params, np.split(row, ends)):
            if p.requires_grad:
                p.grad = torch.tensor(g)
        if "clip_norm" in case:
            torch.nn.utils.clip_grad_norm_(params, case["clip_norm"])
        opt.step()
        scheduler.step()
        rows.append(torch.cat(params).detach().numpy().copy())
    return {**case, "values": [floats(rows[k - 1]) for k in KEPT]}


def rates(schedule):
    """The rate of each group at every step."""
    opt = torch.optim.SGD([{**g, "params": [torch.nn.Parameter(torch.zeros(1))]} for g in GROUPS], lr=LR)
    scheduler, rows = SCHEDULES[schedule](opt), []
    for _ in range(STEPS):
        rows.append([g["lr"] for g in opt.param_groups])
        opt.step()
        scheduler.step()
    return rows


def main():
    grads = gradients()
    golden = {
        "framework": "pytorch", "versions": {"torch": torch.__version__}, "generator": "testdata/ref/golden_groups.py",
        "lr": LR, "weight_decay": DECAY, "params": PARAMS, "groups": GROUPS, "kept": KEPT,
        "rates": {s: rates(s) for s in SCHEDULES},
        "grads": [floats(g) for g in grads], "cases": [run(c, grads) for c in CASES],
    }
    (TO / "groups-pytorch.json").write_text(compact(golden))


if __name__ == "__main__":
    main()
