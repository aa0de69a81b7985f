"""Runs gonn's AVX-512 kernels on an emulated processor and checks what they compute.

    CGO_ENABLED=0 go test -c -o kernel.test ./nn/internal/kernel
    python testdata/ref/check_avx512.py kernel.test

Go tests the same kernels where the processor has AVX-512; this is for machines without.
Kernels for single samples, pools and fast convolutions are left to Go's tests on
processors that have AVX-512: their count is told. Tiles of convolutions and weight
gradients are held against loops in NumPy; elementwise kernels against their AVX2 form,
which Go tests, on the same values. All of the data is compared, so a store at a wrong
place shows too. Exit 1 if anything differs.
"""

import os
import pathlib
import re
import sys

import numpy as np
from emulator import Machine, struct_fields

KERNELS = pathlib.Path(__file__).parents[2] / "nn/internal/kernel"
rng = np.random.default_rng(1)


def fields_of(name):
    return struct_fields((KERNELS / "args.go").read_text(), name)


class Run:
    """One call: named fields of the struct, data in the machine's memory."""

    def __init__(self, machine, function, fields):
        self.machine, self.function, self.fields = machine, function, fields
        self.values = dict.fromkeys(fields, 0)
        self.used = 16
        machine.floats[: 1 << 20] = rng.normal(size=1 << 20).astype(np.float32)

    def array(self, size):
        """Index of a stretch of floats, with room around it."""
        at = self.used
        self.used += size + 16
        return at

    def address(self, index):
        return self.machine.data + 4 * int(index)

    def go(self):
        before = self.machine.floats[: 1 << 20].copy()
        self.machine.call(self.function, [self.values[f] for f in self.fields])
        return before, self.machine.floats[: 1 << 20]


def compare(run, want, got, scale):
    worst = np.abs(got.astype(np.float64) - want).max()
    if not worst <= 2e-6 * max(scale, 1):
        at = np.abs(got.astype(np.float64) - want).argmax()
        raise AssertionError(f"{run.function}: float {at} is {got[at]}, want {want[at]}")
    return worst


def conv_tile(machine, fields, channels, vectors, add, bias):
    r = Run(machine, f"conv{channels}x{vectors}AVX512", fields)
    kw, kh, n, groups, tiles = (int(v) for v in rng.integers(1, 4, 5))
    width = 16 * vectors * tiles
    pitch = width + 16 * (kw - 1)
    plane = pitch * kh
    x, w = r.array(plane * n), r.array(groups * channels * n * kh * kw)
    y, b = r.array(groups * channels * width), r.array(groups * channels)
    oc = n * kh * kw
    r.values.update(
        y=r.address(y), yV=64, yOC=4 * width, x=r.address(x), xV=64, xK=64,
        xR=4 * (pitch - 16 * kw), xC=4 * (plane - kh * pitch), w=r.address(w), wOC=4 * oc, wK=4, wR=0, wC=0,
        bias=r.address(b), biasGS=4 * channels if bias else 0, yGS=4 * channels * width, wGS=4 * channels * oc,
        add=add, kw=kw, kh=kh, groups=groups, tiles=tiles,
    )
    r.values["in"] = n
    before, after = r.go()
    want = before.astype(np.float64)
    for o in range(groups * channels):
        first = b + (o if bias else o % channels)
        total = want[y + o * width : y + (o + 1) * width].copy() if add else np.full(width, want[first])
        for c in range(n):
            for ky in range(kh):
                for kx in range(kw):
                    at = x + c * plane + ky * pitch + 16 * kx
                    total += want[w + o * oc + (c * kh + ky) * kw + kx] * before[at : at + width]
        want[y + o * width : y + (o + 1) * width] = total
    return compare(r, want, after, 10)


def grad_tile(machine, fields, channels, weights):
    r = Run(machine, f"grad{channels}x{weights}AVX512", fields)
    vectors, rows, tiles = (int(v) for v in rng.integers(1, 7, 3))
    pitch = 16 * (vectors + weights + tiles)
    dy, x = r.array(channels * rows * vectors * 16 + 64), r.array(pitch * (rows + 1))
    dw = r.array(channels * 64)
    r.values.update(
        dw=r.address(dw), dwOC=4 * 64, dwB=4, dwA=4 * 8,
        dy=r.address(dy), dyV=64, dyOC=4 * rows * vectors * 16, dyR=0, dyA=4,
        x=r.address(x), xV=64, xB=64, xR=4 * (pitch - 16 * vectors), xA=64,
        vectors=vectors, rows=rows, tiles=tiles,
    )
    before, after = r.go()
    want = before.astype(np.float64)
    for t in range(tiles):
        for o in range(channels):
            for b in range(weights):
                total = 0.0
                for row in range(rows):
                    g = dy + o * rows * vectors * 16 + row * vectors * 16 + t
                    p = x + row * pitch + 16 * (b + t)
                    total += float(want[g : g + 16 * vectors] @ before[p : p + 16 * vectors].astype(np.float64))
                want[dw + o * 64 + b + 8 * t] += total
    return compare(r, want, after, 40)


