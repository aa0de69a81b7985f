"""Writes ONNX's own conformance cases as files, for GONN_ONNX_CASES.

    python testdata/ref/conformance_cases.py DIR
    GONN_ONNX_CASES=DIR go test -count=1 -run TestConformance ./onnxio/...

PyPI's onnx carries the cases of single operators as code (suite `node`) and those of
`simple`, `pytorch-operator`, `pytorch-converted` and `light` as files. All are written
in the form of the latter:

    DIR/<suite>/<case>/model.onnx
    DIR/<suite>/<case>/test_data_set_0/input_0.pb, output_0.pb, ...

The networks of `light` come with no inputs. As in ONNX's own runner, each gets one
that counts from 0 to 1. The tolerance of every case is rtol 1e-3, atol 1e-7. One line a
suite says how many cases were written.

Written for onnx==1.23.2 (requirements-check.txt), which has 1,884, 23, 35, 82 and 9.
"""

import argparse
import pathlib
import shutil
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import DATA_DIR, load_node_model_tests

SHIPPED = ["simple", "pytorch-operator", "pytorch-converted"]


def to_bytes(value, kind):
    """Serializes one input or output; kind is the TypeProto of its place."""
    if kind.HasField("sequence_type"):
        return numpy_helper.from_list(value).SerializeToString()
    if kind.HasField("optional_type"):
        return numpy_helper.from_optional(value).SerializeToString()
    if isinstance(value, onnx.TensorProto):
        return value.SerializeToString()
    return numpy_helper.from_array(np.asarray(value)).SerializeToString()


def without_default(graph):
    """The inputs that must be given: before IR 4 initializers are listed among them."""
    given = {i.name for i in graph.initializer}
    return [i for i in graph.input if i.name not in given]


def write_values(folder, name, values, places):
    if len(values) != len(places):
        raise SystemExit(f"{folder}: {len(values)} values for {len(places)} {name}s")
    for i, (value, place) in enumerate(zip(values, places)):
        (folder / f"{name}_{i}.pb").write_bytes(to_bytes(value, place.type))


def write_case(folder, model, data_sets):
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    for i, (inputs, outputs) in enumerate(data_sets):
        data = folder / f"test_data_set_{i}"
        data.mkdir()
        write_values(data, "input", inputs, without_default(model.graph))
        write_values(data, "output", outputs, model.graph.output)


def node_cases(to):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases divide by zero on purpose
        cases = load_node_model_tests()
    for case in cases:
        if (case.rtol, case.atol) != (1e-3, 1e-7):
            raise SystemExit(f"{case.name}: tolerance {case.rtol}, {case.atol}")
        write_case(to / case.name, case.model, case.data_sets)


def shipped_cases(suite, to):
    """Copies the suites that are files already."""
    for folder in sorted((pathlib.Path(DATA_DIR) / suite).glob("test_*")):
        shutil.copytree(folder, to / folder.name)


def light_cases(to):
    for path in sorted((pathlib.Path(DATA_DIR) / "light").glob("*.onnx")):
        model = onnx.load(path)
        inputs = []
        for place in without_default(model.graph):
            shape = [d.dim_value for d in place.type.tensor_type.shape.dim]
            n = np.prod(shape)
            inputs.append((np.arange(n).reshape(shape) / n).astype(np.float32))
        outputs = [
            onnx.TensorProto.FromString(path.with_name(f"{path.stem}_output_{i}.pb").read_bytes())
            for i in range(len(model.graph.output))
        ]
        write_case(to / path.stem, model, [(inputs, outputs)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path, help="a folder that is made new")
    root = parser.parse_args().dir
    if root.exists() and any(root.iterdir()):
        raise SystemExit(f"{root} is not empty")
    node_cases(root / "node")
    for suite in SHIPPED:
        shipped_cases(suite, root / suite)
    light_cases(root / "light")
    for suite in sorted(p for p in root.iterdir()):
        print(f"{suite.name}: {len(list(suite.glob('*/model.onnx')))} cases")


if __name__ == "__main__":
    main()
