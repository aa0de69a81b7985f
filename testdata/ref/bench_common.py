"""What the benchmarks of other frameworks share: the command line, the data, the clock.

NumPy only. Every script does the work of `gonn bench`: the study's network (7×7 1→8,
activation, 5×5 8→8, activation, dense 10), softmax cross-entropy, Adam at 1e-3, batches
of 128 of MNIST and its inverse. The pictures are bytes; choosing, scaling and inverting
them is part of a step. Each figure is a line of JSON.
"""

import argparse
import json
import statistics
import time

import numpy as np

import common

ACTS = ["leaky:-0.5", "prelu:channel", "prelu", "swish", "swish-beta", "mish"]
BATCH = 128
BATCHES = [1, 16, 128]  # of inference
SLICE = 0.05            # seconds


def spelled(act):
    """An activation's name with its sharing written out, as common.ACTIVATIONS has it."""
    return {"prelu": "prelu:element"}.get(act, act)


def arguments(doc, parts, add=lambda parser: None):
    """The command line: parts are what --only chooses from, besides activations.

    add may add flags to the parser.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2, help="seconds for each figure (default: 2)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help=f"measure only this, may be repeated: {', '.join(parts)}, or activations")
    add(parser)
    args = parser.parse_args()
    known = [*parts, *ACTS]
    for name in args.only:
        if name not in known:
            parser.error(f"--only {name}: choose from {', '.join(known)}")
    args.parts = [p for p in parts if p in args.only] or parts
    args.acts = [a for a in ACTS if a in args.only] or ACTS
    return args


def rate(step, seconds):
    """Calls of step a second: the median over short slices, after some calls for nothing."""
    for _ in range(3):
        step()
    rates = []
    end = time.perf_counter() + seconds
    while len(rates) < 3 or time.perf_counter() < end:
        start, calls = time.perf_counter(), 0
        while True:
            step()
            calls += 1
            elapsed = time.perf_counter() - start
            if elapsed >= SLICE:
                break
        rates.append(calls / elapsed)
    return statistics.median(rates)


def emit(**figure):
    """Prints a figure."""
    print(json.dumps(figure), flush=True)


def emit_train(step, seconds, **figure):
    """Measures and prints steps of training."""
    emit(what="train", **figure, batch=BATCH, samples_per_s=BATCH * rate(step, seconds))


def emit_infer(call, batch, seconds, **figure):
    """Measures and prints inference of one batch a call."""
    calls = rate(call, seconds)
    emit(what="infer", **figure, batch=batch, us=1e6 / calls, samples_per_s=batch * calls)


class Bytes:
    """MNIST as bytes, and the batches of one shuffled epoch after another.

    A batch is the numbers of the pictures, their labels, and the byte that inverts:
    p ^ 255 is 255 − p, p ^ 0 is p.
    """

    def __init__(self):
        data = common.TrainSet(common.MNIST)
        self.pixels, self.digits, self.n = data.pixels.copy(), data.digits.astype(np.int64), data.n
        self.random = np.random.default_rng(1)

    def __iter__(self):
        while True:
            order = self.random.permutation(2 * self.n)
            for lo in range(0, 2 * self.n - BATCH + 1, BATCH):
                chosen = order[lo:lo + BATCH]
                inverted = chosen >= self.n
                pictures = chosen - self.n * inverted
                yield pictures, self.digits[pictures], inverted.astype(np.uint8) * np.uint8(255)

    def first(self, count):
        """float32 [count, 1, 28, 28]: the first pictures."""
        return self.pixels[:count, None].astype(np.float32) / np.float32(255)
