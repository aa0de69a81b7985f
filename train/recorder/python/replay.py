

# ---- Replaying a training in Go -----------------------------------------------------------
#
# A bundle of `gonn record --run` is repeated step by step as `gonn compare` repeats one of a
# framework: each step by itself, from the recorded parameters and optimizer state, is judged, by
# the same tolerances; beside it a training goes on freely from the recorded start, which is shown,
# not judged. What gonn refuses of a bundle is refused here too: arrays of no step or of another
# shape, a state that lacks a slot, masks of another rate, a parameter that changed though it is not
# trained. Of the free training gonn tells when it comes apart, and this how far it ends.

ULP = 2.0 ** -23
TOLERANCE = {"loss": 1e-5, "gradient": 1e-5, "floor": 1e-6, "cancelling": 1e-4, "update": 1e-4, "state": 1e-5, "statistic": 1e-5, "summation": 0.1 / 2**24}
REPETITIONS = 16


class Recording:
    """A bundle that is read step by step."""

    def __init__(self, folder):
        try:
            with open(os.path.join(folder, "bundle.json"), encoding="utf-8") as f:
                self.description = json.load(f)
            self.arrays = np.load(os.path.join(folder, "steps.npz"), allow_pickle=False)
            self.model = onnx.load(os.path.join(folder, "model.onnx"))
        except Exception as error:  # of json, zipfile, NumPy and protobuf
            raise Refused(f"{folder} is no bundle: {type(error).__name__}: {error}") from error
        d = self.description
        if d.get("format") != FORMAT:
            raise Refused(f"{folder}: format {d.get('format')} is not read; need {FORMAT}")
        if d["framework"] != "gonn":
            raise Refused(f"{folder} was recorded in {d['framework']}: gonn compare {folder} replays it in Go")
        if d["semantics"] != FRAMEWORK:
            raise Refused(f"{folder} is a training in {d['semantics']}'s semantics; this file replays {FRAMEWORK}'s: gonn record {d['semantics']} writes the other")
        self.trained = [p["name"] for p in d["parameters"] if p["trained"]]
        self.stats = [p["name"] for p in d["parameters"] if p["statistic"]]
        self.kept = [p["name"] for p in d["parameters"] if not p["trained"] and not p["statistic"]]
        self.recorded = {p["name"]: tuple(p["shape"]) for p in d["parameters"]}
        self.shapes = {t.name: tuple(t.dims) for t in self.model.graph.initializer}  # as the nodes take them
        self.check()

    def check(self):
        """Refuses arrays that no bundle has, and a description that is not the model's."""
        d, kinds = self.description, {"x", "y", "loss", "grad", "clipped", "mask", "output", "param", "stat", "state"}
        for key in self.arrays.files:
            step, _, rest = key.partition("/")
            kind = rest.split("/", 1)[0]
            if not step.isdecimal() or kind not in kinds or int(step) > d["steps"] or int(step) == d["steps"] and kind not in ("param", "stat", "state"):
                raise Refused(f"steps.npz: {key}: no bundle of {steps_of(d['steps'])} has such an array")
        missing = [n for n, shape in self.recorded.items() if np.prod(self.shapes.get(n, (0, 0)), dtype=int) != np.prod(shape, dtype=int)]
        if missing:
            raise Refused(f"model.onnx has no initializers of the recorded sizes {', '.join(missing)}, which bundle.json has as parameters")
        norms = [n.input[3] for n in self.model.graph.node if n.op_type == "BatchNormalization"]
        if sorted(norms) != sorted(n["running_mean"] for n in d["batch_norm"]):
            raise Refused(f"model.onnx has batch normalisations with the running means {norms}, and bundle.json others")
        own = {n.input[3]: n.input for n in self.model.graph.node if n.op_type == "BatchNormalization"}
        for n in d["batch_norm"]:
            given = {"weight": 1, "bias": 2, "running_var": 4}
            other = [what for what, i in given.items() if n.get(what) and own[n["running_mean"]][i] != n[what]]
            if other:
                raise Refused(f"batch normalisation {n['name']}: its {other[0]} is {own[n['running_mean']][given[other[0]]]} in model.onnx, and {n[other[0]]} in bundle.json")
        layers = {n.name for n in self.model.graph.node if n.op_type == "Dropout"}
        if layers != {o["layer"] for o in d["dropout"]}:
            raise Refused(f"model.onnx has the Dropout nodes {sorted(layers)}, and bundle.json {sorted(o['layer'] for o in d['dropout'])}")

    def cancelling(self):
        """Biases in front of a batch normalisation, which takes them out: their gradients are nothing but rounding."""
        readers = {}
        for node in self.model.graph.node:
            for name in node.input:
                readers.setdefault(name, []).append(node)
        return {node.input[2] for node in self.model.graph.node if node.op_type in ("Conv", "ConvTranspose", "Gemm") and len(node.input) > 2
                and all(r.op_type == "BatchNormalization" for r in readers.get(node.output[0], [node]))}

    def read(self, key):
        try:
            return self.arrays[key]
        except KeyError as error:
            raise Refused(f"steps.npz has no {key}") from error

    def shaped(self, key, name):
        """An array that must have the shape of a parameter, which it would else be brought to."""
        array = self.read(key)
        if array.shape != self.recorded.get(name) or array.dtype != np.float32:
            raise Refused(f"steps.npz: {key} has shape {array.shape} of {array.dtype}; bundle.json has {name} as {self.recorded.get(name)}, of float32")
        return array

    def values(self, k):
        """Parameters and running statistics before step k."""
        return {n: self.shaped(f"{k}/{'stat' if n in self.stats else 'param'}/{n}", n) for n in self.recorded}

    def moments(self, k):
        """The optimizer's state before step k, by (slot, parameter)."""
        prefix = f"{k}/state/"
        return {(slot, n): self.shaped(prefix + slot + "/" + n, n) for slot, n in (key[len(prefix):].split("/", 1) for key in self.keys(k) if key.startswith(prefix))}

    def keys(self, k):
        if not hasattr(self, "by_step"):
            self.by_step = {}
            for key in self.arrays.files:
                self.by_step.setdefault(key.split("/", 1)[0], []).append(key)
        return self.by_step.get(str(k), [])

    def step(self, k):
        grads = {n: self.shaped(f"{k}/grad/{n}", n) for n in self.trained}
        clipped = {n: self.shaped(f"{k}/clipped/{n}", n) if f"{k}/clipped/{n}" in self.keys(k) else g for n, g in grads.items()}
        x, y, loss = (self.read(f"{k}/{key}") for key in ("x", "y", "loss"))
        masks = {o["layer"]: self.mask(k, o, len(x)) for o in self.description["dropout"]}
        frozen = [key for key in self.keys(k) if key.startswith((f"{k}/grad/", f"{k}/clipped/")) and key.split("/", 2)[2] not in self.trained]
        if frozen:
            raise Refused(f"steps.npz: {frozen[0]}: bundle.json says that the parameter is not trained")
        if loss.size != 1:
            raise Refused(f"steps.npz: {k}/loss has {loss.size} values, need one")
        return x, y, loss.item(), grads, clipped, masks

    def mask(self, k, dropout, samples):
        """What a Dropout multiplied by: 0, or what keeps the mean."""
        key, kept = f"{k}/mask/{dropout['name']}", 1 / (1 - dropout["rate"])
        mask = self.read(key)
        if len(mask) != samples or not np.all((mask == 0) | (np.abs(mask - kept) <= 1e-5 * kept)):
            raise Refused(f"steps.npz: {key} is not a mask of {samples} samples and the rate {dropout['rate']}, of 0 and {kept:.7g}")
        return mask


