

# ---- PyTorch ------------------------------------------------------------------------------

import torch
from torch import nn
from torch.nn import functional

FRAMEWORK = "pytorch"
VERSIONS = {"torch": torch.__version__, "onnx": onnx.__version__, "numpy": np.__version__}


def to_numpy(tensor):
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
            if group.get(key):
                own[ours] = group[key] if isinstance(group[key], bool) else number(group[key])
        if form not in (None, own):
            raise Refused("groups of parameters may differ in lr and weight_decay alone")
        form = own
    return form


class Recorder:
    """Records the steps of a training loop; see the top of this file.

    loss: the module that the loop calls. outputs: record what each layer gives too.
    steps: stop recording after so many, 0 for all.
    """

    def __init__(self, model, loss, optimizer, folder, outputs=False, steps=0):
        self.model, self.loss, self.optimizer, self.steps = model, loss, optimizer, steps
        self.loss_form, self.class_weights = loss_form(loss)
        self.optimizer_form = optimizer_form(optimizer)
        self.params = dict(model.named_parameters())
        self.stats = {name: b for name, b in model.named_buffers() if b.is_floating_point()}
        for name, p in {**self.params, **self.stats}.items():
            if p.dtype != torch.float32:
                raise Refused(f"{name} is of {p.dtype}; only float32 is replayed")
        self.outputs = outputs
        self.bundle = Bundle(folder)
        self.done = 0  # steps recorded
        self.clip = {}
        self.groups = None
        self.batch = None
        self.exporting = False

    @property
    def finished(self):
        """Whether as many steps as asked for are recorded: the loop may stop."""
        return bool(self.steps) and self.done >= self.steps

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        hooks = [self.model.register_forward_pre_hook(self.before_forward), self.loss.register_forward_hook(self.after_loss),
                 self.optimizer.register_step_pre_hook(self.before_step), self.optimizer.register_step_post_hook(self.after_step)]
        for name, p in self.params.items():
            if p.requires_grad:
                hooks.append(p.register_post_accumulate_grad_hook(lambda p, name=name: self.computed(name, p)))
        if self.outputs:
            for name, module in self.model.named_modules():
                if name and not list(module.children()):
                    hooks.append(module.register_forward_hook(lambda m, i, y, name=name: self.output(name, y)))
        for hook in hooks:
            self.stack.callback(hook.remove)
        self.patch(nn.utils, "clip_grad_norm_", self.clip_norm)
        self.patch(nn.utils, "clip_grad_value_", self.clip_value)
        for name in ("dropout", "dropout1d", "dropout2d", "dropout3d"):
            self.patch(functional, name, self.dropout)
        for name in ("alpha_dropout", "feature_alpha_dropout"):
            self.patch(functional, name, self.no_dropout)
        return self

    def patch(self, owner, name, by):
        original = getattr(owner, name)
        setattr(owner, name, lambda *args, **kwargs: by(original, *args, **kwargs))
        self.stack.callback(setattr, owner, name, original)

    def __exit__(self, kind, error, trace):
        self.stack.close()
        if self.done:
            self.bundle.close(self.description())
            return
        self.bundle.zip.close()
        if kind is None:
            raise Refused("no step was recorded: the loop inside `with` must call model, loss, backward and optimizer.step")

    # What the hooks hand over, in the order of a step.

    def before_forward(self, module, args):
        if self.exporting or self.finished or not self.model.training:
            return
        if len(args) != 1 or not isinstance(args[0], torch.Tensor):
            raise Refused("the model must take one tensor")
        if self.batch is not None:
            raise Refused("a second forward pass in training mode before optimizer.step: steps that add up gradients of several batches are not recorded")
        frozen = [n for n, m in self.model.named_modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and not m.training]
        if frozen:
            raise Refused(f"{', '.join(frozen)}: BatchNorm in eval() inside a model that trains is not replayed")
        if not self.done and not self.groups:
            self.export(args[0])
            self.bundle.put_all("0/param", {n: to_numpy(p) for n, p in self.params.items()})
            self.bundle.put_all("0/stat", {n: to_numpy(b) for n, b in self.stats.items()})
        self.batch = {"x": to_numpy(args[0]), "grad": {}, "mask": {}, "output": {}}

    def output(self, name, y):
        if self.batch is not None and not self.exporting and isinstance(y, torch.Tensor):
            self.batch["output"].setdefault(name, to_numpy(y))

    def after_loss(self, module, args, value):
        if self.batch is not None and "loss" not in self.batch:
            self.batch |= {"y": to_numpy(args[1]), "loss": to_numpy(value)}

    def computed(self, name, p):
        if self.batch is not None:
            self.batch["grad"][name] = to_numpy(p.grad)

    def clip_norm(self, original, parameters, max_norm, norm_type=2.0, *args, **kwargs):
        if float(norm_type) != 2:
            raise Refused(f"clip_grad_norm_(norm_type={norm_type}) is not replayed; use 2")
        self.clip = {"norm": number(max_norm)}
        return original(parameters, max_norm, norm_type, *args, **kwargs)

    def clip_value(self, original, parameters, clip_value, *args, **kwargs):
        self.clip = {"value": number(clip_value)}
        return original(parameters, clip_value, *args, **kwargs)

    def before_step(self, optimizer, args, kwargs):
        if self.batch is None or self.finished:
            return
        if "loss" not in self.batch:
            raise Refused("the loss module that the Recorder was given was not called in this step")
        if not self.groups:
            self.groups = self.describe_groups()
            self.bundle.put_all("0/state", self.state())
            self.first = self.steps_taken()
        k, given = self.done, {n: to_numpy(p.grad) for n, p in self.params.items() if p.grad is not None}
        for key in ("x", "y", "loss"):
            self.bundle.put(f"{k}/{key}", self.batch[key])
        for key in ("mask", "output", "grad"):
            self.bundle.put_all(f"{k}/{key}", self.batch[key])
        if not same(given, self.batch["grad"]):
            self.bundle.put_all(f"{k}/clipped", given)
        for group, own in zip(self.groups, optimizer.param_groups):
            group["lr"].append(number(own["lr"]))

    def after_step(self, optimizer, args, kwargs):
        if self.batch is None or self.finished:
            return
        self.done, self.batch = self.done + 1, None
        self.bundle.put_all(f"{self.done}/param", {n: to_numpy(p) for n, p in self.params.items()})
        self.bundle.put_all(f"{self.done}/stat", {n: to_numpy(b) for n, b in self.stats.items()})
        self.bundle.put_all(f"{self.done}/state", self.state())

    # The optimizer's state, by slot and parameter.

    def state(self):
        names = {p: n for n, p in self.params.items()}
        return {f"{slot}/{names[p]}": to_numpy(value) for p, own in self.optimizer.state.items() for slot, value in own.items()
                if slot != "step" and isinstance(value, torch.Tensor)}

    def steps_taken(self):
        return max([int(own["step"]) for own in self.optimizer.state.values() if "step" in own], default=0)

    def describe_groups(self):
        names = {p: n for n, p in self.params.items()}
        groups = []
        for group in self.optimizer.param_groups:
            if any(p not in names for p in group["params"]):
                raise Refused("the optimizer has parameters that the model has not")
            groups.append({"params": [names[p] for p in group["params"]], "weight_decay": number(group["weight_decay"]), "lr": []})
        return groups

    # Dropout: the mask is drawn as the framework draws it, and multiplied by.

    def dropout(self, original, x, p=0.5, training=True, inplace=False):
        if self.exporting:
            return x * self.marks[self.marked(p)]
        if self.batch is None or not training:
            return original(x, p, training, inplace)
        mask = original(torch.ones_like(x), p, True)
        self.batch["mask"][f"dropout/{len(self.batch['mask'])}"] = to_numpy(mask)
        return x * mask

    def no_dropout(self, original, x, p=0.5, training=False, inplace=False):
        if training and p:
            raise Refused("alpha dropout is not replayed: set its p to 0")
        return original(x, p, training, inplace)

    def marked(self, p):
        self.rates.append(float(p))
        return len(self.rates) - 1

    # The start as ONNX.

    def export(self, x):
        model, names = self.model, [*self.params, *self.stats]
        most = sum(type(m).__name__.startswith("Dropout") for m in model.modules()) + 64

        class Pure(nn.Module):  # a function of the input and of all parameters
            def forward(pure, x, values, marks):
                self.rates, self.marks = [], marks
                return torch.func.functional_call(model, dict(zip(names, values)), (x,))

        values = [t.detach().clone() for t in (*self.params.values(), *self.stats.values())]
        marks = [torch.ones(()) for _ in range(most)]
        mode = {m: m.training for m in model.modules()}
        self.exporting = True
        model.eval()
        try:
            with torch.no_grad(), torch.random.fork_rng(), contextlib.redirect_stdout(sys.stderr):
                program = torch.onnx.export(
                    Pure().eval(), (x, values, marks), dynamo=True, optimize=False, verbose=False, output_names=["output"],
                    input_names=["input", *names, *(f"dropout/{i}" for i in range(most))],
                    dynamic_shapes=({0: torch.export.Dim("N", min=1)} if len(x) > 1 else None, [None] * len(values), [None] * most))
        finally:
            self.exporting = False
            for m, training in mode.items():
                m.training = training
        proto = program.model_proto
        rates = {f"dropout/{i}": np.float32(p) for i, p in enumerate(self.rates)}
        for mark, rate in rates.items():
            replace_mark(proto.graph, mark, dropout_node(mark, rate))
        unused = {f"dropout/{i}": np.float32(0) for i in range(len(rates), most)}
        self.used = give_values(proto, {**{n: to_numpy(t) for n, t in {**self.params, **self.stats}.items()}, **rates, **unused})
        self.dropouts = [{"name": mark, "rate": number(rate)} for mark, rate in rates.items()]
        self.bundle.start(proto)

    def norms(self):
        """The constants of batch normalisations; momentum is the weight of the old value."""
        found = []
        for name, m in self.model.named_modules():
            if not isinstance(m, nn.modules.batchnorm._BatchNorm):
                continue
            if m.momentum is None or not m.track_running_stats:
                raise Refused(f"{name}: BatchNorm with momentum=None or track_running_stats=False is not replayed")
            if not m.affine:
                raise Refused(f"{name}: BatchNorm(affine=False) is not replayed")
            own = {ours: f"{name}.{ours}" for ours in ("weight", "bias", "running_mean", "running_var")}
            found.append({"name": name, **own, "epsilon": m.eps, "momentum": 1 - m.momentum})
        return found

    def description(self):
        described = [{"name": n, "shape": list(t.shape), "statistic": n in self.stats, "trained": n in self.params and t.requires_grad}
                     for n, t in {**self.params, **self.stats}.items() if n in self.used]
        return {
            "framework": FRAMEWORK, "versions": VERSIONS,
            "loss": {"form": self.loss_form, "class": type(self.loss).__name__, "class_weights": self.class_weights},
            "optimizer": {**self.optimizer_form, "iterations": self.first, "groups": self.groups},
            "clip": self.clip, "steps": self.done, "parameters": described, "batch_norm": self.norms(), "dropout": self.dropouts,
        }
