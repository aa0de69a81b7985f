"""Records the trainings of bundle_cases.py in PyTorch.

    gonn record pytorch --out gonn_record.py
    python bundles_pytorch.py --recorder gonn_record.py             (what the repository keeps)
    python bundles_pytorch.py --recorder gonn_record.py --big --steps 100 FOLDER

Made with the versions of requirements-torch.txt. `gonn compare FOLDER/CASE` replays one.
"""

import argparse
import importlib.util
import pathlib
import shutil

import torch
from torch import nn

import bundle_cases as cases
import common

torch.set_num_threads(1)


def network(name, big, affine=True):
    """The network of a case; the big one has more channels."""
    if name == "values":
        n = 40 if big else 6
        return nn.Sequential(nn.Linear(n, 2 * n), nn.SiLU(), nn.Linear(2 * n, 3))
    c, k = (16, 3) if big else (3, 2)
    layers = [nn.Conv2d(3 if big else 2, c, 3), nn.PReLU(c)]
    if name == "norm":
        layers[1:] = [nn.BatchNorm2d(c, affine=affine), nn.ReLU()]
    layers += [nn.MaxPool2d(2), nn.Conv2d(c, c + 1, k, bias=name != "norm"), nn.LeakyReLU(-0.5) if name == "conv" else nn.Mish(), nn.Flatten()]
    if name == "dropout":
        layers.append(nn.Dropout(0.25))
    return nn.Sequential(*layers, nn.LazyLinear(cases.CLASSES))


CASES = cases.CASES | cases.PYTORCH_CASES
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}


def record(recorder, case, folder, steps, big):
    name, optimizer, settings, more = CASES[case]
    torch.manual_seed(3)
    model = network(name, big, more.get("affine", True))
    data = list(cases.batches(name, steps, big))
    with torch.no_grad():
        model.eval()(torch.from_numpy(data[0][0]))
    model.train()
    loss = nn.MSELoss() if more.get("loss") == "mse" else nn.CrossEntropyLoss(label_smoothing=more.get("smoothing", 0.0))
    opt = OPTIMIZERS[optimizer](model.parameters(), **settings)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, settings["lr"], total_steps=steps + 1) if more.get("one_cycle") else None
    with recorder.Recorder(model, loss, opt, folder):
        for k, (x, y) in enumerate(data):
            for group in opt.param_groups if schedule is None else ():
                group["lr"] = cases.rate(settings["lr"], more.get("schedule"), k, steps)
            opt.zero_grad()
            loss(model(torch.from_numpy(x)), torch.from_numpy(y)).backward()
            if "clip" in more:
                nn.utils.clip_grad_norm_(model.parameters(), more["clip"])
            if "clip_value" in more:
                nn.utils.clip_grad_value_(model.parameters(), more["clip_value"])
            opt.step()
            if schedule:
                schedule.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=common.GOLDEN / "bundles" / "pytorch")
    parser.add_argument("--recorder", required=True, help="what `gonn record pytorch` wrote")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--big", action="store_true")
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("gonn_record", args.recorder)
    recorder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    for case in CASES if not args.case else args.case:
        shutil.rmtree(args.folder / case, ignore_errors=True)
        record(recorder, case, args.folder / case, args.steps, args.big)
        print(case)


if __name__ == "__main__":
    main()