POINTERS = ("y", "x", "dy", "a", "da", "m", "v", "c", "top", "below", "ones", "by", "rates", "sums")


def elementwise(machine, subject, function, fields):
    """A kernel on the same values in its AVX2 and its AVX-512 form."""
    special = np.array([0, -0.0, 1, -1, 1e-40, -1e-40, 88, -88, 104, -104, 3e38, -3e38, np.inf, -np.inf, np.nan, 20])
    results = []
    count = 24
    for form in ("AVX2", "AVX512"):
        r = Run(machine, function + form, fields)
        data = machine.floats
        data[: 1 << 20] = np.random.default_rng(2).normal(size=1 << 20).astype(np.float32) * 6
        names = [f for f in fields if f in POINTERS]
        for i, f in enumerate(names):
            at = 1024 * (i + 1)
            r.values[f] = r.address(at)
            if f == "x":
                data[at : at + 256 : 16] = special
            if f in ("v", "c"):  # a second moment; constants
                data[at : at + 1024] = np.abs(data[at : at + 1024])
        for f in fields:
            if f in ("yS", "xS"):
                r.values[f] = 64
            if f in ("aS", "daS"):
                r.values[f] = 4
            if f in ("pixels", "rows"):
                r.values[f] = count
            if f == "n":  # vectors of the form
                r.values[f] = count * 16 // (16 if form == "AVX512" else 8)
        before, after = r.go()
        results.append((before, after.copy()))
    (before, avx2), (_, avx512) = results
    changed = np.flatnonzero(before.view(np.uint32) != avx512.view(np.uint32))
    with np.errstate(all="ignore"):
        off = np.abs(avx512.astype(np.float64) - avx2)
        # Sums of 24 values of up to a few hundred are added up in another order.
        scale = 100 if re.search("Sums|Products|Moments|Grad|Sum$", function) else 1e-3
        allowed = 4e-6 * np.maximum(np.abs(avx2), scale) + 1e-40
    same = (off <= allowed) | (avx512 == avx2) | (np.isnan(avx512) & np.isnan(avx2))
    if not same.all() or len(changed) == 0:
        at = int(np.flatnonzero(~same)[0]) if not same.all() else -1
        raise AssertionError(f"{subject}: {function} float {at}: AVX-512 {avx512[at]}, AVX2 {avx2[at]}")
    return float(off[same & np.isfinite(off)].max())


def probe(machine, function, fields):
    """Nobody uses what a probe computes: it must only end."""
    r = Run(machine, function, fields)
    r.values.update({f: r.address(r.array(4096)) for f in ("y", "x", "w")}, rounds=3)
    before, after = r.go()
    if not np.isfinite(after).all() or (before == after).all():
        raise AssertionError(f"{function} gives nothing, or not numbers")
    return 0.0


# What the kernels below work on that are compared value by value.
ELEMENTWISE = ("actArgs", "normArgs", "softmaxArgs", "updateArgs")


def main():
    machine = Machine(sys.argv[1])
    native = set()
    left = {f for f in machine.functions if f.endswith("AVX512")}
    conv, grad = fields_of("convArgs"), fields_of("gradArgs")
    for function in sorted(left):
        worst = 0.0
        if match := re.fullmatch(r"conv(\d+)x(\d)AVX512", function):
            for i in range(6):
                worst = max(worst, conv_tile(machine, conv, int(match[1]), int(match[2]), i % 2, i // 2 % 2))
        elif match := re.fullmatch(r"grad([14])x(\d)AVX512", function):
            for i in range(6):
                worst = max(worst, grad_tile(machine, grad, int(match[1]), int(match[2])))
        elif function in ("peakAVX512", "tileAVX512"):
            worst = probe(machine, function, fields_of("probeArgs"))
        else:
            name = function.removesuffix("AVX512")
            for stubs in sorted(KERNELS.glob("*_stubs_amd64.go")):
                text = stubs.read_text()
                if declared := re.search(rf"func {function}\(a \*(\w+)\)", text):
                    if declared[1] in ELEMENTWISE:
                        worst = elementwise(machine, stubs.name, name, fields_of(declared[1]))
                    else:
                        native.add(function)
                    break
            else:
                raise AssertionError(f"{function} is declared nowhere")
        left.discard(function)
        if function not in native:
            print(f"ok   {function}: largest difference {worst:.1e}")
    print(f"{len(machine.functions)} functions in the binary, {len(left)} of AVX-512 unchecked")
    print(f"{len(native)} of AVX-512 are for Go's tests on such a processor: {' '.join(sorted(native))}")
    return 1 if left else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the bindings may crash when Python takes them down
