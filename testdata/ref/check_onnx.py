"""Holds the ONNX files that gonn writes against onnx.checker and ONNX Runtime.

    GONN_CHECK_DIR=DIR go test -count=1 -run TestWriteForCheckers ./onnxio
    GONN_CHECK_DIR=DIR go test -count=1 -run TestRoundTrip ./cmd/gonn
    python testdata/ref/check_onnx.py DIR

For every NAME.onnx in DIR: the checker with full shape inference; then ONNX Runtime
on NAME.input.npy, against gonn's NAME.output.npy, once with the file and once with what
the tools of PyTorch's exporter (onnx-ir and onnxscript's optimizer) make of it. Close is
|a−b| ≤ 1e-5 + 1e-5·max|b|; ONNX Runtime's sigmoid is an approximation, so models with one
get 1e-6 + 1e-6·max|b| more. One line a file; exit 1 if any fails or there are none.

onnx==1.23.2, onnxruntime==1.32.0 and onnxscript==0.7.2 (requirements-check.txt).
"""

import argparse
import pathlib
import sys

import numpy as np
import onnx
import onnx_ir
import onnxruntime
import onnxscript.optimizer

# What ONNX Runtime computes with its approximate logistic function or tanh.
APPROXIMATE = {"Sigmoid", "Tanh", "Softplus", "Mish", "Swish"}


def infer(model, x):
    """Runs the model, a path or bytes, on one thread; returns its one output."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (model_input,) = session.get_inputs()
    (y,) = session.run(None, {model_input.name: x})
    return y


def optimized(path):
    """Returns the bytes of the model after PyTorch's tools have read and rewritten it."""
    model = onnx_ir.external_data.load_to_model(onnx_ir.load(path))
    return onnx_ir.to_proto(onnxscript.optimizer.optimize(model)).SerializeToString()


def check(path):
    """Returns (largest difference, what is allowed); raises what the tools raise."""
    onnx.checker.check_model(path, full_check=True)
    x = np.load(path.with_suffix(".input.npy"))
    want = np.load(path.with_suffix(".output.npy"))
    if not np.isfinite(want).all():
        raise ValueError("gonn's result is not finite")
    bound = 1e-5
    if APPROXIMATE & {node.op_type for node in onnx.load(path).graph.node}:
        bound += 1e-6
    scale = float(np.abs(want).max(initial=0))
    differences = [distance(infer(model, x), want) for model in (path, optimized(path))]
    return float(np.max(differences)), bound + bound * scale  # a NaN is the largest


def distance(got, want):
    """Returns max|got−want| of arrays that must be of the same type and shape."""
    if got.shape != want.shape or got.dtype != want.dtype:
        raise ValueError(f"the result is {got.dtype}{got.shape}, gonn's is {want.dtype}{want.shape}")
    return float(np.abs(got.astype(np.float64) - want).max(initial=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path, help="folder that the tests wrote")
    failed = passed = 0
    worst = (0.0, "none")
    for path in sorted(parser.parse_args().dir.glob("*.onnx")):
        try:
            difference, allowed = check(path)
        except Exception as error:  # the checker and the runtime have many kinds
            failed += 1
            print(f"FAIL {path.name}: {error}")
            continue
        worst = max(worst, (difference / allowed, path.name))
        ok = difference <= allowed
        passed, failed = passed + ok, failed + (not ok)
        print(f"{'ok  ' if ok else 'FAIL'} {path.name}: largest difference {difference:.1e}, allowed {allowed:.1e}")
    print(f"nearest to its bound: {worst[1]} at {worst[0]:.0%}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
