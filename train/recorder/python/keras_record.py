

class Recorder:
    """Records the steps of a training loop: fit, train_on_batch or a loop of your own; see the top of this file.

    loss: the object that compile or the loop got. outputs: record what each layer gives too.
    steps: stop recording after so many, 0 for all.

    Inside `with` functions run eagerly, one operation after the other, so that values can be
    read: TensorFlow's tf.function and JAX's jit do nothing there, nor in fit. With a compiled
    model on JAX a loop of your own must not call jit by itself.

    Each step is verified: one that gonn could not repeat raises Refused, and there is no bundle.
    """

    def __init__(self, model, loss, optimizer, folder, outputs=False, steps=0):
        if not isinstance(model, keras.Model) or not isinstance(optimizer, keras.optimizers.Optimizer):
            raise Refused(f"a Recorder takes a keras.Model, its loss and a keras.optimizers.Optimizer, in this order; got {type(model).__name__} and {type(optimizer).__name__}")
        self.model, self.loss, self.optimizer, self.steps = model, loss, optimizer, steps
        self.loss_form, self.probabilities = loss_form(loss)
        self.optimizer_form, self.settings = optimizer_form(optimizer), settings_of(optimizer)
        self.done, self.rates, self.batch, self.variables, self.end = 0, [], None, None, None
        if model.built:
            self.name_variables()
        self.outputs, self.bundle = outputs, Bundle(folder)
        self.aside = ""  # what the model runs for now: "export", "verify", or "" for the loop

    @property
    def finished(self):
        """Whether as many steps as asked for are recorded: the loop may stop."""
        return bool(self.steps) and self.done >= self.steps

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        if BACKEND == "tensorflow":
            self.stack.callback(tf.config.run_functions_eagerly, tf.config.functions_run_eagerly())
            tf.config.run_functions_eagerly(True)
        elif BACKEND == "jax" and not self.model.compiled:  # fit has run_eagerly, which is quicker
            self.stack.enter_context(jax.disable_jit())
        if self.model.compiled:
            self.stack.callback(setattr, self.model, "run_eagerly", self.model.run_eagerly)
            self.model.run_eagerly = True
            self.model.train_function = None
            self.stack.callback(setattr, self.model, "train_function", None)
            if BACKEND == "jax":
                self.model.jit_compile = False
        self.patch(self.model, "call", self.forward)
        self.patch(self.loss, "call", self.compared)
        self.patch(sys.modules["keras.src.losses.loss"], "reduce_weighted_values", self.reduced)
        self.patch(self.optimizer, "apply", self.apply)
        self.patch(self.optimizer, "_clip_gradients", self.clipped)
        for kind in {next(c for c in layer.__mro__ if "call" in vars(c)) for layer in (keras.layers.Dropout, keras.layers.SpatialDropout1D, keras.layers.SpatialDropout2D, keras.layers.SpatialDropout3D)}:
            self.patch_class(kind, self.dropout)
        self.patch_class(keras.layers.BatchNormalization, self.normalize)
        for name in ("GaussianDropout", "GaussianNoise", "AlphaDropout"):
            self.patch_class(getattr(keras.layers, name), self.refused)
        if self.outputs:
            for layer in self.model._flatten_layers(include_self=False):
                self.patch(layer, "call", lambda call, *a, layer=layer, **k: self.output(layer, call(*a, **k)))
        return self

    def patch(self, owner, name, by):
        original = getattr(owner, name)
        was_own = name in vars(owner)
        object.__setattr__(owner, name, lambda *args, **kwargs: by(original, *args, **kwargs))
        self.stack.callback(*((object.__setattr__, owner, name, original) if was_own else (object.__delattr__, owner, name)))

    def patch_class(self, kind, by):
        original = kind.call
        kind.call = lambda layer, *args, **kwargs: by(original, layer, *args, **kwargs)
        self.stack.callback(setattr, kind, "call", original)

    def __exit__(self, kind, error, trace):
        self.stack.close()
        if BACKEND == "jax":
            jax.effects_barrier()
        if self.done and not isinstance(error, Refused):
            self.bundle.close(self.description())
            return
        self.bundle.abort()
        if kind is None:
            raise Refused("no step was recorded: inside `with` call fit, train_on_batch, or model(x, training=True), loss and optimizer.apply")

    # What the patches hand over, in the order of a step.

    def forward(self, call, x, *args, **kwargs):
        training = kwargs.get("training")
        if training is None:
            training = self.model._get_call_context().training
        if self.aside or self.finished or not training or not self.model.built:
            return call(x, *args, **kwargs)
        if not ops.is_tensor(x) and not isinstance(x, np.ndarray):
            raise Refused("the model must take one tensor")
        if self.batch is not None:
            raise Refused("a second forward pass in training mode before optimizer.apply: steps that add up gradients of several batches are not recorded")
        if self.variables is None:
            self.name_variables()
        self.batch = {"mask": {}, "output": {}, "stat": {}, "begin": {}}
        hand_over(lambda a: self.batch.update(x=a), x)
        for name, v in self.variables.items():
            hand_over(lambda a, name=name: self.batch["begin"].update({name: a}), v)
        y = call(x, *args, **kwargs)
        if not ops.is_tensor(y) or keras.backend.standardize_dtype(y.dtype) != "float32":
            raise Refused(f"the model gives {y.dtype if ops.is_tensor(y) else type(y).__name__}; need one tensor of float32: record without mixed precision")
        self.batch["made by"] = getattr(y, "grad_fn", None)
        hand_over(lambda a: self.batch.update(z=a), y)
        for name, v in self.stats.items():
            hand_over(lambda a, name=name: self.batch["stat"].update({name: a}), v)
        return y

    def name_variables(self):
        """Names all variables of numbers by their paths, without the model's own name."""
        self.variables, self.stats = {}, {}
        for layer in self.model._flatten_layers():
            if isinstance(layer, keras.layers.BatchNormalization) and not layer.trainable:
                raise Refused(f"{layer.name} is frozen, so it runs as in inference, which is not replayed")
            if layer.compute_dtype != "float32":
                raise Refused(f"{layer.name} computes in {layer.compute_dtype}; only float32 is replayed")
            if getattr(layer, "activity_regularizer", None) is not None:
                raise Refused(f"{layer.name} has an activity_regularizer: regularizers are not replayed; record without")
        moving = {id(v) for layer in self.model._flatten_layers() if isinstance(layer, keras.layers.BatchNormalization)
                  for v in (layer.moving_mean, layer.moving_variance)}
        for v in self.model.variables:
            name = v.path.removeprefix(self.model.name + "/")
            for what in ("regularizer", "constraint"):
                if v.trainable and getattr(v, what, None) is not None:
                    raise Refused(f"{name} has a {what}: {what}s are not replayed; record without (weight decay of the optimizer is replayed)")
            dtype = keras.backend.standardize_dtype(v.dtype)
            if not dtype.startswith("float"):
                continue
            if dtype != "float32":
                raise Refused(f"{name} is of {dtype}; only float32 is replayed")
            if name in self.variables:
                raise Refused(f"two variables are called {name}; give their layers different names")
            self.variables[name] = v
            if id(v) in moving:
                self.stats[name] = v
        self.params = {n: v for n, v in self.variables.items() if n not in self.stats}
        self.names = {id(v): n for n, v in self.variables.items()}

    def output(self, layer, y):
        if self.batch is not None and not self.aside and ops.is_tensor(y):
            hand_over(lambda a: self.batch["output"].setdefault(layer.path, a), y)
        return y

    def compared(self, call, y_true, y_pred):
        values = call(y_true, y_pred)
        if self.batch is not None and "y" not in self.batch and not self.aside:
            self.batch["y"] = None

            def took(y, each):
                self.batch.update(y=y, loss=np.float64(np.mean(each, dtype=np.float64)))
            hand_over(took, y_true, values)
        return values

    def reduced(self, reduce, values, sample_weight=None, mask=None, **kwargs):
        if self.batch is not None and not self.aside and not (sample_weight is None and mask is None):
            raise Refused("weights of samples or classes, and masks, are not recorded: train without them")
        return reduce(values, sample_weight=sample_weight, mask=mask, **kwargs)

    def apply(self, apply, grads, trainable_variables=None):
        if self.finished or self.aside:
            return apply(grads, trainable_variables)
        if BACKEND == "jax":
            if any(isinstance(g, jax.core.Tracer) for g in grads):
                raise Refused("the step runs inside jax.jit: while it is recorded call it without")
            jax.effects_barrier()
        if self.batch is None:
            raise Refused(f"step {self.done}: the optimizer is applied without a forward pass before it: call model(x, training=True)")
        if "loss" not in self.batch:
            raise Refused("the loss object that the Recorder was given was not called in this step")
        k, o = self.done, self.optimizer
        variables = list(trainable_variables) if trainable_variables is not None else o._trainable_variables
        if not o.built:
            o.build(variables)
        names = [self.names[id(v)] for v in variables]
        given = {n: to_numpy(g) for n, g in zip(names, grads) if g is not None}
        check_settings(self.settings, settings_of(o), k)
        if k == 0:
            self.taken, self.trained = set(names), list(given)
            self.first = int(to_numpy(o.iterations))
            self.decayed = [n for n, v in zip(names, variables) if o._use_weight_decay(v)] if o.weight_decay else []
        verify_step(self, k, names, given)
        if k == 0:
            self.export(self.batch["x"])
            for kind, own in (("param", self.params), ("stat", self.stats)):
                self.bundle.put_all(f"0/{kind}", {n: self.batch["begin"][n] for n in own})
            self.bundle.put_all("0/state", self.state())
        check_masks(k, self.batch["mask"], self.dropouts)
        for key in ("x", "y", "loss"):
            self.bundle.put(f"{k}/{key}", self.batch[key])
        for key, arrays in (("mask", self.batch["mask"]), ("output", self.batch["output"]), ("grad", given)):
            self.bundle.put_all(f"{k}/{key}", arrays)
        self.rates.append(number(to_numpy(o.learning_rate)))
        before, self.after_clipping = self.state(), None
        apply(grads, trainable_variables)
        after = given if self.after_clipping is None else dict(zip(given, self.after_clipping))
        if not same(after, given):
            self.bundle.put_all(f"{k}/clipped", after)
        params, stats, state, begin = self.parameters(), self.batch["stat"], self.state(), self.batch["begin"]
        verify_update(self, k, begin, params, before, state, given, after)
        self.done, self.batch, self.end = self.done + 1, None, {**params, **stats, **state}
        self.bundle.put_all(f"{self.done}/param", params)
        self.bundle.put_all(f"{self.done}/stat", stats)
        self.bundle.put_all(f"{self.done}/state", state)

    def clipped(self, clip, grads):
        grads = clip(grads)
        self.after_clipping = [to_numpy(g) for g in grads]
        return grads

    def parameters(self):
        """All parameters now. JAX's fit takes the values of those that are not trained away; forward has seen them."""
        return {n: to_numpy(v) if n in self.taken else self.batch["begin"][n] for n, v in self.params.items()}

    def state(self):
        """The optimizer's state, by slot and parameter."""
        o, form = self.optimizer, self.optimizer_form
        state = {}
        for slot, attribute, setting in SLOTS[form["name"]]:
            if setting and not form.get(setting):
                continue
            for v, moment in zip(o._trainable_variables, getattr(o, attribute)):
                state[f"{slot}/{self.names[id(v)]}"] = to_numpy(moment)
        return state

    # Dropout: the mask is drawn as the layer draws it, and multiplied by.

    def dropout(self, call, layer, x, training=False):
        if self.batch is None or not training:
            return call(layer, x, training=training)
        if self.aside == "export":
            self.dropouts.append({"name": f"dropout/{len(self.dropouts)}", "rate": number(layer.rate)})
            return x * self.marks[len(self.dropouts) - 1]
        if self.aside == "verify":
            return x * next(self.drawn)
        mask = call(layer, ops.ones_like(x), training=True)
        name = f"dropout/{len(self.batch['mask'])}"
        self.batch["mask"][name] = None
        hand_over(lambda a: self.batch["mask"].update({name: a}), mask)
        return x * mask

    def refused(self, call, layer, x, training=False):
        setting = "stddev" if hasattr(layer, "stddev") else "rate"
        if training and getattr(layer, setting) and self.batch is not None:
            raise Refused(f"{type(layer).__name__} is not replayed: leave it out or set its {setting} to 0")
        return call(layer, x, training=training)

    def normalize(self, call, layer, x, training=None, mask=None):
        if not training and self.batch is not None and "made by" not in self.batch:
            raise Refused(f"{self.name_of(layer)}: BatchNormalization with training=False inside a model that trains is not replayed")
        if self.aside != "export":
            return call(layer, x, training=training, mask=mask)
        axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
        shape = [1] * len(x.shape)
        shape[axis] = -1
        self.norms.append((layer, axis % len(x.shape), len(x.shape)))
        return x * ops.reshape(ops.convert_to_tensor(layer.moving_mean), shape)

    def name_of(self, norm):
        """The name of a batch normalisation, unlike that of any other: its path."""
        return self.names.get(id(norm.moving_mean), norm.name).removesuffix("/moving_mean")

    def stateless(self, values, x, training):
        """The model as a function of its variables: outputs, and the variables that are not trained."""
        lists = [[values[self.names[id(v)]] if id(v) in self.names else ops.zeros(v.shape, v.dtype) for v in variables]  # the others are seeds
                 for variables in (self.model.trainable_variables, self.model.non_trainable_variables)]
        return self.model.stateless_call(*lists, x, training=training)

    # The start as ONNX.

    def export(self, x):
        model, names = self.model, list(self.variables)
        most = len(self.batch["mask"]) + 64  # a layer may be called several times, or have the rate 0
        values = {n: self.batch["begin"][n] for n in names}

        def pure(x, values, marks):
            """A function of the input and of all parameters."""
            self.marks, self.dropouts, self.norms = marks, [], []
            return self.stateless(dict(zip(names, values)), x, training=True)[0]

        self.aside = "export"
        try:
            with explained("the model cannot be exported to ONNX, as which its start is kept", EXPORTS), contextlib.redirect_stdout(sys.stderr):
                proto, renamed = EXPORT[BACKEND](pure, x, list(values.values()), [np.float32(1)] * most)
        finally:
            self.aside = ""
        check_calls([self.name_of(layer) for layer, _, _ in self.norms])
        graph = proto.graph
        for old, new in zip(renamed, ["input", *names, *(f"dropout/{i}" for i in range(most))]):
            rename(graph, old, new)
        for d in self.dropouts:
            replace_mark(graph, d["name"], dropout_node(d["name"], d["rate"]))
        for layer, axis, rank in self.norms:
            replace_mark(graph, self.names[id(layer.moving_mean)], self.norm_node(layer, axis, rank, values, graph))
        if "" not in {o.domain for o in proto.opset_import}:
            raise Refused("the exporter wrote no ONNX opset")
        rates = {d["name"]: np.float32(d["rate"]) for d in self.dropouts}
        unused = {f"dropout/{i}": np.float32(0) for i in range(len(rates), most)}
        self.used = give_values(proto, {**values, **rates, **unused})
        self.bundle.start(proto)

    def norm_node(self, layer, axis, rank, values, graph):
        """What replace_mark needs for a BatchNormalization, which has its channels along axis 1."""
        name, channels = self.name_of(layer), layer.moving_mean.shape[0]

        def constant(what, value):
            tensor = numpy_helper.from_array(np.full(channels, value, np.float32), f"{name}/{what}")
            graph.initializer.append(tensor)
            return tensor.name

        def nodes(x, y):
            inputs = [self.names[id(layer.gamma)] if layer.scale else constant("ones", 1), self.names[id(layer.beta)] if layer.center else constant("zeros", 0),
                      self.names[id(layer.moving_mean)], self.names[id(layer.moving_variance)]]
            to = [0, axis, *(a for a in range(1, rank) if a != axis)]
            back = [to.index(a) for a in range(rank)]
            moved = axis != 1
            made = [helper.make_node("BatchNormalization", [f"{y}/first" if moved else x, *inputs], [f"{y}/normal" if moved else y], epsilon=layer.epsilon, name=name)]
            if moved:
                made = [helper.make_node("Transpose", [x], [f"{y}/first"], perm=to), *made, helper.make_node("Transpose", [f"{y}/normal"], [y], perm=back)]
            return made
        return nodes

    def loss_description(self):
        return {"form": self.loss_form, "class": type(self.loss).__name__, "probabilities": self.probabilities}

    def groups(self, of=None):
        """The parameters with weight decay, and those without: of all variables, or of some."""
        of = self.variables if of is None else of
        decay, rest = [n for n in self.decayed if n in of], [n for n in self.variables if n in of and n in self.trained and n not in self.decayed]
        groups = [(decay, number(self.optimizer.weight_decay) or 0.0), (rest, 0.0)]
        return [{"params": own, "weight_decay": rate, "lr": self.rates} for own, rate in groups if own]

    def clip(self):
        o = self.optimizer
        return {"norm": o.global_clipnorm} if o.global_clipnorm else {"norm": o.clipnorm, "each": True} if o.clipnorm else {"value": o.clipvalue} if o.clipvalue else {}

    def description(self):
        described = [{"name": n, "shape": list(v.shape), "statistic": n in self.stats, "trained": n in self.trained}
                     for n, v in self.variables.items() if n in self.used]
        norms = []
        for layer, _, _ in self.norms:
            own = {"running_mean": layer.moving_mean, "running_var": layer.moving_variance, **({"weight": layer.gamma} if layer.scale else {}), **({"bias": layer.beta} if layer.center else {})}
            norms.append({"name": self.name_of(layer), **{k: self.names[id(v)] for k, v in own.items()}, "epsilon": number(layer.epsilon), "momentum": number(layer.momentum)})
        return {
            "framework": FRAMEWORK, "backend": BACKEND, "versions": VERSIONS,
            "loss": self.loss_description(),
            "optimizer": {**self.optimizer_form, "iterations": self.first, "groups": self.groups(self.used)},
            "clip": self.clip(), "steps": self.done, "parameters": described, "batch_norm": norms, "dropout": self.dropouts,
        }
