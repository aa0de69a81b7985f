"""Bugs in what a file computes rather than in its weights: causes 11, 13 to 19."""

import numpy as np

from plant_bugs import cause, weight

# Activations of one input by gonn's names: add(op, inputs, output, …) makes a node.
ACTIVATIONS = {
    "relu": lambda add, x, y: add("Relu", [x], y),
    "elu": lambda add, x, y: add("Elu", [x], y),
    "selu": lambda add, x, y: add("Selu", [x], y),
    "tanh": lambda add, x, y: add("Tanh", [x], y),
    "softplus": lambda add, x, y: add("Softplus", [x], y),
    "swish": lambda add, x, y: add("Mul", [x, add("Sigmoid", [x])], y),
    "mish": lambda add, x, y: add("Mul", [x, add("Tanh", [add("Softplus", [x])])], y),
    "hardswish": lambda add, x, y: add("Mul", [x, add("HardSigmoid", [x], alpha=1 / 6, beta=0.5)], y),
}
# What is mistaken for what.
MISTAKEN = {"relu": ["elu", "swish", "mish", "softplus"], "elu": ["selu", "relu", "tanh"], "mish": ["swish", "relu", "hardswish"], "swish": ["hardswish", "mish", "relu"],
            "leaky": ["elu", "selu", "swish"], "prelu": ["elu", "mish", "tanh"], "swish-beta": ["mish", "relu", "hardswish"]}


@cause(13, "another activation", "act")
def activation(p, name, rng):
    spelled = p.ref.by_name[name]["act"]
    new = rng.choice(MISTAKEN[spelled.split(":")[0]])
    p.instead(name, ACTIVATIONS[new])
    return {"note": f"{new} for {spelled}"}


