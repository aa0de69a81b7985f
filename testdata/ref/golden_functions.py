"""Models with functions, and what ONNX's own inliner makes of them:
testdata/golden/graph/functions/<case>.onnx and <case>.flat.onnx.

    python golden_functions.py     (made with onnx 1.23.2, onnxruntime 1.32.0, onnxscript 0.7.2)

Each pair is checked by onnx.checker, and run by ONNX Runtime on random inputs: both
files must give the same.
"""

import numpy as np
import onnx
import onnx.inliner
import onnx.parser
import onnxruntime
import onnxscript
from onnxscript import FLOAT
from onnxscript import opset20 as op

import common

SCRIPT = onnxscript.values.Opset("own", 1)
TO = common.GOLDEN / "graph" / "functions"
HEAD = '<ir_version: 10, opset_import: ["": 20, "own": 1]>\n'
OWN = '<domain: "own", opset_import: ["": 20, "own": 1]>\n'

# The text form of onnx.parser. @name is ref_attr_name.
CASES = {
    "twice": HEAD + """
        main (float[N,4] x) => (float[N,4] y) {
            h = own.leaky <slope = 0.1> (x)
            y = own.leaky (h)
        }""" + OWN + """
        leaky <slope: float = 0.25> (t) => (s) {
            n = Neg(t)
            r = LeakyRelu <alpha: float = @slope> (n)
            s = Neg(r)
        }""",
    "nested": HEAD + """
        main (float[N,4] x) => (float[N,4] y) {
            y = own.outer <k = 2.0> (x)
        }""" + OWN + """
        outer <k: float> (x) => (y) {
            a = own.inner <factor: float = @k> (x)
            b = own.inner <factor: float = @k> (a)
            y = Add(a, b)
        }""" + OWN + """
        inner <factor: float> (x) => (y) {
            c = Constant <value_float: float = @factor> ()
            y = Mul(x, c)
        }""",
    "left-out": HEAD + """
        main (float[N,4] x, float hi) => (float[N,4] a, float[N,4] b, float[N,4] c) {
            a = own.clip (x)
            b = own.clip (x, "", hi)
            c, _ = own.clips (x, hi)
        }""" + OWN + """
        clip (x, lo, hi) => (y) {
            y = Clip(x, lo, hi)
        }""" + OWN + """
        clips (x, hi) => (y, unused) {
            y = own.clip(x, "", hi)
            unused = Neg(y)
        }""",
    "absent-attribute": HEAD + """
        main (float[N,4] x) => (float[N,4] y) {
            h = own.soft <axis = 0> (x)
            y = own.soft (h)
        }""" + OWN + """
        soft <axis> (x) => (y) {
            y = Softmax <axis: int = @axis> (x)
        }""",
    "collisions": HEAD + """
        main (float[N,4] x) => (float[N,4] y) {
            t = Neg(x)
            y_t = Abs(t)
            s = own.f (y_t)
            n = own.f (s)
            y = Add(n, t)
        }""" + OWN + """
        f (t) => (x) {
            y = Exp(t)
            n = Neg(y)
            x = Add(n, t)
        }""",
    "branches": HEAD + """
        main (float[N,4] x, bool cond) => (float[N,4] y) {
            y = If (cond) <
                then_branch = then () => (float[N,4] p) { p = own.choose (x, cond) },
                else_branch = other () => (float[N,4] q) { q = Neg(x) }
            >
        }""" + OWN + """
        choose (a, c) => (z) {
            w = Exp(a)
            z = If (c) <
                then_branch = then () => (float[N,4] t) { v = Add(a, w)  t = own.twice(v) },
                else_branch = other () => (float[N,4] t) { t = Identity(w) }
            >
        }""" + OWN + """
        twice (a) => (z) {
            z = Add(a, a)
        }""",
    "other-domain": """<ir_version: 10, opset_import: ["": 20, "own": 1]>
        main (float[N,4] x) => (float[N,4] y) {
            y = own.binary (x)
        }
        <domain: "own", opset_import: ["": 20, "ai.onnx.ml": 3]>
        binary (x) => (y) {
            b = ai.onnx.ml.Binarizer <threshold = 0.5> (x)
            y = Neg(b)
        }""",
}


def overloads():
    """Two functions of one name. The text form knows no overloads."""
    make = onnx.helper
    imports = [make.make_opsetid("", 20)]
    functions = [
        make.make_function("own", "f", ["x"], ["y"], [make.make_node(op, ["x"], ["y"], name="inner")], imports, overload=overload)
        for op, overload in [("Neg", "first"), ("Exp", "second"), ("Abs", "")]]
    nodes = [make.make_node("f", [a], [b], name=f"call_{overload or 'plain'}", domain="own", overload=overload)
             for a, b, overload in [("x", "a", "second"), ("a", "b", ""), ("b", "y", "first")]]
    value = lambda name: make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", 4])
    graph = make.make_graph(nodes, "main", [value("x")], [value("y")])
    return make.make_model(graph, functions=functions, ir_version=10,
                           opset_imports=imports + [make.make_opsetid("own", 1)])


@onnxscript.script(SCRIPT, default_opset=op)
def softplus(x, beta: float = 1.0):
    b = op.Constant(value_float=beta)
    return op.Log(op.Exp(x * b) + 1.0) / b


@onnxscript.script(SCRIPT, default_opset=op)
def mish(x):
    return x * op.Tanh(softplus(x))


@onnxscript.script(default_opset=op)
def network(x: FLOAT["N", 4]) -> FLOAT["N", 4]:
    return mish(mish(x)) + softplus(x, beta=2.0)


def nodes(model):
    """All nodes, those of functions and of nested graphs too."""
    left = list(model.graph.node) + [n for f in model.functions for n in f.node]
    while left:
        node = left.pop()
        yield node
        left += [n for a in node.attribute if a.HasField("g") for n in a.g.node]


def explicit(model):
    """The model with the defaults of attributes written out at each call, and with the
    operator sets that only functions import: the inliner of onnx 1.23.2 forgets both."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    functions = {(f.domain, f.name, f.overload): f for f in copy.functions}
    for node in nodes(copy):
        function = functions.get((node.domain, node.op_type, node.overload))
        given = {a.name for a in node.attribute}
        if function:
            node.attribute.extend(a for a in function.attribute_proto if a.name not in given)
    for function in model.functions:
        known = {o.domain for o in copy.opset_import}
        copy.opset_import.extend(o for o in function.opset_import if o.domain not in known)
    return copy


def run(model):
    """What ONNX Runtime gives on inputs that depend on nothing but their type."""
    rng = np.random.default_rng(6)
    feeds = {}
    for v in model.graph.input:
        kind = v.type.tensor_type
        shape = [d.dim_value or 3 for d in kind.shape.dim]
        feeds[v.name] = (np.array(True) if kind.elem_type == onnx.TensorProto.BOOL
                         else np.asarray(rng.normal(size=shape), dtype=np.float32))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, feeds)


def save(name, model):
    onnx.checker.check_model(model)
    flat = onnx.inliner.inline_local_functions(explicit(model))
    onnx.checker.check_model(flat)
    assert model.functions and not flat.functions, name
    for a, b in zip(run(model), run(flat), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)
    (TO / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (TO / f"{name}.flat.onnx").write_bytes(flat.SerializeToString(deterministic=True))


def main():
    TO.mkdir(parents=True, exist_ok=True)
    for name, text in CASES.items():
        save(name, onnx.parser.parse_model(text))
    save("overloads", overloads())
    save("onnxscript", network.to_model_proto(ir_version=10))


if __name__ == "__main__":
    main()
