"""Makes testdata/golden/optim/schedule-<framework>.json: the learning rate of each of a
hundred steps under real schedulers, and of each of a hundred epochs under
ReduceLROnPlateau.

    python golden_schedule.py pytorch     (made with torch 2.15.0)
    python golden_schedule.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

An epoch has five steps. Each case is a schedule as gonn spells it ("schedule", "warmup")
beside what the framework calls it.
"""

import os
import sys

import numpy as np

from golden_optim import TO, compact

STEPS, PER_EPOCH, LR = 100, 5, 0.01
EPOCHS = STEPS // PER_EPOCH


def losses():
    """A hundred losses: they fall, stay, fall by less than 1e-4, get worse, fall again.
    None is so near to a threshold that rounding could decide."""
    out = [2 * 0.8 ** k for k in range(10)]
    out += [out[-1]] * 12                                      # no change
    out += [out[-1] - 3e-5 * (k + 1) for k in range(12)]       # falls by too little, then by enough
    out += [0.5 + 0.01 * (k % 3) for k in range(25)]           # worse
    out += [0.2 * 0.9 ** k for k in range(12)]                 # better each time
    out += [0.06 + 0.02 * np.cos(2.1 * k) for k in range(29)]  # to and fro
    return [float(np.float32(v)) for v in out]


PLATEAUS = [
    {"schedule": "plateau:0.5:3:0:0", "factor": 0.5, "patience": 3},
    {"schedule": "plateau:0.1:10:0:0", "factor": 0.1, "patience": 10},
    {"schedule": "plateau:0.5:2:4:0", "factor": 0.5, "patience": 2, "cooldown": 4},
    {"schedule": "plateau:0.5:1:1:0.001", "factor": 0.5, "patience": 1, "cooldown": 1, "min_lr": 0.001},
    {"schedule": "plateau:0.5:0:0:0", "factor": 0.5, "patience": 0},
]


def pytorch():
    import torch
    from torch.optim import lr_scheduler as s

    def optimizer():
        return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR)

    def rates(make, every=1):
        opt = optimizer()
        scheduler, out = make(opt), []
        for k in range(STEPS):
            out.append(opt.param_groups[0]["lr"])
            opt.step()
            if (k + 1) % every == 0 and k + 1 < STEPS:
                scheduler.step()
        return out

    def warm(after, steps=20, start=0.1):
        return lambda o: s.SequentialLR(o, [s.LinearLR(o, start, 1.0, steps), after(o)], [steps])

    cases = [
        ("step:30steps", "", "StepLR(30)", rates(lambda o: s.StepLR(o, 30))),
        ("step:3:0.5", "", "StepLR(3, 0.5) by epoch", rates(lambda o: s.StepLR(o, 3, 0.5), PER_EPOCH)),
        ("multistep:20steps,21steps,70steps:0.3", "", "MultiStepLR([20, 21, 70], 0.3)", rates(lambda o: s.MultiStepLR(o, [20, 21, 70], 0.3))),
        ("multistep:4,16", "", "MultiStepLR([4, 16]) by epoch", rates(lambda o: s.MultiStepLR(o, [4, 16]), PER_EPOCH)),
        ("exponential:0.97:1steps", "", "ExponentialLR(0.97)", rates(lambda o: s.ExponentialLR(o, 0.97))),
        ("by-epoch:exponential:0.9", "", "ExponentialLR(0.9) by epoch", rates(lambda o: s.ExponentialLR(o, 0.9), PER_EPOCH)),
        ("cosine", "", "CosineAnnealingLR(100)", rates(lambda o: s.CosineAnnealingLR(o, STEPS))),
        ("cosine:0.001", "", "CosineAnnealingLR(100, 0.001)", rates(lambda o: s.CosineAnnealingLR(o, STEPS, 0.001))),
        ("by-epoch:cosine:0.001", "", "CosineAnnealingLR(20, 0.001) by epoch", rates(lambda o: s.CosineAnnealingLR(o, EPOCHS, 0.001), PER_EPOCH)),
        ("onecycle", "", "OneCycleLR", rates(lambda o: s.OneCycleLR(o, LR, STEPS, cycle_momentum=False))),
        ("onecycle:0.45:10:100", "", "OneCycleLR", rates(lambda o: s.OneCycleLR(
            o, LR, STEPS, pct_start=0.45, div_factor=10, final_div_factor=100, cycle_momentum=False))),
        ("constant", "30steps:0.25", "LinearLR(0.25, 1, 30)", rates(lambda o: s.LinearLR(o, 0.25, 1.0, 30))),
        ("cosine:0.002", "20steps:0.1", "SequentialLR(LinearLR, CosineAnnealingLR(80, 0.002))", rates(warm(lambda o: s.CosineAnnealingLR(o, STEPS - 20, 0.002)))),
        ("step:6", "4:0.1", "SequentialLR(LinearLR, StepLR(30))", rates(warm(lambda o: s.StepLR(o, 30)))),
    ]

    def plateau(case):
        opt, out = optimizer(), []
        scheduler = s.ReduceLROnPlateau(opt, **{k: v for k, v in case.items() if k != "schedule"})
        for loss in losses():
            scheduler.step(loss)
            out.append(opt.param_groups[0]["lr"])
        return out

    return cases, plateau, {"torch": torch.__version__}


