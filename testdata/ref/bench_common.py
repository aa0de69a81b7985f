"""What the benchmarks of other frameworks share: the command line, the data, the clock.

NumPy only. Every script does the work of `gonn bench --net NET --act ACT`: a preset of gonn's,
softmax cross-entropy, Adam at 1e-3, batches of 128. The pictures are bytes: MNIST and its
inverse for networks of grey pictures of 28×28, else random ones. Choosing, scaling and
inverting them is part of a step. Each figure is a line of JSON.
"""

import argparse
import json
import statistics
import time

import numpy as np

import common
import presets

NETS = list(presets.SHAPES)
ACTS = ["relu", "prelu:channel", "hardswish", "mish", "gelu", "elu"]
STUDY_ACTS = ["leaky:-0.5", "prelu", "swish", "swish-beta"]  # more, which the study looks at
BATCH = 128
BATCHES = [1, 16, 128]  # of inference
PICTURES = 1024         # random ones, as in gonn
SLICE = 0.05            # seconds


def spelled(act):
    """An activation's name with its sharing written out: gonn's default is one for each element."""
    return {"prelu": "prelu:element", "swish-beta": "swish-beta:element"}.get(act, act)


def arguments(doc, parts, modes=(), add=lambda parser: None):
    """The command line: parts are what --only chooses from, modes what --mode does.

    add may add flags to the parser.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2, help="seconds for each figure (default: 2)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")

    def choice(flag, choices, default, what):
        parser.add_argument(flag, action="append", choices=choices,
                            help=f"measure only this {what}, may be repeated (default: {', '.join(default)})")

    choice("--net", NETS, NETS, "network")
    choice("--act", ACTS + STUDY_ACTS, ACTS, "activation")
    choice("--only", parts, parts, "part")
    if modes:
        choice("--mode", modes, modes, "mode")
    add(parser)
    args = parser.parse_args()
    args.nets, args.acts, args.parts = args.net or NETS, args.act or ACTS, args.only or parts
    args.modes = (args.mode or modes) if modes else []
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


def emit_failure(error, **figure):
    """Says that a mode does not work here."""
    emit(what="failed", **figure, error=f"{type(error).__name__}: {error}"[:500])


class Bytes:
    """Pictures as bytes, and the batches of one shuffled epoch after another.

    A batch is the numbers of the pictures, their labels, and the byte that inverts: p ^ 255 is
    255 − p, p ^ 0 is p. Random pictures are not inverted: then it is None.
    """

    def __init__(self, net):
        shape = presets.SHAPES[net]
        self.random = np.random.default_rng(1)
        self.inverts = shape == (1, 28, 28)
        if self.inverts:
            data = common.TrainSet(common.MNIST)
            self.pixels, self.digits = data.pixels[:, None].copy(), data.digits.astype(np.int64)
        else:
            self.pixels = self.random.integers(0, 256, (PICTURES, *shape), np.uint8)
            self.digits = self.random.integers(0, presets.CLASSES, PICTURES)
        self.n = len(self.pixels)

    def __iter__(self):
        samples = 2 * self.n if self.inverts else self.n
        while True:
            order = self.random.permutation(samples)
            for lo in range(0, samples - BATCH + 1, BATCH):
                chosen = order[lo:lo + BATCH]
                inverted = chosen >= self.n
                pictures = chosen - self.n * inverted
                flip = inverted.astype(np.uint8) * np.uint8(255) if self.inverts else None
                yield pictures, self.digits[pictures], flip

    def first(self, count):
        """float32 [count, C, H, W]: the first pictures."""
        return self.pixels[:count].astype(np.float32) / np.float32(255)
