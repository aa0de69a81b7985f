

def run_again(recorder, names, around):
    """Output, gradients and running statistics of the recorded step, by the model alone."""
    batch = recorder.batch
    values = {n: t.clone().requires_grad_(n in names) for n, t in batch["begin"].items()}
    recorder.aside, recorder.drawn = "verify", (torch.from_numpy(m).to(batch["z"].device) for m in batch["mask"].values())
    try:
        with torch.random.fork_rng(), torch.enable_grad(), around:
            z = torch.func.functional_call(recorder.model, values, (batch["input"],))
            grads = torch.autograd.grad(recorder.loss(z, batch["target"]), [values[n] for n in names], allow_unused=True)
    finally:
        recorder.aside = ""
    return to_numpy(z), {n: to_numpy(torch.zeros_like(values[n]) if g is None else g) for n, g in zip(names, grads)}, {n: to_numpy(values[n]) for n in recorder.stats}


def verify_step(recorder, k, given):
    """Holds loss, gradients and clipping of a step against what follows from the recording."""
    batch, z = recorder.batch, to_numpy(recorder.batch["z"])
    now = recorder.values()
    check_unchanged({n: batch["values"][n] for n in recorder.params}, {n: now[n] for n in recorder.params}, lambda n: WITHIN.format(k, n))
    check_loss(k, recorder.loss_description(), z, batch["y"], float(batch["loss"]))
    names = [n for n, p in recorder.params.items() if p.requires_grad and (n in recorder.trained or n in updated_names(recorder))]
    seen = {n: batch["grad"].get(n, given.get(n, np.zeros(recorder.params[n].shape, np.float32))) for n in names}
    try:
        again, own, stats = run_again(recorder, names, undisturbed_model(recorder.model, recorder.batch["made by"]))
    except (RuntimeError, TypeError):  # of what works in no_grad alone
        with explained(ALONE.format(k), FORWARD):
            again, own, stats = run_again(recorder, names, contextlib.nullcontext())
    if not np.max(np.abs(again - z), initial=0) <= AGREES["output"] * np.max(np.abs(z), initial=0):
        raise Refused(AGAIN.format(k, "other outputs"))
    check_gradients({n: now[n] for n in recorder.stats}, stats, lambda n, far: AGAIN.format(k, f"another {n}"))

    def other(n, far):
        """Whether it is the model that changes gradients: then it does so once more."""
        check_gradients(seen, run_again(recorder, names, contextlib.nullcontext())[1], lambda n, far: LOSS_GRADIENTS.format(k, n, far))
        return LAYER_GRADIENTS.format(k, n, far)
    check_gradients(seen, own, other)
    if set(recorder.trained) - set(given) or any(n not in recorder.trained and n in given for n in names):
        raise Refused(f"step {k}: other parameters have gradients than in the first recorded step: freeze or thaw layers outside of the recording")
    clip = batch.get("clip", {})
    if clip != recorder.clip:
        raise Refused(f"step {k}: gradients are clipped by {in_words(clip)}, in the first recorded step by {in_words(recorder.clip)}: clip all steps alike")
    if len(clip) > 1:
        raise Refused("gradients are clipped by norm and by value: gonn does one of the two")
    own = clipped_gradients(clip, {n: seen[n] for n in recorder.trained})
    by = f", clipped by {in_words(clip)}" if clip else ""
    check_gradients({n: given[n] for n in recorder.trained}, own, lambda n, far: CLIPPING.format(k, by, n, far, "nn.utils.clip_grad_norm_ or clip_grad_value_"))


def in_words(clip):
    return " and ".join(f"{kind} {limit:g}" for kind, limit in clip.items()) or "nothing"


def updated_names(recorder):
    return {n for g in recorder.groups for n in g["params"]}


def verify_update(recorder, k, values, state):
    """Holds the optimizer's step against its recorded settings, and all else against what it was."""
    batch, trained = recorder.batch, recorder.trained
    if "given" not in batch:
        raise Refused(f"step {k}: optimizer.step() did not call its closure")
    still = [n for n in recorder.params if n not in trained and n in recorder.used]
    check_unchanged({n: batch["values"][n] for n in still}, {n: values[n] for n in still}, lambda n: WITHIN.format(k, n))
    groups = [{**g, "lr": g["lr"][k], "params": [n for n in g["params"] if n in trained]} for g in recorder.groups]
    moments = {tuple(key.split("/", 1)): v for key, v in batch["state"].items() if key.split("/", 1)[1] in trained}
    own, own_state = optimizer_step(recorder.form_at(k), groups, recorder.first + k, batch["values"], moments, batch["given"])
    check_update(k, recorder.optimizer_form["class"], batch["values"], {n: values[n] for n in trained}, own,
                 {n: v for n, v in state.items() if n.split("/", 1)[1] in trained}, {"/".join(key): v for key, v in own_state.items()})


# What the optimizer and clipping make of gradients, by a description.

def parameters_of(values, grads):
    made = {}
    for n, g in grads.items():
        made[n] = nn.Parameter(torch.from_numpy(values[n].copy()))
        made[n].grad = torch.from_numpy(g.copy())
    return made


def clipped_gradients(clip, grads):
    params = parameters_of(grads, grads)
    if clip.get("each"):
        raise Refused("PyTorch has no clipping of each gradient by its own norm in one call")
    if clip.get("norm"):
        nn.utils.clip_grad_norm_(params.values(), clip["norm"])
    if clip.get("value"):
        nn.utils.clip_grad_value_(params.values(), clip["value"])
    return {n: to_numpy(p.grad) for n, p in params.items()}


def optimizer_step(o, groups, taken, values, moments, grads):
    """Parameters and state after a step of the optimizer o, which had taken so many, on gradients that are clipped."""
    params = parameters_of(values, grads)
    groups = [{"params": [params[n] for n in g["params"]], "lr": g["lr"], "weight_decay": g.get("weight_decay", 0)} for g in groups]
    betas = (o.get("beta1", 0.9), o.get("beta2", 0.999))
    made = {
        "sgd": lambda: torch.optim.SGD(groups, lr=1, momentum=o.get("momentum", 0), nesterov=o.get("nesterov", False)),
        "adam": lambda: torch.optim.Adam(groups, betas=betas, eps=o["epsilon"]),
        "adamw": lambda: torch.optim.AdamW(groups, betas=betas, eps=o["epsilon"]),
        "rmsprop": lambda: torch.optim.RMSprop(groups, alpha=o["rho"], eps=o["epsilon"], momentum=o.get("momentum", 0), centered=o.get("centered", False)),
        "adagrad": lambda: torch.optim.Adagrad(groups, eps=o["epsilon"], initial_accumulator_value=o.get("initial_accumulator", 0)),
    }[o["name"]]()
    for (slot, n), v in moments.items():
        made.state[params[n]][slot] = torch.from_numpy(v.copy())
        if o["name"] != "sgd":
            made.state[params[n]]["step"] = torch.tensor(float(taken))
    made.step()
    after = {(slot, n): to_numpy(v) for n, p in params.items() for slot, v in made.state[p].items() if slot != "step" and v is not None}
    return {n: to_numpy(p) for n, p in params.items()}, after
