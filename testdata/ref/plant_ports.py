"""Honest ports: edits of an exported file after which it computes the same, but for noise.

A function takes the port to edit and a random generator; it returns what it did, or None where it finds nothing to do.
"""

import numpy as np
import onnx
from onnx import numpy_helper, version_converter

PORTS = {}


def port(name):
    def enter(f):
        PORTS[name] = f
        return f
    return enter


@port("as exported")
def exported(p, rng):
    return "nothing"


@port("renamed")
def renamed(p, rng):
    """Every value and node has another name, and no node says where it came from."""
    ends = {p.ref.input, p.ref.output}
    new = {}
    def of(v):
        return v if v in ends or not v else new.setdefault(v, f"t{len(new)}")
    for t in p.graph.initializer:
        t.name = of(t.name)
    for i, n in enumerate(p.graph.node):
        n.name, n.doc_string = f"n{i}", ""
        n.input[:], n.output[:] = [of(v) for v in n.input], [of(v) for v in n.output]
        del n.metadata_props[:]
    del p.graph.value_info[:]
    p.model.producer_name = ""
    return f"{len(new)} values"


@port("nodes split")
def split(p, rng):
    """Gemm, PRelu, LeakyRelu, BatchNormalization and a convolution's bias in smaller nodes."""
    ref, done = p.ref, []
    for i, n in enumerate(list(p.node)):
        op, y = n.op_type, n.output[0]
        const = [k for k, v in enumerate(n.input) if v and v not in ref.data]
        take = lambda k: ref.value((i, k))
        if op == "Gemm" and len(n.input) == 3:
            w = take(1).T if p.attribute(i, "transB", 0) else take(1)
            p.cut(y)
            p.add("Add", [p.add("MatMul", [n.input[0], p.constant(w, "w")]), p.constant(take(2), "b")], y)
        elif op in ("PRelu", "LeakyRelu"):
            a = take(1) if op == "PRelu" else np.float32(p.attribute(i, "alpha", 0.01))
            p.cut(y)
            low = p.add("Relu", [p.add("Neg", [n.input[0]])])
            p.add("Sub", [p.add("Relu", [n.input[0]]), p.add("Mul", [low, p.constant(np.asarray(a), "a")])], y)
        elif op == "BatchNormalization" and const == [1, 2, 3, 4]:
            factor = take(1).astype(np.float64) / np.sqrt(take(4).astype(np.float64) + p.attribute(i, "epsilon", 1e-5))
            shape = (-1,) + (1,) * (ref.values[y].ndim - 2)
            p.cut(y)
            x = p.add("Mul", [n.input[0], p.constant(factor.astype(np.float32).reshape(shape), "k")])
            p.add("Add", [x, p.constant((take(2) - take(3) * factor).astype(np.float32).reshape(shape), "c")], y)
        elif op == "Conv" and len(n.input) == 3 and 2 in const:
            b = take(2).reshape(-1, 1, 1)
            del n.input[2:]
            p.behind(y, lambda add, x, out: add("Add", [x, p.constant(b, "b")], out))
        else:
            continue
        done.append(op)
    return ", ".join(sorted(set(done)))


def opset(step):
    def convert(p, rng):
        """The nearest other opset on one side that onnx's converter manages."""
        now = next(o.version for o in p.model.opset_import if o.domain == "")
        for target in range(now + step, now + 6 * step, step):
            try:
                p.model = version_converter.convert_version(p.model, target)
                p.graph = p.model.graph
                return f"{target} for {now}"
            except Exception:  # onnx raises what its C++ did
                continue
        return None
    return convert


PORTS["opset lower"] = opset(-2)
PORTS["opset higher"] = opset(2)


def noise(p, relative, seed):
    """Every weight times 1 + relative·normal."""
    rng = np.random.default_rng(seed)
    for t in p.graph.initializer:
        if t.data_type == onnx.TensorProto.FLOAT:
            v = numpy_helper.to_array(t).astype(np.float64)
            t.CopyFrom(numpy_helper.from_array((v * (1 + relative * rng.standard_normal(v.shape))).astype(np.float32), t.name))


@port("noise below the tolerance")
def quiet(p, rng):
    noise(p, 1e-7, rng.integers(2**31))
    return "1e-7 of every weight"
