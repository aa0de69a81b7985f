

# ---- Verifying what is recorded -----------------------------------------------------------
#
# A loop can do more than a recorder sees. So each step is repeated from what was recorded of it:
# the loss from outputs and targets, the gradients by a pass of the model alone, the clipping, the
# update by the optimizer's recorded settings. Between two steps nothing may change. A step that is
# more than that is refused at once, for gonn would call an honest training different.

AGREES = {"output": 1e-4, "gradient": 1e-4, "floor": 1e-5, "update": 1e-4, "state": 1e-4, "loss": 1e-5}
NEEDED = {"adam": ("beta1", "beta2", "epsilon"), "adamw": ("beta1", "beta2", "epsilon"), "rmsprop": ("rho", "epsilon"), "adagrad": ("epsilon",)}


def check_constants(form, name, *more):
    """Refuses an optimizer whose constants are no numbers."""
    for key in (*NEEDED.get(name, ()), *more):
        if form.get(key) is None:
            raise Refused(f"{form['class']} with {key} None is not replayed; give it a number")


def size(v):
    """The norm of an array, in float64."""
    return float(np.linalg.norm(np.asarray(v, np.float64)))


def check_gradients(seen, own, say):
    """Refuses what say(name, how far) says if gradients are not those that follow from the recording."""
    whole = np.sqrt(sum(size(g) ** 2 for g in seen.values()))
    worst, at = 0.0, None
    for n, g in seen.items():
        distance, allowed = size(g - own[n]), AGREES["gradient"] * size(g) + AGREES["floor"] * whole
        share = distance / allowed if distance and allowed else 0.0 if distance == 0 else np.inf
        if not share <= worst:  # NaN too
            worst, at = share, (n, distance / size(g) if size(g) else distance)
    if not worst <= 1:
        raise Refused(say(*at))


def check_unchanged(before, now, say):
    """Refuses what say(name) says of the first array that is not what it was, to the bit."""
    for n in {**before, **now}:
        if n not in before or n not in now or not np.array_equal(before[n], now[n], equal_nan=True):
            raise Refused(say(n))


def check_settings(first, now, step):
    """Refuses settings that changed since the first step; those of BY_STEP may, where the optimizer has them in all steps."""
    for key in {**first, **now}:
        if (key in first) != (key in now) if key in BY_STEP else first.get(key) != now.get(key):
            raise Refused(f"step {step}: the optimizer's {key} is {now.get(key, 0)}, in the first recorded step it was {first.get(key, 0)}; only the learning rate"
                          + (", betas, and a momentum that is 0 in no step" if BY_STEP else "") + " may change")


def check_masks(step, masks, dropouts):
    """Refuses a step that called Dropout more or less often than the exported model does."""
    if len(masks) != len(dropouts):
        raise Refused(f"step {step}: the model called Dropout {len(masks)} times, and the exported model does {len(dropouts)} times: let each step call the same layers")


def check_calls(norms):
    """Refuses a batch normalisation that is called several times in a step, by the names of all calls."""
    again = sorted({n for n in norms if norms.count(n) > 1})
    if again:
        raise Refused(f"{', '.join(again)}: a BatchNorm that is called several times in a step, each time updating its statistics, is not replayed; use one for each place")


def check_update(step, name, before, after, own, state, own_state):
    """Refuses a step whose parameters or state the optimizer by its recorded settings does not give."""
    say = (f"step {step}: the optimizer's step did not give what {name} with the recorded settings gives: {{}} is {{:.2g}} of its change apart; "
           "something else changes parameters or the optimizer's state in the step, or the class is changed: leave that out")
    for n, want in after.items():
        change, most = np.max(np.abs(want - before[n]), initial=0), np.max(np.abs(want), initial=0)
        distance = np.max(np.abs(own[n] - want), initial=0)
        if not distance <= AGREES["update"] * change + 4 * 2.0 ** -23 * most:
            raise Refused(say.format(n, distance / change if change else np.inf))
    for n, want in state.items():
        distance, most = np.max(np.abs(own_state[n] - want), initial=0), np.max(np.abs(want), initial=0)
        if not distance <= AGREES["state"] * most:
            raise Refused(say.format(f"the state {n}", distance / most if most else np.inf))


def check_loss(step, loss, outputs, y, seen):
    """Refuses a loss that is not the recorded form's of outputs and targets."""
    own = loss_of(step, loss, outputs, y)
    if not np.isfinite(seen):
        raise Refused(f"step {step}: the loss is {seen}: record the steps before it alone")
    if not abs(own - seen) <= AGREES["loss"] * max(abs(seen), 1):
        raise Refused(f"step {step}: the loss is {seen:.7g}, but {loss['class']} of the model's outputs {outputs.shape} and the targets {y.shape} is {own:.7g}. "
                      "Give the loss the model's output as it is: make a division, a softmax or a selection a layer of the model, and give targets the shape of outputs")


