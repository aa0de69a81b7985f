

# ---- PyTorch ------------------------------------------------------------------------------

import torch
from torch import nn
from torch.nn import functional

FRAMEWORK = "pytorch"
VERSIONS = {"torch": torch.__version__, "onnx": onnx.__version__, "numpy": np.__version__}


def to_numpy(tensor):
    if tensor.dtype in (torch.bfloat16, torch.float16):
        raise Refused(f"the model computes with {tensor.dtype}; only float32 is replayed: record without autocast")
    return tensor.detach().cpu().numpy().copy()


def loss_form(loss):
    """gonn's spelling of a loss module, and its class weights."""
    if not isinstance(loss, nn.Module):
        raise Refused("the loss must be a module, such as torch.nn.CrossEntropyLoss(): functions cannot be watched")
    if getattr(loss, "reduction", "mean") != "mean":
        raise Refused(f"{type(loss).__name__}(reduction={loss.reduction!r}) is not replayed; use 'mean'")
    weight = getattr(loss, "weight", None)
    weights = None if weight is None else [float(w) for w in weight]
    kind = type(loss)
    if kind is nn.CrossEntropyLoss and loss.ignore_index == -100:
        return f"cross-entropy:{loss.label_smoothing}" if loss.label_smoothing else "cross-entropy", weights
    if kind is nn.BCEWithLogitsLoss and weight is None:
        return "bce-logits" + (":" + ",".join(str(float(p)) for p in loss.pos_weight.flatten()) if loss.pos_weight is not None else ""), None
    if kind is nn.HuberLoss:
        return f"huber:{loss.delta}", None
    if kind is nn.MSELoss or kind is nn.BCELoss and weight is None:
        return {nn.MSELoss: "mse", nn.BCELoss: "bce"}[kind], None
    raise Refused(f"{loss} is not replayed; gonn has CrossEntropyLoss, BCELoss, BCEWithLogitsLoss, MSELoss and HuberLoss")


BY_STEP = ("momentum", "beta1", "beta2")  # constants that may change from step to step, as OneCycleLR changes them


def optimizer_form(optimizer):
    """Name and constants of an optimizer; those of its groups must be equal but for rate and decay."""
    names = {torch.optim.SGD: "sgd", torch.optim.Adam: "adam", torch.optim.AdamW: "adamw",
             torch.optim.RMSprop: "rmsprop", torch.optim.Adagrad: "adagrad"}
    name = names.get(type(optimizer))
    if not name:
        raise Refused(f"{type(optimizer).__name__} is not replayed; gonn has SGD, Adam, AdamW, RMSprop and Adagrad")
    form = None
    for group in optimizer.param_groups:
        for off in ("amsgrad", "maximize", "dampening", "lr_decay"):
            if group.get(off):
                raise Refused(f"{type(optimizer).__name__}({off}={group[off]}) is not replayed")
        if group.get("decoupled_weight_decay") and name == "adam":
            raise Refused("Adam(decoupled_weight_decay=True) is AdamW; use that")
        own = {"name": name, "class": type(optimizer).__name__}
        if "betas" in group:
            own |= {"beta1": number(group["betas"][0]), "beta2": number(group["betas"][1])}
        for key, ours in {"eps": "epsilon", "alpha": "rho", "momentum": "momentum", "nesterov": "nesterov", "centered": "centered",
                          "initial_accumulator_value": "initial_accumulator"}.items():
            if group.get(key) or ours in ("epsilon", "rho", "initial_accumulator") and key in group:
                own[ours] = group[key] if isinstance(group[key], bool) else number(group[key])
        if form not in (None, own):
            raise Refused("groups of parameters may differ in lr and weight_decay alone")
        form = own
    check_constants(form, name)
    return form
