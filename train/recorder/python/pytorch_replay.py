

def to_tensor(array):
    return torch.from_numpy(np.array(array))


def same_pad(x, pads, value=0.0):
    """Pads maps by [(top, bottom), (left, right)]."""
    (top, bottom), (left, right) = pads
    return functional.pad(x, (left, right, top, bottom), value=value) if any((top, bottom, left, right)) else x


def clipped(x, low, high):
    """Clip; relu6 where it is that, for the derivative at 0 and 6."""
    low, high = -torch.inf if low is None else float(low), torch.inf if high is None else float(high)
    return functional.relu6(x) if (low, high) == (0, 6) else x.clamp(low, high)


def maximum(s, x):
    x = same_pad(same_pad(x, split_pads(s), -torch.inf), ceil_pads(s, x.shape[2:]), -torch.inf)
    return functional.max_pool2d(x, s["kernel_shape"], s.get("strides", [1, 1]), 0, s.get("dilations", 1))


def average(s, x):
    def pool(v, counted):
        v = same_pad(same_pad(v, split_pads(s), counted), ceil_pads(s, x.shape[2:]))
        return functional.avg_pool2d(v, s["kernel_shape"], s.get("strides", [1, 1]))
    return pool(x, 0.0) / pool(torch.ones_like(x), float(s.get("count_include_pad", 0)))


def transposed(s, x, w, b=None):
    (top, bottom), (left, right) = split_pads(s)
    more = list(s.get("output_padding", [0, 0]))
    y = functional.conv_transpose2d(x, w, b, s.get("strides", [1, 1]), 0, more, s.get("group", 1), s.get("dilations", [1, 1]))
    return y[:, :, top:y.shape[2] - bottom, left:y.shape[3] - right]


def slope(x, a):
    """PReLU; torch's own where it has one, for the derivative at 0."""
    return functional.prelu(x, a.flatten()) if a.numel() == 1 or a.shape[1:] == (1, 1) and a.ndim == 3 or a.ndim == 1 else torch.where(x > 0, x, a * x)


OPERATORS = {  # of a node's settings and inputs
    "Conv": lambda s, x, w, b=None: functional.conv2d(same_pad(x, split_pads(s)), w, b, s.get("strides", 1), 0, s.get("dilations", 1), s.get("group", 1)),
    "ConvTranspose": transposed,
    "Gemm": lambda s, x, w, b=None: functional.linear(x, w if s.get("transB") else w.T, b),
    "MaxPool": maximum, "AveragePool": average,
    "GlobalAveragePool": lambda s, x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda s, x: functional.adaptive_max_pool2d(x, 1),
    "Add": lambda s, a, b: a + b, "Sub": lambda s, a, b: a - b, "Mul": lambda s, a, b: a * b, "Div": lambda s, a, b: a / b, "Sum": lambda s, *v: sum(v),
    "Neg": lambda s, x: -x, "Exp": lambda s, x: x.exp(), "Erf": lambda s, x: x.erf(), "Identity": lambda s, x: x,
    "Pow": lambda s, a, b: a ** b, "Min": lambda s, a, b: torch.minimum(a, b), "Max": lambda s, a, b: torch.maximum(a, b),
    "Concat": lambda s, *v: torch.cat(v, s["axis"]),
    "Pad": lambda s, x, pads, value=None: same_pad(x, [(int(pads[2]), int(pads[6])), (int(pads[3]), int(pads[7]))], 0.0 if value is None else float(value)),
    "Flatten": lambda s, x: x.flatten(1),
    "Reshape": lambda s, x, shape: x.reshape(len(x), *[int(v) for v in shape[1:]]),
    "Softmax": lambda s, x: x.softmax(s.get("axis", -1)), "LogSoftmax": lambda s, x: x.log_softmax(s.get("axis", -1)),
    "Relu": lambda s, x: functional.relu(x),
    "LeakyRelu": lambda s, x: functional.leaky_relu(x, s.get("alpha", 0.01)),
    "PRelu": lambda s, x, a: slope(x, a),
    "Sigmoid": lambda s, x: x.sigmoid(), "Tanh": lambda s, x: x.tanh(), "Softplus": lambda s, x: functional.softplus(x), "Softsign": lambda s, x: functional.softsign(x),
    "Elu": lambda s, x: functional.elu(x, s.get("alpha", 1.0)), "Celu": lambda s, x: functional.celu(x, s.get("alpha", 1.0)), "Selu": lambda s, x: functional.selu(x),
    "Gelu": lambda s, x: functional.gelu(x, approximate=s.get("approximate", b"none").decode()), "Mish": lambda s, x: functional.mish(x),
    "HardSigmoid": lambda s, x: functional.hardsigmoid(6 * s.get("alpha", 0.2) * x), "HardSwish": lambda s, x: functional.hardswish(x),
    "Clip": lambda s, x, low=None, high=None: clipped(x, low, high),
    "ThresholdedRelu": lambda s, x: functional.threshold(x, s.get("alpha", 1.0), 0.0), "Log": lambda s, x: x.log(),
}


