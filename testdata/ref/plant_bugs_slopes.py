"""Bugs in slopes and in batch normalisations: causes 6 to 10."""

import numpy as np

from plant_bugs import cause, norm, permutation, slope


@cause(6, "slope's sign", "act")
def sign(p, name, rng):
    spelled = p.ref.by_name[name]["act"]
    if not spelled.startswith(("prelu", "leaky")):
        return None
    i, place = p.ref.node(name, "LeakyRelu"), slope(p, name)
    if i is not None:
        p.set_attribute(i, "alpha", -p.attribute(i, "alpha", 0.01))
    elif place:
        p.set(place, -p.ref.value(place))
    else:
        return None
    return {"note": spelled}


@cause(7, "slope's axis or order", "act")
def order(p, name, rng):
    spelled, place = p.ref.by_name[name]["act"], slope(p, name)
    if not spelled.endswith((":channel", ":element")) or not place:
        return None
    v, (c, h, w) = p.ref.value(place), p.ref.recorded[name].shape[1:]
    last = p.ref.layout_at(name, place) == "NHWC"
    if spelled.endswith("channel"):
        if c == w and not last and rng.random() < 0.7:
            p.set(place, v.reshape((1,) * (v.ndim - 1) + (c,)))
            return {"note": "along the width"}
        order, how = permutation(c, rng)
        p.set(place, v.reshape(-1)[order].reshape(v.shape))
        return {"note": how}
    m = v.reshape((h, w, c) if last else (c, h, w))
    ways = {"reversed": m[::-1], "memory read as the other order": m.transpose(2, 0, 1) if last else m.transpose(1, 2, 0)}
    if h == w:
        ways["height and width"] = m.transpose(1, 0, 2) if last else m.transpose(0, 2, 1)
    how = rng.choice(list(ways))
    p.set(place, np.ascontiguousarray(ways[how]).reshape(v.shape))
    return {"note": how}


@cause(8, "slope or β of another value, or ignored", "act")
def other_slope(p, name, rng):
    spelled = p.ref.by_name[name]["act"]
    i, place = p.ref.node(name, "LeakyRelu"), slope(p, name)
    if spelled.startswith("leaky") and i is not None:
        new = rng.choice([v for v in (0.01, 0.3, 0.2, 0, 1) if abs(v - p.attribute(i, "alpha", 0.01)) > 0.03])
        p.set_attribute(i, "alpha", float(new))
        return {"note": f"{new} for {spelled}", "like": [13] if new in (0, 1) else []}
    if not spelled.startswith(("prelu", "swish-beta")) or not place:
        return None
    v = p.ref.value(place)
    new, how = [(np.ones_like(v) if "beta" in spelled else np.zeros_like(v), "ignored"), (np.full_like(v, np.sign(v.mean()) * 0.25), "0.25"),
                (v * np.float32(1.5), "1.5 times")][rng.integers(3)]
    p.set(place, new)
    return {"note": f"{how} for {spelled}", "like": [13] if how == "ignored" else []}


@cause(9, "BatchNorm's ε", "bn")
def epsilon(p, name, rng):
    i = norm(p, name)
    if i is None:
        return None
    old = p.attribute(i, "epsilon", 1e-5)
    new = rng.choice([1e-3, 1e-2] if old < 1e-4 else [1e-5, 1e-7])
    p.set_attribute(i, "epsilon", float(new))
    return {"note": f"{new} for {old:.0e}"}


@cause(10, "BatchNorm's parameters swapped", "bn")
def swapped(p, name, rng):
    i = norm(p, name)
    if i is None:
        return None
    a, b, how = [(1, 4, "scale and variance"), (2, 3, "shift and mean")][rng.integers(2)]
    x, y = (p.ref.values[p.node[i].input[k]] for k in (a, b))
    if b == 4 and x.min() <= 0:
        return None
    p.set((i, a), y)
    p.set((i, b), x)
    return {"note": how}
