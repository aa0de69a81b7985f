"""The cases of layer_cases.py in PyTorch, for golden_layers.py."""

import torch
import torch.nn.functional as F


def versions():
    return {"torch": torch.__version__}


def symmetric(pads):
    """PyTorch's (height, width) of pads that are equal on both sides."""
    if pads[:2] != pads[2:]:
        raise ValueError(f"PyTorch has no pads {pads} here")
    return pads[:2]


def apply(kind, s, x, weight, bias):
    """One layer. x is the list of its inputs."""
    stride = s.get("Stride")
    pads, dilation, groups = s.get("Pads", [0] * 4), s.get("Dilation", [1, 1]), s.get("Groups", 1)
    match kind:
        case "Conv":
            return F.conv2d(x[0], weight, bias, stride or 1, symmetric(pads), dilation, groups)
        case "ConvTranspose":
            return F.conv_transpose2d(x[0], weight, bias, stride or 1, symmetric(pads), s.get("OutputPad", 0), groups, dilation)
        case "Dense":
            return F.linear(x[0], weight, bias)
        case "Flatten":
            return x[0].flatten(1)
        case "Softmax":
            return F.softmax(x[0], 1)
        case "LogSoftmax":
            return F.log_softmax(x[0], 1)
        case "MaxPool":
            return F.max_pool2d(x[0], s["Kernel"], stride, symmetric(pads), dilation, s.get("Ceil", False))
        case "AveragePool":
            return F.avg_pool2d(x[0], s["Kernel"], stride, symmetric(pads), s.get("Ceil", False), s.get("CountPads", False))
        case "GlobalAveragePool":
            return F.adaptive_avg_pool2d(x[0], 1)
        case "GlobalMaxPool":
            return F.adaptive_max_pool2d(x[0], 1)
        case "Add":
            return sum(x[1:], x[0])
        case "Mul":
            return x[0] * x[1]
        case "Concat":
            return torch.cat(x, 1)
        case "Pad":
            top, left, bottom, right = pads
            return F.pad(x[0], [left, right, top, bottom], value=s.get("Value", 0.0))
    raise ValueError(kind)


def run(case, given, dtype):
    """y, dx0, … and grad/<parameter> of a case."""
    t = {k: torch.tensor(v.astype(dtype), requires_grad=k != "dy") for k, v in given.items()}
    x = [t[f"x{i}"] for i in range(len(case["inputs"]))]
    for i, layer in enumerate(case["layers"]):
        x = [apply(layer["kind"], layer["settings"], x, t.get(f"param/{i}.weight"), t.get(f"param/{i}.bias"))]
    x[0].backward(t["dy"])
    out = {"y": x[0]}
    for k, v in t.items():
        if k.startswith("x"):
            out[f"d{k}"] = v.grad
        elif k.startswith("param/"):
            out[f"grad/{k.removeprefix('param/')}"] = v.grad
    return {k: v.detach().numpy() for k, v in out.items()}