def loss_of(step, loss, outputs, y):
    """A loss as gonn computes it, in float64."""
    kind, _, argument = loss["form"].partition(":")
    numbers, z, n = [float(v) for v in argument.split(",")] if argument else [], np.asarray(outputs, np.float64), len(outputs)
    if kind == "cross-entropy":
        labels = classes_of(step, z.shape, y)
        if loss.get("probabilities"):
            with np.errstate(divide="ignore"):
                logs = np.log(z / z.sum(1, keepdims=True))
        else:
            logs = z - z.max(1, keepdims=True)
            logs -= np.log(np.exp(logs).sum(1, keepdims=True))
        smoothing, weights = numbers[0] if numbers else 0.0, np.asarray(loss.get("class_weights") or np.ones(z.shape[1]))
        each = -(1 - smoothing) * logs[np.arange(n), labels] * weights[labels]
        if smoothing:
            each -= smoothing / z.shape[1] * (logs * weights).sum(1)
        return float(each.sum() / weights[labels].sum())
    if y.size != z.size:
        raise Refused(f"step {step}: targets of shape {y.shape} for outputs of shape {z.shape}; give targets the shape of outputs")
    t = np.asarray(y, np.float64).reshape(z.shape)
    if kind == "bce-logits":
        return float(np.mean((numbers or [1.0]) * t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)))
    if kind == "bce":
        with np.errstate(divide="ignore"):
            if FRAMEWORK == "keras":
                z = np.clip(z, 1e-7, float(1 - np.float32(1e-7)))
            return float(np.mean(-t * np.maximum(np.log(z), -100) - (1 - t) * np.maximum(np.log(1 - z), -100)))
    e = np.abs(z - t)
    if kind == "huber":
        return float(np.mean(np.where(e <= numbers[0], 0.5 * e * e, numbers[0] * (e - 0.5 * numbers[0]))))
    return float(np.mean(e * e))


def classes_of(step, shape, y):
    """Targets of a cross-entropy as classes: numbers, or rows of 0 and one 1."""
    if len(shape) != 2:
        raise Refused(f"step {step}: cross-entropy of outputs of shape {shape} is not replayed; need (samples, classes)")
    n, classes = shape
    if y.size == n:
        labels = y.reshape(n)
    elif y.shape == shape and np.all((y == 0) | (y == 1)) and np.all(y.sum(1) == 1):
        labels = y.argmax(1)
    else:
        raise Refused(f"step {step}: targets that are mixed, soft or of shape {y.shape} are not replayed; give each sample one class "
                      "(label_smoothing is a setting of the loss)")
    if not np.all((labels == np.floor(labels)) & (labels >= 0) & (labels < classes)):
        raise Refused(f"step {step}: the targets {np.unique(labels)[:5]}… are not all classes from 0 to {classes - 1}; leave samples without a class out")
    return labels.astype(np.int64)


LAYER_GRADIENTS = ("step {}: the model changes gradients in the backward pass (detach, no_grad, stop_gradient, a hook, or a function with a derivative of its own): the gradient of {} is {:.2g} of it "
                   "apart from the derivative of what the model computes, by which gonn trains. Leave that out, or freeze the layers in front of it")
LOSS_GRADIENTS = ("step {}: the gradient of {} is {:.2g} of it apart from that of the recorded loss. Gradients must come from the loss alone, once, beginning at zero: penalties, regularizers, several or scaled losses, "
                  "gradients that are added up, and hooks that change them are not replayed")
CLIPPING = ("step {}: the optimizer took gradients that are not the computed ones{}: that of {} is {:.2g} of it apart. Clip all parameters of the optimizer at once, by {}, and change gradients in no other way")
BETWEEN = ("step {}: {} is not what the step before left. Something changes it between the steps (a clamp, an average, a second optimizer, a state that is loaded), which gonn does not repeat: leave it out while recording")
WITHIN = "step {}: {} changed between the forward pass and the optimizer's step, which gonn does not repeat: change parameters outside of the recording"
AGAIN = ("step {}: run again on the same input, the model gives {}: it draws random numbers outside of Dropout, keeps something from call to call, or runs in lower precision, which is not replayed")
ALONE = "step {}: the model cannot be run again by itself on the recorded input, by which a step is verified"
