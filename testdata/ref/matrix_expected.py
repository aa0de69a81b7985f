"""What gonn ought to make of an exported model, in its own terms."""

from matrix_cases import settled, window

KINDS = {"dense": "Dense", "flatten": "Flatten", "add": "Add", "mul": "Mul", "concat": "Concat", "softmax": "Softmax",
         "logsoftmax": "LogSoftmax", "up": "ConvTranspose", "conv": "Conv", "maxpool": "MaxPool", "avgpool": "AveragePool",
         "gap": "GlobalAveragePool", "gmp": "GlobalMaxPool", "pad": "Pad"}

# What is as good: the same function, where the exporter leaves nothing to tell them apart. "" is none.
OR = {"leaky:0": ["relu"], "leaky:1": ["linear", ""], "linear": [""], "GlobalMaxPool": ["MaxPool"], "GlobalAveragePool": ["AveragePool"]}
DEFAULTS = [("Stride", [1, 1]), ("Dilation", [1, 1]), ("Groups", 1), ("Pads", [0, 0, 0, 0]), ("Ceil", False), ("CountPads", False), ("Value", 0)]


def merged(case, l):
    """Whether a pad layer goes into the convolutions or the means behind it."""
    takes = [r["kind"] == "conv" or r["kind"] == "avgpool" and not any(window(r, case.x[r["name"]])[0]) for r in case.readers(l["name"])]
    return l["kind"] == "pad" and not l.get("value") and all(takes)


def alternatives(case, l, kind, arithmetic):
    """Kinds that are as good as the one expected."""
    name, _, sharing = kind.partition(":")
    if case.net["start"] != "trained" and name == "swish-beta":
        return ["swish"]  # β = 1, and exporters drop multiplications by 1
    if len(case.x[l["name"]]) == 1 and sharing in ("channel", "element"):
        return [f"{name}:{'element' if sharing == 'channel' else 'channel'}"]
    return OR.get(kind) or [""] * (kind == "BatchNorm" and arithmetic)


def settings(case, l, eps):
    """The fields of gonn's layer; what is left out is the default."""
    x = case.x[l["name"]]
    found = {k: l[n] for k, n in {"Out": "out", "Kernel": "kernel", "Stride": "stride", "Dilation": "dilation", "Groups": "groups"}.items() if n in l}
    if l["kind"] in ("conv", "maxpool", "avgpool"):
        found["Pads"] = window(l, x)[0]
        before = case.by_name.get(case.reads[l["name"]][0])
        padded = before and merged(case, before)
        if padded:
            found["Pads"] = [a + b for a, b in zip(found["Pads"], before["pads"])]
    if l["kind"] in ("maxpool", "avgpool"):
        found["Ceil"] = l.get("ceil", False)
    if l["kind"] == "avgpool":
        del found["Dilation"]
        found["CountPads"] = l.get("count", False) or bool(padded)
    if l["kind"] == "up":
        found["Pads"] = [l["pads"]] * 4
    if l["kind"] == "pad":
        found |= {"Pads": l["pads"], "Value": l.get("value", 0)}
    if l["kind"] == "bn":
        found["Eps"] = l.get("eps") or eps
    return {k: v for k, v in found.items() if (k, v) not in DEFAULTS}


def layers(case, folds, eps, arithmetic):
    """The layers in order: name, kind, settings, and the names of those they read; null is the input.

    folds(l): is this BatchNorm folded into the layer before it? eps: the framework's own. arithmetic: what is
    not folded is a multiplication and an addition of constants in the file, which tell mean from shift no more.
    None if the network has no trainable form in gonn.
    """
    found, stands = [], {None: None}  # stands: which layer gives what a layer of the network gave

    def add(l, kind, reads, suffix="", **fields):
        told = {"name": l["name"] + suffix, "kind": kind, "inputs": reads, "settings": fields}
        good = alternatives(case, l, kind, arithmetic)
        found.append({**told, "or": good} if good else told)
        stands[l["name"]] = l["name"] + suffix

    for l in case.layers:
        reads = [stands[r] for r in case.reads[l["name"]]]
        if l["kind"] == "foreign" or l["kind"] == "act" and l["act"].startswith("foreign"):
            return None
        flat = l["kind"] == "flatten" and len(case.x[l["name"]]) == 1
        if flat or l["kind"] == "dropout" or merged(case, l) or l["kind"] == "bn" and folds(l):
            stands[l["name"]] = reads[0]
        elif l["kind"] == "act":
            add(l, settled(l["act"], case.x[l["name"]]).split("/")[0], reads)
        else:
            add(l, "BatchNorm" if l["kind"] == "bn" else KINDS[l["kind"]], reads, **settings(case, l, eps))
        if l["kind"] in ("gap", "gmp") and l.get("flat"):
            add(l, "Flatten", [l["name"]], suffix=".flatten")
    return found