def keras():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf
    s = keras.optimizers.schedules

    def rates(schedule):
        return [float(schedule(tf.constant(k))) for k in range(STEPS)]

    cases = [
        ("step:30steps", "", "ExponentialDecay(30, 0.1, staircase)", rates(s.ExponentialDecay(LR, 30, 0.1, staircase=True))),
        ("step:3:0.5", "", "ExponentialDecay(15, 0.5, staircase)", rates(s.ExponentialDecay(LR, 3 * PER_EPOCH, 0.5, staircase=True))),
        ("multistep:20steps,70steps:0.5", "", "PiecewiseConstantDecay([19, 69])", rates(s.PiecewiseConstantDecay([19, 69], [LR, LR / 2, LR / 4]))),
        ("exponential:0.96:10steps", "", "ExponentialDecay(10, 0.96)", rates(s.ExponentialDecay(LR, 10, 0.96))),
        ("exponential:0.5:4", "", "ExponentialDecay(20, 0.5)", rates(s.ExponentialDecay(LR, 4 * PER_EPOCH, 0.5))),
        ("cosine", "", "CosineDecay(100)", rates(s.CosineDecay(LR, STEPS))),
        ("cosine:0.001:70steps", "", "CosineDecay(70, alpha=0.1)", rates(s.CosineDecay(LR, 70, alpha=0.1))),
        ("cosine:0.001", "20steps", "CosineDecay(80, alpha=0.1, warmup_steps=20)", rates(
            s.CosineDecay(0.0, STEPS - 20, alpha=0.1, warmup_target=LR, warmup_steps=20))),
        ("cosine:0:16", "2:0.1", "CosineDecay(70, warmup_steps=10)", rates(
            s.CosineDecay(LR / 10, 14 * PER_EPOCH, warmup_target=LR, warmup_steps=2 * PER_EPOCH))),
    ]

    def plateau(case):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(LR), "mse")
        callback = keras.callbacks.ReduceLROnPlateau(**{k: v for k, v in case.items() if k != "schedule"})
        callback.set_model(model)
        callback.on_train_begin()
        out = []
        for epoch, loss in enumerate(losses()):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            out.append(float(model.optimizer.learning_rate))
        return out

    return cases, plateau, {"keras": keras.__version__, "tensorflow": tf.__version__}


def numbers(values):
    return [float(f"{v:.10g}") for v in values]


def main():
    framework = sys.argv[1]
    cases, plateau, versions = {"pytorch": pytorch, "keras": keras}[framework]()
    golden = {
        "framework": framework, "versions": versions, "generator": "testdata/ref/golden_schedule.py",
        "lr": LR, "steps_per_epoch": PER_EPOCH, "epochs": EPOCHS,
        "cases": [{"schedule": c, "warmup": w, "is": what, "rates": numbers(r)} for c, w, what, r in cases],
        "losses": losses(),
        "plateaus": [{"schedule": c["schedule"], "rates": numbers(plateau(c))} for c in PLATEAUS],
    }
    (TO / f"schedule-{framework}.json").write_text(compact(golden))


if __name__ == "__main__":
    main()
