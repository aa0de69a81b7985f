"""Honest ports with other weights: normalisations folded, channels renumbered, factors moved; and with other names besides."""

import numpy as np

from plant_bugs import bias, deep, flattened, matrix, norm, weight
from plant_ports import port, renamed, split


def some(items, rng):
    """The items in random order."""
    return [items[i] for i in rng.permutation(len(items))]


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


@port("BatchNorm folded, renamed")
def fold_rename(p, rng):
    return fold(p, rng) and renamed(p, rng)


@port("nodes split, renamed")
def split_rename(p, rng):
    return split(p, rng) and renamed(p, rng)


@port("channels renumbered, renamed")
def renumber_rename(p, rng):
    return renumbered(p, rng) and renamed(p, rng)