@cause(11, "padding begin against end", "conv", "maxpool", "avgpool", "pad")
def padding(p, name, rng):
    ref, l = p.ref, p.ref.by_name[name]
    if l["kind"] == "pad":
        i = ref.node(name, "Pad")
        if i is None:
            return None
        pads = ref.values[p.node[i].input[1]]
        p.set((i, 1), np.concatenate([pads[len(pads) // 2:], pads[:len(pads) // 2]]))
        return {"note": f"{pads.tolist()} turned round", "layers": [r["name"] for r in ref.readers(name)]}
    i = ref.node(name, "Conv", "MaxPool", "AveragePool")
    if i is None:
        return None
    if p.attribute(i, "auto_pad", b"NOTSET") == b"SAME_UPPER":
        p.set_attribute(i, "auto_pad", "SAME_LOWER")
        return {"note": "SAME_LOWER for SAME_UPPER"}
    pads = list(p.attribute(i, "pads", [0, 0, 0, 0]))
    if len(pads) != 4 or not any(pads):
        return None
    top, left, bottom, right = pads
    if top != bottom:
        new = [bottom, right, top, left]
    elif l["stride"] == 2:
        new = [top - 1, left - 1, bottom, right]
    elif l["kind"] == "conv":
        new = [top + bottom, left + right, 0, 0] if rng.random() < 0.5 else [0, 0, top + bottom, left + right]
    else:
        return None
    p.set_attribute(i, "pads", new)
    return {"note": f"{new} for {pads}"}


@cause(14, "softmax missing or twice")
def softmax(p, name, rng):
    last = p.ref.layers[-1]
    if last["kind"] == "softmax" and rng.random() < 0.5:
        p.instead(last["name"], lambda add, x, y: add("Identity", [x], y))
        how = "missing"
    else:
        p.behind(p.ref.output, lambda add, x, y: add("Softmax", [x], y, axis=-1))
        how = "twice" if last["kind"] == "softmax" else "where there is none"
    return {"note": how, "layers": [last["name"], p.ref.output, *last["in"]] if last["kind"] == "softmax" else [last["name"], p.ref.output]}


@cause(15, "RGB/BGR")
def colours(p, name, rng):
    if p.ref.recorded[None].shape[1] != 3:
        return None
    first = p.ref.readers(None)[0]["name"]
    if rng.random() < 0.5:
        axis = 3 if p.ref.layout == "NHWC" else 1
        p.before_all(lambda add, x: add("Gather", [x, p.constant(np.array([2, 1, 0]), "order")], axis=axis))
        return {"note": "in front", "layers": [p.ref.input]}
    place, _ = weight(p, first)
    p.set(place, p.ref.value(place)[:, ::-1])
    return {"note": f"in the weights of {first}", "layers": [p.ref.input, first], "like": [3]}


@cause(16, "pixel scaling")
def scaling(p, name, rng):
    channels = p.ref.recorded[None].shape[1]
    def each(v):
        v = np.array(v if channels == 3 else v[:1], np.float32)
        return v if p.ref.layout == "NHWC" else v.reshape(-1, 1, 1)
    factor, shift, how = [(np.float32(1 / 255), None, "1/255"), (np.float32(255), None, "255"), (np.float32(2), np.float32(-1), "2x − 1"),
                          (1 / each([0.229, 0.224, 0.225]), -each([0.485, 0.456, 0.406]) / each([0.229, 0.224, 0.225]), "mean and deviation"),
                          (np.float32(-1), np.float32(1), "inverted")][rng.integers(5)]

    def build(add, x):
        x = add("Mul", [x, p.constant(np.asarray(factor, np.float32), "factor")])
        return x if shift is None else add("Add", [x, p.constant(np.asarray(shift, np.float32), "shift")])

    p.before_all(build)
    return {"note": how, "layers": [p.ref.input]}


@cause(17, "pool of the other kind or counting padding", "maxpool", "avgpool", "gap")
def pool(p, name, rng):
    i = p.ref.node(name, "MaxPool", "AveragePool", "GlobalAveragePool", "ReduceMean")
    if i is None:
        return None
    node = p.node[i]
    counts = p.attribute(i, "count_include_pad", 0)
    if node.op_type == "AveragePool" and any(p.attribute(i, "pads", [0])) and rng.random() < 0.7:
        p.set_attribute(i, "count_include_pad", 1 - counts)
        return {"note": "padding counted" if not counts else "padding not counted"}
    new = {"MaxPool": "AveragePool", "AveragePool": "MaxPool", "GlobalAveragePool": "GlobalMaxPool", "ReduceMean": "ReduceMax"}[node.op_type]
    old, node.op_type = node.op_type, new
    kept = [a for a in node.attribute if a.name not in ("count_include_pad", "storage_order", "dilations")]
    del node.attribute[:]
    node.attribute.extend(kept)
    return {"note": f"{new} for {old}"}


@cause(18, "stride or dilation", "conv")
def dilation(p, name, rng):
    i = p.ref.node(name, "Conv")
    l = p.ref.by_name[name]
    pads = list(p.attribute(i, "pads", [0, 0, 0, 0]))
    if l["kernel"] == 1 or not all(pads) or l["stride"] != 1:
        return None
    p.set_attribute(i, "dilations", [2, 2])
    p.set_attribute(i, "pads", [a + (l["kernel"] - 1) // 2 for a in pads])
    return {"note": "dilation 2, padding to fit"}


@cause(18, "stride or dilation", "conv")
def stride(p, name, rng):
    """Another stride, alone or in exchange with the next convolution's; whether the file still runs is seen by whoever asks."""
    ref, l = p.ref, p.ref.by_name[name]
    i = ref.node(name, "Conv")
    if l["stride"] == 1 and rng.random() < 0.7:
        return None
    nexts, at = [], name
    while True:
        read = ref.readers(at)
        if not read or read[0]["kind"] == "dense":
            break
        at = read[0]["name"]
        if read[0]["kind"] == "conv":
            nexts.append(read[0])
            break
    if nexts and nexts[0]["stride"] != l["stride"] and rng.random() < 0.6:
        j = ref.node(nexts[0]["name"], "Conv")
        p.set_attribute(i, "strides", [nexts[0]["stride"]] * 2)
        p.set_attribute(j, "strides", [l["stride"]] * 2)
        return {"note": f"exchanged with {nexts[0]['name']}", "layers": [nexts[0]["name"]]}
    p.set_attribute(i, "strides", [3 - l["stride"]] * 2)
    return {"note": f"{3 - l['stride']} for {l['stride']}"}


@cause(19, "residual missing", "add")
def residual(p, name, rng):
    ref, l = p.ref, p.ref.by_name[name]
    i = ref.node(name, "Add")
    if i is None:
        return None
    value, layout = ref.result(name)
    read = next((v for v, o in ref.found[ref.owner(l["in"][0])] if o == layout), None)
    if read is None:
        return None
    p.cut(value)
    p.add("Identity", [read], value, p.node[i])
    about = {"note": "the other branch is left out"}
    if not l["recorded"]:  # nobody saw it: what stands before and behind is as good
        about["layers"] = [name.rsplit(".", 1)[0], l["in"][0], *[r["name"] for r in ref.readers(name)]]
    return about
