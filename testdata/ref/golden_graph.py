"""ONNX files in every encoding that onnxio/graph reads, and in those that it refuses:
testdata/golden/graph/.

    python golden_graph.py     (made with onnx 1.23.2, numpy 2.4.6, ml_dtypes 0.6.0)

tensors.onnx          initializers of every element type, raw and typed
tensors.external.onnx those of at least a byte an element, with their data in tensors.external.data
tensors.json          their values, as numpy_helper reads them, and numbers rounded to 16 bits
constants.onnx        Constant in all its forms
ir3.onnx              the oldest format: initializers are inputs too
refused/*.onnx        what is refused, by name
"""

import json

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import common

TO = common.GOLDEN / "graph"

FLOATS = [0.0, -0.0, 1.0, -1.5, 1 / 3, 65504.0, 6e-8, -1e-40, float("inf"), float("-inf")]
VALUES = {
    "FLOAT": FLOATS, "DOUBLE": FLOATS + [1e300], "FLOAT16": FLOATS, "BFLOAT16": FLOATS,
    "INT8": [-128, -1, 0, 127], "UINT8": [0, 1, 128, 255],
    "INT16": [-2**15, -1, 0, 2**15 - 1], "UINT16": [0, 1, 2**15, 2**16 - 1],
    "INT32": [-2**31, -1, 0, 2**31 - 1], "UINT32": [0, 1, 2**31, 2**32 - 1],
    "INT64": [-2**63, -1, 0, 2**63 - 1], "UINT64": [0, 1, 2**63, 2**64 - 1],
    "BOOL": [False, True, True, False],
}
# Read, but not their values.
OPAQUE = {
    "FLOAT8E4M3FN": [1.0, 2.0], "FLOAT8E4M3FNUZ": [1.0, 2.0], "FLOAT8E5M2": [1.0, 2.0], "FLOAT8E5M2FNUZ": [1.0, 2.0],
    "FLOAT8E8M0": [1.0, 2.0], "FLOAT4E2M1": [1.0, 2.0, 3.0],
    "FLOAT6E2M3": [1.0, 2.0, 3.0], "FLOAT6E3M2": [1.0, 2.0, 3.0], "INT4": [-8, 0, 7], "UINT4": [0, 1, 15],
    "INT2": [-2, -1, 0, 1, 1], "UINT2": [0, 1, 2, 3, 3], "COMPLEX64": [1 + 2j], "COMPLEX128": [1 + 2j],
}


def tensor(kind, values, raw):
    """A tensor of two dimensions, raw or typed."""
    name, number = f"{kind} {'raw' if raw else 'typed'}", TensorProto.DataType.Value(kind)
    array = np.array(values, dtype=helper.tensor_dtype_to_np_dtype(number))
    if raw:
        result = numpy_helper.from_array(array.reshape(-1, 1), name)
        assert result.HasField("raw_data"), name
        return result
    result = helper.make_tensor(name, number, [len(values), 1], values)
    assert not result.HasField("raw_data"), name
    return result


def text(v):
    """A number that both languages read exactly."""
    if isinstance(v, (bool, np.bool_)):
        return str(bool(v)).lower()
    return repr(v) if isinstance(v, float) else str(int(v))


def described(t):
    array = numpy_helper.to_array(t).reshape(-1)
    kind = TensorProto.DataType.Name(t.data_type)
    if "FLOAT" in kind or kind == "DOUBLE":
        array = array.astype(np.float64)
    return {"type": kind, "dims": list(t.dims), "values": [text(v) for v in array.tolist()]}


def rounded():
    """Numbers, and the bits of the nearest FLOAT16 and BFLOAT16: random ones, and ones in
    the middle of two neighbours."""
    rng = np.random.default_rng(5)
    exponents = rng.integers(-30, 20, 60)
    v = (rng.choice([-1, 1], 60) * rng.uniform(1, 2, 60) * 2.0 ** exponents).astype(np.float32)
    halves, bfloats = v[:20].astype(np.float16), v[20:40].astype(ml_dtypes.bfloat16)
    step = lambda a, to: (a.view(np.uint16) + 1).view(to)
    ties = [(a.astype(np.float32) + step(a, a.dtype).astype(np.float32)) / 2 for a in (halves, bfloats)]
    return [[float(x), int(np.float32(x).astype(np.float16).view(np.uint16)),
             int(np.float32(x).astype(ml_dtypes.bfloat16).view(np.uint16))]
            for x in np.concatenate([v, *ties]) if np.isfinite(x)]