def settings(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def walk(graph, table, values, x, masks, normalize):
    """Runs a graph on table (operator → function of node's settings and inputs)."""
    known = {graph.input[0].name: x, **values, "": None}
    for node in graph.node:
        inputs = [known[name] for name in node.input]
        if node.op_type == "BatchNormalization":
            out = normalize(node, inputs[0])
        elif node.op_type == "Dropout":
            out = inputs[0] * masks[node.name] if node.name in masks else inputs[0]
        elif node.op_type == "Constant":
            out = to_tensor(numpy_helper.to_array(settings(node)["value"]))
        elif node.op_type in table:
            out = table[node.op_type](settings(node), *inputs)
        else:
            raise Refused(f"node {node.name}: {node.op_type} is not replayed; it has {', '.join(sorted(table))}")
        known[node.output[0]] = out
    return known[graph.output[0].name]


def split_pads(s):
    """ONNX's pads [top, left, bottom, right] as pairs by axis."""
    top, left, bottom, right = s.get("pads", [0] * 4)
    return [(top, bottom), (left, right)]


def ceil_pads(s, sizes):
    """What ceil_mode adds at the ends of maps of these sizes, pads included, so that the last window is whole."""
    added = []
    for size, pads, kernel, stride, dilation in zip(sizes, split_pads(s), s["kernel_shape"], s.get("strides", [1, 1]), s.get("dilations", [1, 1])):
        rest = (size + sum(pads) - dilation * (kernel - 1) - 1) % stride
        added.append((0, stride - rest if s.get("ceil_mode") and rest else 0))
    return added


def targets(form, y, outputs):
    """Classes as the loss takes them: the numbers, or rows of 0 and 1."""
    if form.startswith("cross-entropy"):
        return y
    rows = y.reshape(-1, 1) if outputs == 1 else np.eye(outputs)[y]
    return rows.astype(np.float32)


def largest(v):
    return float(np.max(np.abs(v), initial=0))


def norm(v):
    return float(np.linalg.norm(v.astype(np.float64)))


class Judge:
    """Collects deviations; `wrong` are those beyond what is allowed."""

    def __init__(self):
        self.worst, self.first, self.rounded = {}, None, 0

    def enter(self, step, kind, tensor, distance, scale, allowed, more=None):
        share = 0.0 if distance == 0 else distance / allowed if allowed > 0 and np.isfinite(distance) else np.inf
        if share > 1 and more:  # as far as rounding moves it
            with_more = distance / (allowed + more(tensor))
            if with_more <= 1:
                share, self.rounded = with_more, self.rounded + 1
        error = distance / scale if scale else distance
        if kind not in self.worst or share > self.worst[kind][1]:
            self.worst[kind] = (error, share, step, tensor)
        if share > 1 and self.first is None:
            self.first = (step, kind, tensor, error, share)


def judge_step(judge, recording, replayer, k):
    """Step k by itself."""
    d, before, after = recording.description, recording.values(k), recording.values(k + 1)
    x, y, loss, grads, clipped, masks = recording.step(k)
    got_loss, got, stats = replayer.run(before, x, y, masks)
    judge.enter(k, "loss", "", abs(got_loss - loss), max(abs(loss), 1), TOLERANCE["loss"] * max(abs(loss), 1))
    for n in recording.stats:
        scale, terms = largest(after[n]), replayer.terms[n]
        judge.enter(k, "statistic", n, largest(stats[n] - after[n]), scale, (TOLERANCE["statistic"] + TOLERANCE["summation"] * terms) * scale)
    off = max([largest(stats[n] - after[n]) / (largest(after[n]) or 1) for n in recording.stats], default=0)  # brings everything behind off
    whole = np.sqrt(sum(norm(g) ** 2 for g in grads.values()))
    spread = {}

    def rounding(name):
        """How far rounding moves a gradient: parameters, input and the loss's gradient are changed by some ulp."""
        rng = np.random.default_rng(1)
        for _ in range(0 if spread else REPETITIONS):
            def shaken(v):
                return (v * (1 + max(16 * ULP, 2 * off if off < 1e-3 else 0) * rng.uniform(-1, 1, v.shape))).astype(np.float32)
            _, other, _ = replayer.run({n: shaken(v) for n, v in before.items()}, shaken(x), y, masks, noise=rng)
            for n in got:
                spread[n] = max(spread.get(n, 0), 2 * norm(other[n] - got[n]))
        return spread[name]

    cancelling = recording.cancelling()
    for n in reversed(recording.trained):
        floor = TOLERANCE["cancelling" if n in cancelling else "floor"] * whole
        judge.enter(k, "gradient", n, norm(got[n] - grads[n]), max(norm(grads[n]), 1e-4 * whole), TOLERANCE["gradient"] * norm(grads[n]) + floor, rounding)
    own = replayer.clip(grads)
    whole = np.sqrt(sum(norm(g) ** 2 for g in clipped.values()))
    for n in recording.trained:
        judge.enter(k, "clipping", n, norm(own[n] - clipped[n]), norm(clipped[n]), TOLERANCE["gradient"] * norm(clipped[n]) + TOLERANCE["floor"] * whole)
    for n in recording.kept:
        if not np.array_equal(before[n], after[n], equal_nan=True):
            raise Refused(f"steps.npz: step {k} has changed {n}, and bundle.json says that it is not trained")
    values, moments = replayer.update(k, before, recording.moments(k), clipped)
    recorded = recording.moments(k + 1)
    for slot, n in {**recorded, **moments}:
        if (slot, n) not in recorded or (slot, n) not in moments:
            has, lacks = ("steps.npz", d["optimizer"]["name"]) if (slot, n) in recorded else (d["optimizer"]["name"], "steps.npz")
            raise Refused(f"step {k}: {has} has the state {slot} of {n} after it, and {lacks} has not")
    for (slot, n), want in recorded.items():
        judge.enter(k, "state", f"{slot} of {n}", largest(moments[slot, n] - want), largest(want), TOLERANCE["state"] * largest(want))
    for n in recording.trained:
        change = largest(after[n] - before[n])
        judge.enter(k, "parameter", n, largest(values[n] - after[n]), change, TOLERANCE["update"] * change + 4 * ULP * largest(after[n]))
    return d


def replay(folder, steps=0):
    """Replays a bundle and prints what it finds; 0 if every step is equal, else 1."""
    with explained(f"{folder}: bundle.json lacks a setting, or has one of another type", "record the run again with this version of gonn"):
        recording = Recording(folder)
        replayer, judge = Replayer(recording), Judge()
    count = recording.description["steps"]
    count = min(count, steps) if steps else count
    values, moments = recording.values(0), recording.moments(0)
    for k in range(count):
        with explained(f"step {k}: the framework does not run the recorded model on the recorded batch", "record the run again, with this version of gonn"):
            judge_step(judge, recording, replayer, k)
            x, y, loss, _, _, masks = recording.step(k)
            got_loss, grads, stats = replayer.run(values, x, y, masks)
            updated, moments = replayer.update(k, values, moments, replayer.clip(grads))
            values = {**values, **stats, **updated}
    after = recording.values(count)
    free = max((largest(values[n] - after[n]) / (largest(after[n]) or 1), n) for n in recording.trained)
    print(f"{folder}: {steps_of(count)} of gonn ({recording.description['versions'].get('gonn', '')}), {recording.description['optimizer']['name']}, replayed in "
          f"{', '.join(f'{k} {v}' for k, v in VERSIONS.items())}")
    print(f"{'what':10} {'error':>9} {'of allowed':>10} {'step':>5}  tensor")
    for kind, (error, share, step, tensor) in judge.worst.items():
        print(f"{kind:10} {error:9.2g} {share:10.3g} {step:5}  {tensor}")
    if judge.first:
        step, kind, tensor, error, share = judge.first
        print(f"DIFFERENT: step {step} is the first that diverges by itself: {kind} {tensor}, error {error:.2g}, {share:.3g} times what is allowed")
    else:
        print("EQUAL: every step by itself is within what is allowed" + (f" ({judge.rounded} gradients because rounding moves them as far)" if judge.rounded else ""))
    print(f"free-running: after {steps_of(count)} the loss of the last is {abs(got_loss - loss):.2g} apart, {free[1]} {free[0]:.2g} (not judged)")
    return 1 if judge.first else 0
