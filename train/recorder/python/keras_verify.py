

@contextlib.contextmanager
def outside():
    """Out of the scope in which JAX's variables are values of a function: there new ones cannot be made."""
    from keras.src.backend.common import global_state
    scope = global_state.get_global_attribute("stateless_scope")
    global_state.set_global_attribute("stateless_scope", None)
    try:
        yield
    finally:
        global_state.set_global_attribute("stateless_scope", scope)


@contextlib.contextmanager
def undisturbed(recorder):
    """Gradients are the derivatives of what a model computes: stop_gradient does nothing, and a function with a gradient of its own has its derivative."""
    stops = [keras.ops.stop_gradient, keras.src.backend.core.stop_gradient]
    stops += [tf.stop_gradient] if BACKEND == "tensorflow" else [jax.lax.stop_gradient] if BACKEND == "jax" else []
    with contextlib.ExitStack() as stack:
        def replace(owner, name, value):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        for module in list(sys.modules.values()):
            for alias in [a for a, v in list(getattr(module, "__dict__", {}).items()) if any(v is s for s in stops)]:
                replace(module, alias, lambda variable, *args, **kwargs: variable)
        if BACKEND == "torch":
            stack.enter_context(undisturbed_model(recorder.model, recorder.batch["made by"]))
        elif BACKEND == "tensorflow":
            from tensorflow.python.ops import custom_gradient
            for name in ("_eager_mode_decorator", "_graph_mode_decorator"):
                replace(custom_gradient, name, lambda f, args, kwargs, by=getattr(custom_gradient, name): by(f, args, kwargs) if of_framework(f) else derived(f(*args, **kwargs)))
        else:
            stack.enter_context(jax.disable_jit())  # which would keep what was compiled before
            for kind in (jax.custom_vjp, jax.custom_jvp):
                replace(kind, "__call__", lambda f, *args, by=kind.__call__, **kwargs: by(f, *args, **kwargs) if of_framework(f.fun) else f.fun(*args, **kwargs))
        yield


def of_framework(f):
    """Whether a function with a gradient of its own is the framework's, which gives the derivative; grad_pass_through does not."""
    return (getattr(f, "__module__", None) or "").split(".")[0] in ("tensorflow", "jax", "keras") and "grad_pass_through" not in getattr(f, "__qualname__", "")


def derived(result):
    """What a function gives to tf.custom_gradient, without the gradient."""
    return result[0]


def differentiate(value, inputs):
    """What value(inputs) gives beside a total, and the gradients of the total."""
    if BACKEND == "jax":
        (_, more), grads = jax.value_and_grad(value, has_aux=True)(inputs)
        return more, grads
    if BACKEND == "tensorflow":
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total, more = value(inputs)
        return more, tape.gradient(total, inputs, unconnected_gradients="zero")
    with torch.enable_grad():
        inputs = [t.detach().requires_grad_() for t in inputs]
        total, more = value(inputs)
        grads = torch.autograd.grad(total, inputs, allow_unused=True)
    return more, [torch.zeros_like(t) if g is None else g for t, g in zip(inputs, grads)]


def run_again(recorder, names, around):
    """Output, gradients and running statistics of the recorded step, by the model alone."""
    batch, stats = recorder.batch, {id(v): n for n, v in recorder.stats.items()}
    values = {n: ops.convert_to_tensor(v) for n, v in batch["begin"].items()}
    x, y, rest = ops.convert_to_tensor(batch["x"]), ops.convert_to_tensor(batch["y"]), recorder.model.non_trainable_variables

    def value(inputs):
        recorder.drawn = iter(map(ops.convert_to_tensor, batch["mask"].values()))
        z, others = recorder.stateless({**values, **dict(zip(names, inputs))}, x, training=True)
        return recorder.loss(y, z), (z, {stats[id(v)]: new for v, new in zip(rest, others) if id(v) in stats})

    recorder.aside = "verify"
    try:
        with outside(), around:
            (z, new), grads = differentiate(value, [values[n] for n in names])
    finally:
        recorder.aside = ""
    return to_numpy(z), {n: to_numpy(g) for n, g in zip(names, grads)}, {n: to_numpy(v) for n, v in new.items()}