def value(name, kind=TensorProto.FLOAT, shape=("N", 2)):
    return helper.make_tensor_value_info(name, kind, shape)


def save(path, model, check=True):
    if check:
        onnx.checker.check_model(model)
    (TO / path).parent.mkdir(parents=True, exist_ok=True)
    (TO / path).write_bytes(model.SerializeToString(deterministic=True))


def model(nodes, inputs, outputs, opset=25, ir=14, **graph):
    return helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, **graph),
                             opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)


def tensors():
    readable = [tensor(kind, values, raw) for kind, values in VALUES.items() for raw in (True, False)]
    opaque = [tensor(kind, values, raw) for kind, values in OPAQUE.items() for raw in (True, False)]
    words = helper.make_tensor("STRING", TensorProto.STRING, [2], ["one", "ü"])
    identity = [helper.make_node("Identity", ["x"], ["y"])]
    save("tensors.onnx", model(identity, [value("x")], [value("y")], initializer=readable + opaque + [words]))
    outside = model(identity, [value("x")], [value("y")], initializer=[t for t in readable if t.HasField("raw_data")])
    onnx.save_model(outside, TO / "tensors.external.onnx", save_as_external_data=True,
                    location="tensors.external.data", size_threshold=0)
    about = {"tensors": {t.name: described(t) for t in readable}, "opaque": [t.name for t in opaque + [words]],
             "rounded": rounded(), "generator": "testdata/ref/golden_graph.py"}
    (TO / "tensors.json").write_text(json.dumps(about) + "\n")


def constants():
    forms = {
        "value": helper.make_tensor("t", TensorProto.INT64, [2], [3, -4]),
        "value_float": 0.5, "value_floats": [0.5, -1.0], "value_int": 3, "value_ints": [3, -4],
        "value_string": "a", "value_strings": ["a", "b"],
    }
    nodes = [helper.make_node("Constant", [], [name], name=name, **{name: v}) for name, v in forms.items()]
    save("constants.onnx", model(nodes, [], [value("value_floats", shape=[2])]))


def oldest():
    w = helper.make_tensor("w", TensorProto.FLOAT, [2], [0.25, -1])
    m = model([helper.make_node("PRelu", ["x", "w"], ["y"])], [value("x"), value("w", shape=[2])], [value("y")],
              opset=6, ir=3, initializer=[w])
    helper.set_model_props(m, {"key": "value"})
    save("ir3.onnx", m)


def refused():
    identity = lambda **more: model([helper.make_node("Identity", ["x"], ["y"])], [value("x")], [value("y")], **more)
    sparse = helper.make_sparse_tensor(helper.make_tensor("w", TensorProto.FLOAT, [1], [2]),
                                       helper.make_tensor("i", TensorProto.INT64, [1], [1]), [4])
    save("refused/sparse-initializer.onnx", identity(sparse_initializer=[sparse]))
    constant = helper.make_node("Constant", [], ["y"], sparse_value=sparse)
    save("refused/sparse-constant.onnx", model([constant], [], [value("y", shape=[4])]))
    annotated = identity()
    annotation = annotated.graph.quantization_annotation.add(tensor_name="x")
    annotation.quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="x")
    save("refused/quantization-annotation.onnx", annotated)
    training = identity()
    training.training_info.add().algorithm.CopyFrom(training.graph)
    save("refused/training-info.onnx", training, check=False)
    of = helper.make_tensor_type_proto(TensorProto.FLOAT, [2])
    types = {"sequence": helper.make_sequence_type_proto(of), "optional": helper.make_optional_type_proto(of),
             "map": helper.make_map_type_proto(TensorProto.STRING, of)}
    for name, t in types.items():
        x, y = (helper.make_value_info(port, t) for port in "xy")
        save(f"refused/{name}.onnx", model([helper.make_node("Identity", ["x"], ["y"])], [x], [y]), check=False)
    save("refused/tensors-attribute.onnx", model([helper.make_node("Own", ["x"], ["y"], domain="own", list=[sparse.values])],
                                                 [value("x")], [value("y")]), check=False)


def main():
    np.seterr(all="ignore")  # infinities are meant
    tensors()
    constants()
    oldest()
    refused()


if __name__ == "__main__":
    main()
