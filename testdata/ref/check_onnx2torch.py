"""Turns the ONNX files that gonn writes into PyTorch modules with onnx2torch, and runs them.

    GONN_CHECK_DIR=DIR go test -count=1 -run TestWriteForCheckers ./onnxio
    python testdata/ref/check_onnx2torch.py DIR

For every NAME.onnx in DIR that gonn wrote: PyTorch's result on NAME.input.npy against
gonn's NAME.output.npy, |a−b| ≤ 1e-5 + 1e-5·max|b|. onnx2torch has no form for some
operators and for newer versions of others; those are counted by its own words. Prints a
table of counts for each opset; exit 1 if a result differs or there are none.

torch==2.15.0, onnx==1.23.2, torchvision==0.29.2 and onnx2torch==1.5.15.
"""

import argparse
import collections
import pathlib
import sys

import numpy as np
import onnx
import onnx2torch
import torch


def difference(model, path):
    """Returns max|a−b| over what is allowed."""
    module = onnx2torch.convert(model).eval()
    want = np.load(path.with_suffix(".output.npy"))
    with torch.no_grad():
        got = module(torch.from_numpy(np.load(path.with_suffix(".input.npy")))).numpy()
    if got.shape != want.shape:
        raise ValueError(f"the result is of shape {got.shape}, gonn's of {want.shape}")
    allowed = 1e-5 + 1e-5 * float(np.abs(want).max(initial=0))
    return float(np.abs(got.astype(np.float64) - want).max(initial=0)) / allowed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path, help="folder that TestWriteForCheckers wrote")
    torch.set_num_threads(1)
    counts = collections.Counter()
    wrong = 0
    for path in sorted(parser.parse_args().dir.glob("*.onnx")):
        model = onnx.load(path)
        if model.producer_name != "gonn":
            continue
        opset = model.opset_import[0].version
        try:
            outcome = "equal"
            if not difference(model, path) <= 1:
                outcome = "different"
        except NotImplementedError as error:
            outcome = f"{error}"
        except Exception as error:  # of conversion and of PyTorch
            outcome = f"{type(error).__name__}: {error}"
            wrong += 1
        if outcome == "different":
            wrong += 1
            print(f"FAIL {path.name}")
        counts[opset, outcome] += 1
    for (opset, outcome), count in sorted(counts.items()):
        print(f"opset {opset}: {count:4} {outcome}")
    return 1 if wrong or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
