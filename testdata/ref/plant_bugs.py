"""The causes that plant_corpus.py plants into exported files: a table of small functions that edit a graph.

A function takes the port to edit, the name of a layer and a random generator. It returns None where it finds nothing to
do, else what is to be known of the bug: "note", and where the layer's own name is not all that is right, "layers": more
names that are, "final": those that final outputs alone cannot tell from it, and "like": numbers of causes that are the
same change. NumPy and onnx.
"""

import numpy as np

CAUSES = {}  # number → its title, and functions with the kinds of layers that each is for


def cause(number, title, *kinds):
    """Enters a function for the layers of the kinds, or for the whole file if there are none."""
    def enter(f):
        CAUSES.setdefault(number, (title, []))[1].append((f, kinds))
        return f
    return enter


def weight(p, name):
    """The place of a layer's weight: (node, input), and the node's operator; None if it has none."""
    ref = p.ref
    i = ref.node(name, "Conv", "Gemm", "MatMul")
    if i is None:
        return None, None
    node = ref.model.graph.node[i]
    k = next(k for k, v in enumerate(node.input) if v not in ref.data)
    return (i, k), node.op_type


def bias(p, name):
    """The place of a layer's bias; None if it has none."""
    ref = p.ref
    (i, _), op = weight(p, name)
    if op != "MatMul" and len(ref.model.graph.node[i].input) == 3:
        return i, 2
    return next((c for c in ref.constants(name, "Add") if c[0] > i), None)


def matrix(p, name):
    """A dense layer's weight as [in, out], and how to turn such a one back."""
    place, op = weight(p, name)
    turned = op == "Gemm" and p.attribute(place[0], "transB", 0)
    value = p.ref.value(place)
    return (value.T, lambda m: m.T) if turned else (value, lambda m: m)


def deep(p, name):
    """Whether a layer is a depthwise convolution."""
    return bool(p.ref.by_name[name].get("deep"))


def hear(p, name, down):
    """The layer with weights that only layers alike for all channels part from this one, so that a permutation may be either's."""
    ref, at = p.ref, name
    while True:
        nexts = [l["name"] for l in ref.readers(at)] if down else ref.by_name[at]["in"]
        l = ref.by_name.get(nexts[0]) if len(nexts) == 1 else None
        if l is None or not down and len(ref.readers(l["name"])) != 1:
            return []
        at, merged = l["name"], l["kind"] == "bn" and len(ref.group[l["name"]]) > 1
        if l["kind"] in ("conv", "dense"):
            return [at]
        alike = l["kind"] == "act" and not l["act"].endswith((":channel", ":element"))
        if not (merged or alike or l["kind"] in ("maxpool", "avgpool", "gap", "flatten", "pad")):
            return []


def permutation(n, rng):
    """Of n channels, and what it is called: reversed, rotated, two exchanged, interleaved or random."""
    how = rng.choice(["reversed", "rotated", "two exchanged", "halves interleaved", "random"])
    order = np.arange(n)
    if how == "two exchanged":
        a, b = rng.choice(n, 2, replace=False)
        order[[a, b]] = order[[b, a]]
        return order, f"{a} and {b} exchanged"
    if how == "halves interleaved" and n % 2 == 0:
        return order.reshape(2, -1).T.reshape(-1), how
    return {"reversed": order[::-1], "rotated": np.roll(order, 1)}.get(how, rng.permutation(n)), how


def flattened(p, name):
    """C, H, W of the map that a dense layer's rows stand for; None if it reads no flattened map."""
    before = p.ref.by_name.get(p.ref.by_name[name]["in"][0])
    if before is None or before["kind"] != "flatten":
        return None
    shape = p.ref.recorded[before["in"][0]].shape[1:]
    return shape if len(shape) == 3 and shape[1] * shape[2] > 1 else None


def slope(p, name):
    """The place of an activation's learned constant; None if it has none, or more than one."""
    places = p.ref.constants(name, "PRelu", "Mul")
    return places[0] if len(places) == 1 else None


def norm(p, name):
    """The node of a batch normalisation, with its four inputs as constants; None if it is folded into another layer.

    Where the exporter wrote it as arithmetic, that is replaced by a node, as a port by hand would have it.
    """
    i = p.ref.node(name, "BatchNormalization")
    if i is not None:
        return i if not any(v in p.ref.data for v in p.node[i].input[1:]) else None
    if len(p.ref.group[name]) > 1 or f"{name}.gamma" not in p.ref.params:
        return None
    values = [p.ref.params[f"{name}.{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")]
    last = p.ref.result(name)[1] == "NHWC"

    def build(add, x, y):
        x = add("Transpose", [x], perm=[0, 3, 1, 2]) if last else x
        names = [p.constant(v, f"{name}.{k}") for k, v in enumerate(values)]
        p.ref.values.update(zip(names, values))
        out = add("BatchNormalization", [x, *names], None if last else y, epsilon=float(p.ref.params[f"{name}.epsilon"]))
        p.node.append(p.graph.node[-1])
        if last:
            add("Transpose", [out], y, perm=[0, 2, 3, 1])

    p.instead(name, build)
    return len(p.node) - 1
