"""What study_torch.py and study_keras.py have in common: the cells, the data and the results.

The study as `gonn sweep study` repeats it: two convolutions and a dense layer (nn/preset's study)
on MNIST and its inverse, softmax cross-entropy, Adam at 1e-3 in the framework's own form, Glorot
start with biases and slopes of 0, batches of 128, 5 epochs. A tenth of the training digits, each
with its inverse, is held out; the best epoch is that of the lowest loss on it. The draw of the
held-out digits, the order of the samples and the start values depend on the seed, so the cells of
one seed are pairs. NumPy only, so that both environments can import it.
"""

import argparse
import json
import os
import pathlib
import time

import numpy as np

import common

ACTIVATIONS = ["leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1", "prelu:element", "swish", "mish"]
BATCH, EPOCHS, HELD_OUT, LR = 128, 5, 0.1, 1e-3


class TestSet(common.TrainSet):
    """The MNIST test set and its inverse, in the form of TrainSet."""

    def __init__(self, mnist):
        self.pixels = common.read_idx(mnist / "t10k-images-idx3-ubyte.gz")
        self.digits = common.read_idx(mnist / "t10k-labels-idx1-ubyte.gz")
        self.n = len(self.pixels)


class Part:
    """Samples of a set by their indices, in batches."""

    def __init__(self, data, indices):
        self.data, self.indices = data, indices

    def __len__(self):
        return len(self.indices)

    def batches(self, size):
        """(images [N,1,28,28] in float32, labels [N] in int64) at a time; the last may be smaller."""
        for at in range(0, len(self), size):
            yield self.batch(at, size)

    def batch(self, at, size):
        chosen = self.indices[at:at + size]
        return self.data.images(chosen), self.data.labels(chosen)

    def shuffled(self, seed, epoch):
        """The same samples in the order of an epoch, which counts from 1."""
        return Part(self.data, np.random.default_rng([seed, epoch]).permutation(self.indices))


class Data:
    """The parts of the study's data for a seed: fit, held_out, train (both together) and test."""

    def __init__(self, mnist, limit=0):
        self.whole, self.tests = common.TrainSet(mnist), TestSet(mnist)
        self.limit = limit  # digits of each set, 0 for all

    def digits(self, data):
        return min(self.limit or data.n, data.n)

    def split(self, seed):
        n = self.digits(self.whole)
        order = np.random.default_rng([seed, 0]).permutation(n)
        held = np.sort(order[:round(HELD_OUT * n)])
        rest = np.sort(order[len(held):])
        both = lambda data, digits: Part(data, np.concatenate([digits, digits + data.n]))
        self.fit, self.held_out = both(self.whole, rest), both(self.whole, held)
        self.train, self.test = both(self.whole, np.arange(n)), both(self.tests, np.arange(self.digits(self.tests)))


class Mean:
    """Loss and accuracy over samples, from those of batches."""

    def __init__(self):
        self.samples = self.loss = self.right = 0

    def add(self, samples, loss, right):
        """loss is the mean of the batch, right the number of right answers."""
        self.samples, self.loss, self.right = self.samples + samples, self.loss + samples * loss, self.right + right

    def result(self):
        return score(self.loss / self.samples, self.right / self.samples)


def score(loss, accuracy):
    return {"loss": round(float(loss), 6), "accuracy": round(float(accuracy), 6)}


def slopes(values):
    """Mean and standard deviation (the population's) of the slopes of each layer, by its name."""
    return {name: {"mean": round(float(v.mean()), 6), "std": round(float(v.std()), 6)} for name, v in values.items()}


class Results:
    """The JSON file of a framework, replaced as a whole after each cell."""

    def __init__(self, path, head):
        self.path, self.head, self.cells = path, head, []
        if path.exists():
            known = json.loads(path.read_text())
            self.cells = known["cells"]
            if any(known[k] != head[k] for k in ("versions", "protocol")):
                raise SystemExit(f"{path} was made with other versions or settings: give another --out, or move it away")

    def has(self, act, seed):
        return any(c["act"] == act and c["seed"] == seed for c in self.cells)

    def add(self, cell):
        self.cells.append(cell)
        head = json.dumps(self.head, indent=1)[:-2]
        lines = ",\n".join("  " + json.dumps(c) for c in self.cells)
        new = self.path.with_name(self.path.name + ".new")
        with open(new, "w") as file:
            file.write(f'{head},\n "cells": [\n{lines}\n ]\n}}\n')
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.path)


def main(doc, framework, versions, train):
    """Trains every cell that is not in the file yet: train(act, seed, data, epochs) gives its results."""
    script = f"study_{framework}.py"
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--out", type=pathlib.Path, default=common.REF / f"study_{framework}.json")
    parser.add_argument("--mnist", type=pathlib.Path, default=common.MNIST, help="folder of the four MNIST .gz files")
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1, 2, … of each activation")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--limit", type=int, default=0, help="digits of each set, for a trial; 0 for all")
    args = parser.parse_args()
    results = Results(args.out, {
        "framework": framework, "versions": versions, "generator": f"testdata/ref/{script}",
        "command": f"python testdata/ref/{script} --seeds {args.seeds}",
        "protocol": {"batch": BATCH, "epochs": args.epochs, "lr": LR, "held_out": HELD_OUT, "limit": args.limit},
    })
    data = Data(args.mnist, args.limit)
    cells = [(act, seed) for seed in range(1, args.seeds + 1) for act in ACTIVATIONS]
    for i, (act, seed) in enumerate(cells):
        if results.has(act, seed):
            continue
        data.split(seed)
        began = time.process_time()
        cell = {"act": act, "seed": seed} | train(act, seed, data, args.epochs)
        cell["cpu_seconds"] = round(time.process_time() - began)
        results.add(cell)
        print(f"{i + 1} of {len(cells)}: {act} seed {seed}: test loss {cell['last']['test']['loss']:.4f},"
              f" {cell['cpu_seconds']} s of CPU", flush=True)