class Replayer:
    """Loss, gradients and update of a recorded model, by PyTorch."""

    def __init__(self, recording):
        self.recording, self.d = recording, recording.description
        self.norms = {n["running_mean"]: n for n in self.d["batch_norm"]}
        self.constants = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in recording.model.graph.initializer}
        self.loss, self.terms = self.make_loss(), {}  # terms: how many values a statistic averages

    def make_loss(self):
        name, _, argument = self.d["loss"]["form"].partition(":")
        weights = self.d["loss"].get("class_weights")
        weights = None if weights is None else torch.tensor(weights)
        numbers = [float(v) for v in argument.split(",")] if argument else []
        return {
            "cross-entropy": lambda: nn.CrossEntropyLoss(weight=weights, label_smoothing=numbers[0] if numbers else 0.0),
            "bce-logits": lambda: nn.BCEWithLogitsLoss(pos_weight=torch.tensor(numbers) if numbers else None),
            "bce": nn.BCELoss, "mse": nn.MSELoss, "huber": lambda: nn.HuberLoss(delta=numbers[0] if numbers else 1.0),
        }[name]()

    def run(self, values, x, y, masks, noise=None):
        """Loss, gradients and new statistics of a step; noise changes the loss's gradient by rounding."""
        shapes = self.recording.shapes
        tensors = {n: torch.from_numpy(v.copy()).reshape(shapes[n]) for n, v in values.items()}
        for n in self.recording.trained:
            tensors[n].requires_grad_()

        def normalize(node, x):
            _, weight, bias, mean, variance = (tensors.get(name) for name in node.input)
            own = self.norms[node.input[3]]
            self.terms |= dict.fromkeys(node.input[3:5], x.numel() // x.shape[1])
            return functional.batch_norm(x, mean, variance, weight, bias, True, 1 - own["momentum"], own["epsilon"])

        out = walk(self.recording.model.graph, OPERATORS, {**self.constants, **tensors}, torch.from_numpy(x), {n: torch.from_numpy(m) for n, m in masks.items()}, normalize)
        y = targets(self.d["loss"]["form"], y, out.shape[-1])
        loss = self.loss(out, torch.from_numpy(y))
        more = 0 if noise is None else (out * torch.from_numpy(noise.uniform(-ULP / len(x), ULP / len(x), tuple(out.shape)).astype(np.float32))).sum()
        (loss + more).backward()
        return float(loss.detach()), {n: to_numpy(tensors[n].grad).reshape(values[n].shape) for n in self.recording.trained}, {n: to_numpy(tensors[n]) for n in self.recording.stats}

    def clip(self, grads):
        return clipped_gradients(self.d["clip"], grads)

    def update(self, k, values, moments, grads):
        """Parameters and state after a step of the optimizer on gradients that are clipped."""
        o = self.d["optimizer"]
        return optimizer_step(o, [{**g, "lr": g["lr"][k]} for g in o["groups"]], o["iterations"] + k, values, moments, grads)
