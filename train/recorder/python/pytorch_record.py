

class Dropouts(torch.overrides.TorchFunctionMode):
    """Hands calls of Dropout to a recorder, by whatever name they are called: of a module, of functional, of torch, or one that was kept."""

    PLAIN = {functional.dropout, functional.dropout1d, functional.dropout2d, functional.dropout3d, torch.dropout, torch.dropout_, torch.feature_dropout, torch.feature_dropout_}
    ALPHA = {functional.alpha_dropout, functional.feature_alpha_dropout, torch.alpha_dropout, torch.alpha_dropout_, torch.feature_alpha_dropout, torch.feature_alpha_dropout_}

    def __init__(self, recorder):
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function not in self.PLAIN | self.ALPHA:
            return function(*args, **kwargs)
        own = dict(zip(("input", "p", "training", "inplace"), args)) | {{"train": "training"}.get(key, key): value for key, value in kwargs.items()}
        own.setdefault("p", 0.5)
        own.setdefault("training", function in self.PLAIN)
        own["inplace"] = own.get("inplace", False) or function.__name__.endswith("_")
        if not own["training"] or not self.recorder.watching:
            return function(*args, **kwargs)
        if function in self.PLAIN:
            return self.recorder.dropout(function, **own)
        if own["p"]:
            raise Refused("alpha dropout is not replayed: set its p to 0")
        return function(*args, **kwargs)


