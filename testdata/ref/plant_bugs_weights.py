"""Bugs in the weights and biases of convolutions and dense layers: causes 1 to 5, 12, 20, 21."""

import numpy as np
import onnx
from onnx import numpy_helper

from plant_bugs import bias, cause, flattened, hear, matrix, permutation, weight


@cause(1, "kernel flipped", "conv")
def flip(p, name, rng):
    place, _ = weight(p, name)
    w = p.ref.value(place)
    if w.shape[2] == 1:
        return None
    p.set(place, w[:, :, ::-1, ::-1])
    return {"note": "in height and width"}


@cause(2, "kernel transposed", "conv")
def transpose(p, name, rng):
    place, _ = weight(p, name)
    w = p.ref.value(place)
    ways = ["height and width"] * (w.shape[2] > 1) + ["out and in"] * (w.shape[0] == w.shape[1])
    if not ways:
        return None
    how = rng.choice(ways)
    p.set(place, w.transpose(0, 1, 3, 2) if how == "height and width" else w.transpose(1, 0, 2, 3))
    return {"note": how}


@cause(3, "channels permuted", "conv", "dense")
def permute_out(p, name, rng):
    place, op = weight(p, name)
    b = bias(p, name)
    if op == "Conv":
        w = p.ref.value(place)
        order, how = permutation(len(w), rng)
        p.set(place, w[order])
    else:
        w, back = matrix(p, name)
        order, how = permutation(w.shape[1], rng)
        p.set(place, back(w[:, order]))
    if b:
        v = p.ref.value(b)
        p.set(b, v if v.size != len(order) else v.reshape(-1)[order].reshape(v.shape))
    return {"note": f"out, {how}", "final": hear(p, name, True)}


@cause(3, "channels permuted", "conv", "dense")
def permute_in(p, name, rng):
    place, op = weight(p, name)
    if op == "Conv":
        w = p.ref.value(place)
        if w.shape[1] < 4:
            return None
        order, how = permutation(w.shape[1], rng)
        p.set(place, w[:, order])
    else:
        w, back = matrix(p, name)
        if flattened(p, name):
            return None
        order, how = permutation(len(w), rng)
        p.set(place, back(w[order]))
    return {"note": f"in, {how}", "final": hear(p, name, False)}


@cause(4, "dense rows H,W,C against C,H,W", "dense")
def rows(p, name, rng):
    size = flattened(p, name)
    if not size:
        return None
    c, h, w = size
    place, _ = weight(p, name)
    m, back = matrix(p, name)
    if p.ref.layout == "NHWC":
        new = m.reshape(h, w, c, -1).transpose(2, 0, 1, 3)
    else:
        new = m.reshape(c, h, w, -1).transpose(1, 2, 0, 3)
    p.set(place, back(new.reshape(m.shape)))
    return {"note": f"{c}×{h}×{w}"}


@cause(5, "dense untransposed", "dense")
def untransposed(p, name, rng):
    place, _ = weight(p, name)
    m, back = matrix(p, name)
    p.set(place, back(m.T.reshape(m.shape)))
    return {"note": f"{m.shape[0]}×{m.shape[1]}"}


@cause(12, "bias missing or doubled", "conv", "dense")
def no_bias(p, name, rng):
    place = bias(p, name)
    if not place:
        return None
    b, missing = p.ref.value(place), rng.random() < 0.5
    p.set(place, b * np.float32(0 if missing else 2))
    return {"note": "missing" if missing else "doubled"}


def half(w, how):
    """The weights as float16 or bfloat16 holds them, in float32."""
    if how == "float16":
        return w.astype(np.float16).astype(np.float32)
    bits = np.ascontiguousarray(w).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


@cause(20, "weights rounded", "conv", "dense")
def rounded(p, name, rng):
    how = rng.choice(["float16", "bfloat16"])
    for place in [weight(p, name)[0], bias(p, name)]:
        if place:
            p.set(place, half(p.ref.value(place), how))
    return {"note": how}


@cause(20, "weights rounded")
def all_rounded(p, name, rng):
    how = rng.choice(["float16", "bfloat16"])
    for t in p.graph.initializer:
        if t.data_type == onnx.TensorProto.FLOAT:
            t.CopyFrom(numpy_helper.from_array(half(numpy_helper.to_array(t), how), t.name))
    return {"note": f"all, {how}", "layers": [l["name"] for l in p.ref.layers if l["kind"] in ("conv", "dense", "bn", "act")]}


@cause(21, "weights of another state", "conv", "dense", "bn")
def state(p, name, rng):
    snapshot = p.ref.snapshot
    if [n.op_type for n in snapshot.model.graph.node] != [n.op_type for n in p.ref.model.graph.node]:
        return None
    places = p.ref.constants(name, "Conv", "Gemm", "MatMul", "Add", "BatchNormalization")
    for place in places:
        p.set(place, snapshot.value(place))
    return {"note": "this layer only"} if places else None


@cause(21, "weights of another state")
def all_of_state(p, name, rng):
    p.model.CopyFrom(p.ref.snapshot.model)
    p.graph = p.model.graph
    return {"note": "all", "layers": [l["name"] for l in p.ref.layers if l["kind"] in ("conv", "dense", "bn", "act")]}
