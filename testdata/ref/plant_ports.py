"""Honest ports: edits of an exported file after which it computes the same, but for noise.

A function takes the port to edit and a random generator; it returns what it did, or None where it finds nothing to do.
"""

import numpy as np
import onnx
from onnx import numpy_helper, version_converter

from plant_bugs import bias, deep, flattened, matrix, norm, weight

PORTS = {}


def port(name):
    def enter(f):
        PORTS[name] = f
        return f
    return enter


def some(items, rng):
    """The items in random order."""
    return [items[i] for i in rng.permutation(len(items))]


@port("as exported")
def exported(p, rng):
    return "nothing"


@port("BatchNorm folded")
def fold(p, rng):
    """Every batch normalisation behind a convolution into its weights."""
    ref, folded = p.ref, []
    for l in ref.layers:
        before = ref.by_name.get(l["in"][0])
        i = ref.node(l["name"], "BatchNormalization") if l["kind"] == "bn" else None
        if i is None or before["kind"] != "conv" or before["name"] == ref.owner(l["name"]):
            continue
        place, _ = weight(p, before["name"])
        conv, w = p.node[place[0]], ref.value(place)
        scale, shift, mean, var = (ref.value((i, k)).astype(np.float64) for k in range(1, 5))
        factor = scale / np.sqrt(var + p.attribute(i, "epsilon", 1e-5))
        b = ref.value(bias(p, before["name"])) if bias(p, before["name"]) else 0
        p.set(place, w * factor.reshape(-1, 1, 1, 1))
        del conv.input[2:]
        conv.input.append(p.constant(((b - mean) * factor + shift).astype(np.float32), before["name"] + "_bias"))
        old, _ = p.cut(ref.model.graph.node[i].output[0])
        conv.output[0] = ref.model.graph.node[i].output[0]
        folded.append(l["name"])
    return ", ".join(folded)


@port("BatchNorm as nodes")
def unfolded(p, rng):
    """Where an exporter wrote arithmetic."""
    plain = [l["name"] for l in p.ref.layers if l["kind"] == "bn" and p.ref.node(l["name"], "BatchNormalization") is None]
    return ", ".join(n for n in plain if norm(p, n) is not None)


def renumber(p, name, rng):
    """Another order of one convolution's output channels, and the same through all that reads them; False where that is not possible."""
    ref = p.ref
    place, _ = weight(p, name)
    w = ref.value(place)
    order, c = rng.permutation(len(w)), len(w)
    edits, todo = [(place, w[order])], [ref.owner(name)]
    if bias(p, name):
        b = ref.value(bias(p, name))
        edits.append((bias(p, name), b.reshape(-1)[order].reshape(b.shape)))
    while todo:
        at = todo.pop()
        for l in ref.readers(at):
            n, kind = l["name"], l["kind"]
            if kind in ("act", "bn") or kind == "conv" and deep(p, n):
                first = next(m for m in ref.group[n] if ref.by_name[m]["kind"] in ("act", "bn", "conv", "dense"))
                # The constants of merged layers are permuted with the first of them.
                for place in [] if n != first else ref.constants(n, "BatchNormalization", "PRelu", "Mul", "Add", "Conv", "Sub", "Div"):
                    v = ref.value(place)
                    if v.size == c or kind == "conv":
                        edits.append((place, v[order] if v.ndim == 4 and kind == "conv" else v.reshape(-1)[order].reshape(v.shape)))
                    elif v.size > 1:
                        axis = v.ndim - 1 if ref.layout_at(n, place) == "NHWC" else v.ndim - 3
                        edits.append((place, np.take(v, order, axis)))
            elif kind in ("conv", "dense"):
                place, op = weight(p, n)
                v = ref.value(place)
                if kind == "conv":
                    edits.append((place, v[:, order]))
                else:
                    m, back = matrix(p, n)
                    size = flattened(p, n) or (c, 1, 1)
                    shape = (*size[1:], c, -1) if ref.layout == "NHWC" else (*size, -1)
                    edits.append((place, back(np.take(m.reshape(shape), order, 2 if ref.layout == "NHWC" else 0).reshape(m.shape))))
                continue
            elif kind not in ("maxpool", "avgpool", "gap", "flatten", "pad"):
                return False
            todo.append(n)
    for place, value in edits:
        p.set(place, value)
    return True


@port("channels renumbered")
def renumbered(p, rng):
    done = [l["name"] for l in p.ref.layers if l["kind"] == "conv" and not deep(p, l["name"]) and rng.random() < 0.7]
    # One at a time: the edits of the next would start from the reference's weights again.
    for name in some(done or [p.ref.layers[0]["name"]], rng):
        if renumber(p, name, rng):
            return name
    return None


@port("factor moved across an activation")
def factor(p, rng):
    """A positive factor in front of an activation that lets it through, and its inverse behind."""
    ref = p.ref
    for l in some([l for l in ref.layers if l["kind"] == "act" and l["act"].startswith(("leaky", "prelu", "relu"))], rng):
        before, after = ref.by_name[l["in"][0]], l
        while True:
            read = ref.readers(after["name"])
            if len(read) != 1 or read[0]["kind"] not in ("conv", "dense", "maxpool", "avgpool", "gap", "flatten", "pad"):
                break
            after = read[0]
            if after["kind"] in ("conv", "dense"):
                break
        if len(ref.readers(before["name"])) != 1 or after["kind"] not in ("conv", "dense"):
            continue
        s = np.float32(rng.uniform(2, 5))
        if before["kind"] == "bn" and ref.node(before["name"], "BatchNormalization") is not None:
            i = ref.node(before["name"], "BatchNormalization")
            places = [(i, 1), (i, 2)]
        elif before["kind"] in ("conv", "dense"):
            places = [q for q in (weight(p, before["name"])[0], bias(p, before["name"])) if q]
        else:
            continue
        for place in places:
            p.set(place, ref.value(place) * s)
        place, _ = weight(p, after["name"])
        p.set(place, ref.value(place) / s)
        return f"{s:.2f} across {l['name']}"
    return None


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


@port("BatchNorm folded, renamed")
def fold_rename(p, rng):
    return fold(p, rng) and renamed(p, rng)


@port("nodes split, renamed")
def split_rename(p, rng):
    return split(p, rng) and renamed(p, rng)


@port("channels renumbered, renamed")
def renumber_rename(p, rng):
    return renumbered(p, rng) and renamed(p, rng)