def verify_step(recorder, k, names, given):
    """Holds loss and gradients of a step against what follows from the recording, and its beginning against the end before."""
    batch, begin, params = recorder.batch, recorder.batch["begin"], recorder.parameters()
    if recorder.end is not None:
        check_unchanged(recorder.end, {**begin, **recorder.state()}, lambda n: BETWEEN.format(k, n))
    check_unchanged({n: begin[n] for n in params}, params, lambda n: WITHIN.format(k, n))
    check_loss(k, recorder.loss_description(), batch["z"], batch["y"], float(batch["loss"]))
    if list(given) != recorder.trained or set(names) != recorder.taken:
        raise Refused(f"step {k}: other variables have gradients than in the first recorded step: freeze or thaw layers outside of the recording")
    seen = {n: given.get(n, np.zeros_like(begin[n])) for n in names}
    with explained(ALONE.format(k), FORWARD):
        z, own, stats = run_again(recorder, names, undisturbed(recorder))
    if not np.max(np.abs(z - batch["z"]), initial=0) <= AGREES["output"] * np.max(np.abs(z), initial=0):
        raise Refused(AGAIN.format(k, "other outputs"))
    check_gradients(batch["stat"], stats, lambda n, far: AGAIN.format(k, f"another {n}"))

    def other(n, far):
        """Whether it is the model that changes gradients: then it does so once more."""
        check_gradients(seen, run_again(recorder, names, contextlib.nullcontext())[1],
                        lambda n, far: LOSS_GRADIENTS.format(k, n, far) + "; clip by the optimizer's global_clipnorm, clipnorm or clipvalue")
        return LAYER_GRADIENTS.format(k, n, far)
    check_gradients(seen, own, other)


def verify_update(recorder, k, begin, params, before, state, given, clipped):
    """Holds clipping and the optimizer's step against its recorded settings, and all else against what it was."""
    still = [n for n in params if n not in recorder.taken]
    check_unchanged({n: begin[n] for n in still}, {n: params[n] for n in still}, lambda n: WITHIN.format(k, n))
    trained, form = recorder.trained, recorder.optimizer_form
    with outside():
        own = clipped_gradients(recorder.clip(), given)
        check_gradients(clipped, own, lambda n, far: CLIPPING.format(k, "", n, far, "the optimizer's global_clipnorm, clipnorm or clipvalue"))
        groups = [{**g, "lr": g["lr"][k], "params": [n for n in g["params"] if n in trained]} for g in recorder.groups()]
        moments = {tuple(key.split("/", 1)): v for key, v in before.items() if key.split("/", 1)[1] in trained}
        values, own_state = optimizer_step(form, groups, recorder.first + k, begin, moments, clipped)
    check_update(k, form["class"], begin, {n: params[n] for n in trained}, values,
                 {n: v for n, v in state.items() if n.split("/", 1)[1] in trained}, {"/".join(key): v for key, v in own_state.items()})


# What the optimizer and clipping make of gradients, by a description.

def clipped_gradients(clip, grads):
    args = {"clipnorm": clip["norm"]} if clip.get("each") else {"global_clipnorm": clip["norm"]} if clip.get("norm") else {"clipvalue": clip["value"]} if clip.get("value") else {}
    clipped = keras.optimizers.SGD(**args)._clip_gradients([ops.convert_to_tensor(g) for g in grads.values()])
    return {n: to_numpy(g) for n, g in zip(grads, clipped)}


def optimizer_of(o, group):
    """A Keras optimizer of a description, for a group of parameters."""
    kinds, args = keras.optimizers, {"learning_rate": group["lr"]}
    args |= {"weight_decay": group["weight_decay"]} if group["weight_decay"] else {"weight_decay": 0.0} if o["name"] == "adamw" else {}
    args |= {theirs: o[ours] for ours, theirs in {"beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon", "rho": "rho", "momentum": "momentum", "nesterov": "nesterov",
                                                  "centered": "centered", "initial_accumulator": "initial_accumulator_value"}.items() if ours in o}
    return {"sgd": kinds.SGD, "adam": kinds.Adam, "adamw": kinds.AdamW, "rmsprop": kinds.RMSprop, "adagrad": kinds.Adagrad}[o["name"]](**args)


def optimizer_step(form, groups, taken, values, moments, grads):
    """Parameters and state after a step of an optimizer, which had taken so many, on gradients that are clipped."""
    new, state = {}, {}
    for group in groups:
        variables = {n: keras.Variable(values[n]) for n in group["params"]}
        o = optimizer_of(form, group)
        o.build(list(variables.values()))
        o.iterations.assign(taken)
        slots = [(slot, getattr(o, attribute)) for slot, attribute, setting in SLOTS[form["name"]] if not setting or form.get(setting)]
        for slot, own in slots:
            for n, v in zip(group["params"], own):
                if (slot, n) in moments:
                    v.assign(moments[slot, n])
        o.apply([ops.convert_to_tensor(grads[n]) for n in group["params"]], list(variables.values()))
        new |= {n: to_numpy(v) for n, v in variables.items()}
        state |= {(slot, n): to_numpy(v) for slot, own in slots for n, v in zip(group["params"], own)}
    return new, state