class Recorder:
    """Records the steps of a training loop; see the top of this file.

    loss: the module that the loop calls. outputs: record what each layer gives too.
    steps: stop recording after so many, 0 for all.

    Each step is verified: one that gonn could not repeat raises Refused, and there is no bundle.
    """

    def __init__(self, model, loss, optimizer, folder, outputs=False, steps=0):
        if not isinstance(model, nn.Module) or not isinstance(optimizer, torch.optim.Optimizer):
            raise Refused(f"a Recorder takes a torch.nn.Module, its loss and a torch.optim.Optimizer, in this order; got {type(model).__name__} and {type(optimizer).__name__}")
        self.model, self.loss, self.optimizer, self.steps = model, loss, optimizer, steps
        self.loss_form, self.class_weights = loss_form(loss)
        self.optimizer_form = optimizer_form(optimizer)
        self.params = dict(model.named_parameters())
        self.stats = {name: b for name, b in model.named_buffers() if b.is_floating_point()}
        for name, p in {**self.params, **self.stats}.items():
            if nn.parameter.is_lazy(p):
                raise Refused(f"{name} has no shape yet: run the model on one batch first")
            if p.dtype != torch.float32:
                raise Refused(f"{name} is of {p.dtype}; only float32 is replayed")
        self.batch_norms = self.norms()
        self.by_step = {key: [] for key in BY_STEP if key in self.optimizer_form}
        self.settings()
        self.outputs = outputs
        self.bundle = Bundle(folder)
        self.done = 0  # steps recorded
        self.clip = self.groups = self.batch = self.end = None
        self.trained = []  # names of the parameters that have gradients
        self.aside = ""  # what the model runs for now: "export", "verify", or "" for the loop

    @property
    def finished(self):
        """Whether as many steps as asked for are recorded: the loop may stop."""
        return bool(self.steps) and self.done >= self.steps

    @property
    def watching(self):
        """Whether the model runs in a step, or is run again."""
        return bool(self.aside) or self.batch is not None and "z" not in self.batch

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        hooks = [self.model.register_forward_pre_hook(self.before_forward), self.model.register_forward_hook(self.after_forward),
                 self.loss.register_forward_hook(self.after_loss, with_kwargs=True),
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
        self.stack.enter_context(Dropouts(self))
        return self

    def patch(self, owner, name, by):
        """Replaces a function wherever a module has it, also where it was imported by its name."""
        original = getattr(owner, name)

        def patched(*args, **kwargs):
            return by(original, *args, **kwargs)
        for module in list(sys.modules.values()):
            for alias in [a for a, v in list(getattr(module, "__dict__", {}).items()) if v is original]:
                setattr(module, alias, patched)
                self.stack.callback(setattr, module, alias, original)

    def __exit__(self, kind, error, trace):
        self.stack.close()
        if self.done and not isinstance(error, Refused):
            self.bundle.close(self.description())
            return
        self.bundle.abort()
        if kind is None:
            raise Refused("no step was recorded: the loop inside `with` must call model, loss, backward and optimizer.step")

    # What the hooks hand over, in the order of a step.

    def before_forward(self, module, args):
        if self.aside or self.finished or not self.model.training:
            return
        if len(args) != 1 or not isinstance(args[0], torch.Tensor):
            raise Refused("the model must take one tensor")
        if self.batch is not None:
            raise Refused("a second forward pass in training mode before optimizer.step: steps that add up gradients of several batches are not recorded")
        frozen = [n for n, m in self.model.named_modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and not m.training]
        if frozen:
            raise Refused(f"{', '.join(frozen)}: BatchNorm in eval() inside a model that trains is not replayed")
        values = self.values()
        if self.end is not None:
            check_unchanged(self.end, {**values, **self.state()}, lambda n: BETWEEN.format(self.done, n))
        begin = {n: t.detach().clone() for n, t in (*self.params.items(), *self.model.named_buffers())}
        self.batch = {"x": to_numpy(args[0]), "grad": {}, "mask": {}, "output": {}, "begin": begin, "values": values, "input": args[0].detach().clone()}

    def after_forward(self, module, args, y):
        if self.batch is None or self.aside or "z" in self.batch:
            return
        if not isinstance(y, torch.Tensor):
            raise Refused(f"the model gives a {type(y).__name__}, need one tensor")
        self.batch |= {"z": y.detach().clone(), "made by": y.grad_fn}

    def output(self, name, y):
        if self.batch is not None and not self.aside and isinstance(y, torch.Tensor):
            self.batch["output"].setdefault(name, to_numpy(y))

    def after_loss(self, module, args, kwargs, value):
        if self.batch is not None and "loss" not in self.batch and not self.aside:
            target = kwargs["target"] if "target" in kwargs else args[-1]
            self.batch |= {"target": target.detach().clone(), "y": to_numpy(target), "loss": to_numpy(value)}

    def computed(self, name, p):
        if self.batch is not None:
            self.batch["grad"][name] = to_numpy(p.grad)

    def clip_norm(self, original, parameters, max_norm, norm_type=2.0, *args, **kwargs):
        parameters = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
        if self.clips(parameters, max_norm):
            if float(norm_type) != 2:
                raise Refused(f"clip_grad_norm_(norm_type={norm_type}) is not replayed; use 2")
            self.batch.setdefault("clip", {})["norm"] = number(max_norm)
        return original(parameters, max_norm, norm_type, *args, **kwargs)

    def clip_value(self, original, parameters, clip_value, *args, **kwargs):
        parameters = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
        if self.clips(parameters, clip_value):
            self.batch.setdefault("clip", {})["value"] = number(clip_value)
        return original(parameters, clip_value, *args, **kwargs)

    def clips(self, parameters, limit):
        """Whether a call clips gradients of the recorded model."""
        own = {id(p) for p in self.params.values()}
        return self.batch is not None and not self.aside and number(limit) != float("inf") and any(id(p) in own for p in parameters)

    def before_step(self, optimizer, args, kwargs):
        if self.finished:
            return None
        closure = kwargs.get("closure", args[1] if len(args) > 1 else None)
        if closure is None:
            self.before_update()
            return None

        def watched():
            value = closure()
            self.before_update()
            return value
        return args[:1], {**kwargs, "closure": watched}

    def before_update(self):
        k = self.done
        if self.batch is None:
            raise Refused(f"step {k}: optimizer.step() without a forward pass of the model in training mode before it: call model.train(), and model(x) itself")
        if "loss" not in self.batch:
            raise Refused("the loss module that the Recorder was given was not called in this step")
        settings, given = self.settings(), {n: to_numpy(p.grad) for n, p in self.params.items() if p.grad is not None}
        if self.groups is None:
            self.first_settings, self.first = settings, self.steps_taken()
            self.groups = [{"params": names, "weight_decay": decay, "lr": []} for names, decay in self.grouped()]
            updated = {n for g in self.groups for n in g["params"]}
            self.trained = [n for n in {**self.batch["grad"], **given} if n in given and n in updated and self.params[n].requires_grad]
            self.clip = self.batch.get("clip", {})
        for key, values in self.by_step.items():
            values.append(optimizer_form(self.optimizer).get(key))
        check_settings(self.first_settings, settings, k)
        verify_step(self, k, given)
        if k == 0:
            self.export(self.batch["input"], self.batch["begin"])
            for kind, names in (("param", self.params), ("stat", self.stats)):
                self.bundle.put_all(f"0/{kind}", {n: self.batch["values"][n] for n in names})
            self.bundle.put_all("0/state", self.state())
        check_masks(k, self.batch["mask"], self.dropouts)
        for key in ("x", "y", "loss"):
            self.bundle.put(f"{k}/{key}", self.batch[key])
        for key in ("mask", "output"):
            self.bundle.put_all(f"{k}/{key}", self.batch[key])
        grads = {n: self.batch["grad"].get(n, given[n]) for n in self.trained}
        self.batch["given"] = {n: g for n, g in given.items() if n in self.trained}
        self.bundle.put_all(f"{k}/grad", grads)
        if not same(self.batch["given"], grads):
            self.bundle.put_all(f"{k}/clipped", self.batch["given"])
        for group, own in zip(self.groups, self.optimizer.param_groups):
            group["lr"].append(number(own["lr"]))
        self.batch["state"] = self.state()

    def after_step(self, optimizer, args, kwargs):
        if self.batch is None or self.finished:
            return
        values, state = self.values(), self.state()
        verify_update(self, self.done, values, state)
        self.done, self.batch, self.end = self.done + 1, None, {**values, **state}
        self.bundle.put_all(f"{self.done}/param", {n: values[n] for n in self.params})
        self.bundle.put_all(f"{self.done}/stat", {n: values[n] for n in self.stats})
        self.bundle.put_all(f"{self.done}/state", state)

    def values(self):
        """Parameters and running statistics now."""
        return {n: to_numpy(t) for n, t in (*self.params.items(), *self.stats.items())}

    # The optimizer's settings, and its state by slot and parameter.

    def state(self):
        names = {p: n for n, p in self.params.items()}
        return {f"{slot}/{names[p]}": to_numpy(value) for p, own in self.optimizer.state.items() for slot, value in own.items()
                if slot != "step" and isinstance(value, torch.Tensor)}

    def steps_taken(self):
        return max([int(own["step"]) for own in self.optimizer.state.values() if "step" in own], default=0)

    def grouped(self):
        """The names of each group of parameters, and its weight decay."""
        names = {p: n for n, p in self.params.items()}
        for group in self.optimizer.param_groups:
            if any(p not in names for p in group["params"]):
                raise Refused("the optimizer has parameters that the model has not")
        return [([names[p] for p in group["params"]], number(group["weight_decay"])) for group in self.optimizer.param_groups]

    def form_at(self, k):
        """The optimizer with its constants in step k."""
        return {**self.optimizer_form, **{key: values[k] for key, values in self.by_step.items()}}

    def changes(self):
        """The constants that a schedule has changed, step by step."""
        changed = {key: values[:self.done] for key, values in self.by_step.items() if len(set(values[:self.done])) > 1}
        return {"by_step": changed} if changed else {}

    def settings(self):
        """All settings of the optimizer but the learning rate."""
        own = optimizer_form(self.optimizer)
        for i, (names, decay) in enumerate(self.grouped()):
            own |= {f"weight_decay of group {i}": decay, f"number of parameters of group {i}": len(names)}
        return own

    # Dropout: the mask is drawn as the framework draws it, and multiplied by.

    def dropout(self, original, input, p, training, inplace):
        """What a Dropout that trains gives."""
        if self.aside == "export":
            mask = self.marks[self.marked(p)]
        elif self.aside == "verify":
            mask = next(self.drawn, None)
            if mask is None or mask.shape != input.shape:
                raise Refused("the model calls Dropout in another way when it is run again: let each step call the same layers")
        else:
            mask = original(torch.ones_like(input), p, training)
            self.batch["mask"][f"dropout/{len(self.batch['mask'])}"] = to_numpy(mask)
        return input.mul_(mask) if inplace else input * mask

    def marked(self, p):
        self.rates.append(float(p))
        return len(self.rates) - 1

    # The start as ONNX.

    def export(self, x, begin):
        model, names = self.model, [*self.params, *self.stats]
        most = sum(type(m).__name__.startswith("Dropout") for m in model.modules()) + 64

        class Pure(nn.Module):  # a function of the input and of all parameters
            def forward(pure, x, values, marks):
                self.rates, self.marks = [], marks
                return torch.func.functional_call(model, dict(zip(names, values)), (x,))

        values = [begin[n] for n in names]
        marks = [torch.ones(()) for _ in range(most)]
        mode = {m: m.training for m in model.modules()}
        self.aside = "export"
        try:  # as it trains, so that branches of training are there; but a BatchNorm is one node in inference alone
            for m in model.modules():
                m.training = m.training and not isinstance(m, nn.modules.batchnorm._BatchNorm)
            with explained("the model cannot be exported to ONNX, as which its start is kept", EXPORTS), torch.no_grad(), torch.random.fork_rng(), contextlib.redirect_stdout(sys.stderr):
                program = torch.onnx.export(
                    Pure().eval(), (x, values, marks), dynamo=True, optimize=False, verbose=False, output_names=["output"],
                    input_names=["input", *names, *(f"dropout/{i}" for i in range(most))],
                    dynamic_shapes=({0: torch.export.Dim("N", min=1)} if len(x) > 1 else None, [None] * len(values), [None] * most))
        finally:
            self.aside = ""
            for m, training in mode.items():
                m.training = training
        proto = program.model_proto
        check_calls([n.input[3].removesuffix(".running_mean") for n in proto.graph.node if n.op_type == "BatchNormalization"])
        rates = {f"dropout/{i}": np.float32(p) for i, p in enumerate(self.rates)}
        for mark, rate in rates.items():
            replace_mark(proto.graph, mark, dropout_node(mark, rate))
        unused = {f"dropout/{i}": np.float32(0) for i in range(len(rates), most)}
        self.used = give_values(proto, {**{n: to_numpy(begin[n]) for n in names}, **rates, **unused})
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
            own = {ours: f"{name}.{ours}" for ours in ("weight", "bias", "running_mean", "running_var") if getattr(m, ours) is not None}
            found.append({"name": name, **own, "epsilon": m.eps, "momentum": 1 - m.momentum})
        return found

    def loss_description(self):
        return {"form": self.loss_form, "class": type(self.loss).__name__, "class_weights": self.class_weights}

    def description(self):
        described = [{"name": n, "shape": list(t.shape), "statistic": n in self.stats, "trained": n in self.trained}
                     for n, t in {**self.params, **self.stats}.items() if n in self.used]
        return {
            "framework": FRAMEWORK, "versions": VERSIONS,
            "loss": self.loss_description(),
            "optimizer": {**self.form_at(0), "iterations": self.first, **self.changes(),
                          "groups": [{**g, "params": [n for n in g["params"] if n in self.used]} for g in self.groups]},
            "clip": self.clip, "steps": self.done, "parameters": described, "batch_norm": self.batch_norms, "dropout": self.dropouts,
        }
