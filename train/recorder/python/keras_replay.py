

def to_tensor(array):
    return ops.convert_to_tensor(np.array(array))


def last(x):
    """Maps (N, C, H, W) as (N, H, W, C), which Keras computes on every processor."""
    return ops.transpose(x, (0, 2, 3, 1))


def first(x):
    return ops.transpose(x, (0, 3, 1, 2))


def padded(x, pads, value=0.0):
    """Pads maps (N, C, H, W) by [(top, bottom), (left, right)]."""
    return ops.pad(x, [(0, 0), (0, 0), *pads], constant_values=value) if any(map(any, pads)) else x


def convolution(s, x, w, b=None):
    x, groups = padded(x, split_pads(s)), s.get("group", 1)
    args = {"strides": tuple(s.get("strides", (1, 1))), "padding": "valid", "dilation_rate": tuple(s.get("dilations", (1, 1)))}
    if groups > 1 and groups == x.shape[1]:  # depthwise: (H, W, C, multiplier)
        w = ops.reshape(w, (groups, w.shape[0] // groups, *w.shape[2:]))
        y = ops.depthwise_conv(last(x), ops.transpose(w, (2, 3, 0, 1)), **args)
    else:
        y = ops.conv(last(x), ops.transpose(w, (2, 3, 1, 0)), **args)
    return first(y) if b is None else first(y + b)


def clipped(x, low, high):
    """Clip; relu6 where it is that, for the derivative at 0 and 6."""
    low, high = -np.inf if low is None else float(low), np.inf if high is None else float(high)
    return ops.relu6(x) if (low, high) == (0, 6) else ops.clip(x, low, high)


def maximum(s, x):
    x = padded(padded(x, split_pads(s), -3e38), ceil_pads(s, x.shape[2:]), -3e38)
    return first(ops.max_pool(last(x), tuple(s["kernel_shape"]), tuple(s.get("strides", (1, 1))), padding="valid"))


def average(s, x):
    def pool(v, counted):
        v = padded(padded(v, split_pads(s), counted), ceil_pads(s, x.shape[2:]))
        return first(ops.average_pool(last(v), tuple(s["kernel_shape"]), tuple(s.get("strides", (1, 1))), padding="valid"))
    return pool(x, 0.0) / pool(ops.ones_like(x), float(s.get("count_include_pad", 0)))


OPERATORS = {  # of a node's settings and inputs
    "Conv": convolution,
    "Gemm": lambda s, x, w, b=None: ops.matmul(x, ops.transpose(w) if s.get("transB") else w) + (0 if b is None else b),
    "MaxPool": maximum, "AveragePool": average,
    "GlobalAveragePool": lambda s, x: ops.mean(x, (2, 3), keepdims=True), "GlobalMaxPool": lambda s, x: ops.max(x, (2, 3), keepdims=True),
    "Add": lambda s, a, b: a + b, "Sub": lambda s, a, b: a - b, "Mul": lambda s, a, b: a * b, "Div": lambda s, a, b: a / b, "Sum": lambda s, *v: sum(v),
    "Neg": lambda s, x: -x, "Exp": lambda s, x: ops.exp(x), "Erf": lambda s, x: ops.erf(x), "Identity": lambda s, x: x, "Log": lambda s, x: ops.log(x),
    "Min": lambda s, a, b: ops.minimum(a, b), "Max": lambda s, a, b: ops.maximum(a, b), "Pow": lambda s, a, b: ops.power(a, b),
    "Concat": lambda s, *v: ops.concatenate(v, s["axis"]),
    "Pad": lambda s, x, pads, value=None: padded(x, [(int(pads[2]), int(pads[6])), (int(pads[3]), int(pads[7]))], 0.0 if value is None else float(value)),
    "Flatten": lambda s, x: ops.reshape(x, (x.shape[0], -1)),
    "Reshape": lambda s, x, shape: ops.reshape(x, (x.shape[0], *[int(v) for v in shape[1:]])),
    "Softmax": lambda s, x: ops.softmax(x, s.get("axis", -1)), "LogSoftmax": lambda s, x: ops.log_softmax(x, s.get("axis", -1)),
    "Relu": lambda s, x: ops.relu(x), "LeakyRelu": lambda s, x: ops.leaky_relu(x, s.get("alpha", 0.01)),
    "PRelu": lambda s, x, a: ops.relu(x) - a * ops.relu(-x),  # as the layer computes it
    "Sigmoid": lambda s, x: ops.sigmoid(x), "Tanh": lambda s, x: ops.tanh(x), "Softplus": lambda s, x: ops.softplus(x), "Softsign": lambda s, x: ops.softsign(x),
    "Elu": lambda s, x: ops.elu(x, s.get("alpha", 1.0)), "Celu": lambda s, x: ops.celu(x, s.get("alpha", 1.0)), "Selu": lambda s, x: ops.selu(x),
    "Gelu": lambda s, x: ops.gelu(x, approximate=s.get("approximate", b"none") == b"tanh"), "Mish": lambda s, x: x * ops.tanh(ops.softplus(x)),
    "HardSigmoid": lambda s, x: ops.hard_sigmoid(6 * s.get("alpha", 0.2) * x), "HardSwish": lambda s, x: ops.hard_silu(x),
    "Clip": lambda s, x, low=None, high=None: clipped(x, low, high),
    "ThresholdedRelu": lambda s, x: ops.where(x > s.get("alpha", 1.0), x, 0.0),
}


class Replayer:
    """Loss, gradients and update of a recorded model, by Keras."""

    def __init__(self, recording):
        self.recording, self.d = recording, recording.description
        self.constants = {t.name: ops.convert_to_tensor(numpy_helper.to_array(t)) for t in recording.model.graph.initializer}
        self.variables = {p["name"]: keras.Variable(np.zeros(recording.shapes[p["name"]], np.float32), trainable=not p["statistic"]) for p in self.d["parameters"]}
        self.norms = {}
        for n in self.d["batch_norm"]:
            layer = keras.layers.BatchNormalization(momentum=n["momentum"], epsilon=n["epsilon"])
            layer.build((None, self.variables[n["running_mean"]].shape[0]))
            layer.input_spec = None  # of maps too
            self.norms[n["running_mean"]] = (layer, n)
        self.loss, self.terms = self.make_loss(), {}  # terms: how many values a statistic averages

    def make_loss(self):
        name, _, argument = self.d["loss"]["form"].partition(":")
        number, losses = float(argument) if argument else None, keras.losses
        made = {
            "cross-entropy": lambda: losses.CategoricalCrossentropy(from_logits=True, label_smoothing=number or 0.0),
            "bce-logits": lambda: losses.BinaryCrossentropy(from_logits=True), "bce": losses.BinaryCrossentropy,
            "mse": losses.MeanSquaredError, "huber": lambda: losses.Huber(number or 1.0),
        }[name]()
        return made

    def forward(self, tensors, x, y, masks, noise):
        """The loss, with what noise adds to its gradient; statistics are written to the layers."""
        def normalize(node, x):
            layer, n = self.norms[node.input[3]]
            self.terms |= dict.fromkeys(node.input[3:5], int(np.prod(x.shape)) // x.shape[1])
            layer._reduction_axes = list(range(len(x.shape) - 1))  # which build has fixed for vectors
            given = [(layer.gamma, "weight"), (layer.beta, "bias"), (layer.moving_mean, "running_mean"), (layer.moving_variance, "running_var")]
            with keras.StatelessScope(state_mapping=[(v, tensors[n[name]]) for v, name in given]) as scope:
                out = layer(x, training=True) if len(x.shape) == 2 else first(layer(last(x), training=True))
            self.new[n["running_mean"]] = scope.get_current_value(layer.moving_mean)
            self.new[n["running_var"]] = scope.get_current_value(layer.moving_variance)
            return out

        self.new = {}
        out = walk(self.recording.model.graph, OPERATORS, {**self.constants, **tensors}, x, masks, normalize)
        weights = self.d["loss"].get("class_weights")
        each = None if weights is None else np.asarray(weights, np.float32)[y]
        rows = np.eye(out.shape[-1], dtype=np.float32)[y] if self.d["loss"]["form"].startswith("cross-entropy") else targets(self.d["loss"]["form"], y, out.shape[-1])
        loss = self.loss(rows, out, sample_weight=each)
        more = 0.0 if noise is None else ops.sum(out * noise.uniform(-ULP / len(y), ULP / len(y), tuple(out.shape)).astype(np.float32))
        return loss + more, (loss, self.new)

    def run(self, values, x, y, masks, noise=None):
        """Loss, gradients and new statistics of a step; noise changes the loss's gradient by rounding."""
        shapes, trained = self.recording.shapes, self.recording.trained
        tensors = {n: ops.convert_to_tensor(v.reshape(shapes[n])) for n, v in values.items()}
        x, masks = ops.convert_to_tensor(x), {n: ops.convert_to_tensor(m) for n, m in masks.items()}
        inputs = [tensors[n] for n in trained]

        def value(inputs):
            return self.forward({**tensors, **dict(zip(trained, inputs))}, x, y, masks, noise)

        (loss, new), grads = differentiate(value, inputs)
        return float(loss), {n: to_numpy(g).reshape(values[n].shape) for n, g in zip(trained, grads)}, {n: to_numpy(v) for n, v in new.items()}

    def clip(self, grads):
        return clipped_gradients(self.d["clip"], grads)

    def update(self, k, values, moments, grads):
        """Parameters and state after a step of the optimizer on gradients that are clipped."""
        o = self.d["optimizer"]
        return optimizer_step(o, [{**g, "lr": g["lr"][k]} for g in o["groups"]], o["iterations"] + k, values, moments, grads)
