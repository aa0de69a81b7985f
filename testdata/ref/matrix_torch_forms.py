"""How PyTorch users write activations: a row is one entry of FORMS or MODULES.

The key is gonn's name of the activation, or its whole spelling, and after the slash a name
for the way of writing it. A form is a function of x and the slope or beta: a number, or
what is learned, in a shape that broadcasts to x.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

import matrix_cases as cases


def masked(x, a):
    positive = (x > 0).float()
    return positive * x + (1 - positive) * (a * x)


FORMS = {
    "leaky/functional": lambda x, a: F.leaky_relu(x, a),
    "leaky/prelu": lambda x, a: F.prelu(x, torch.tensor([a])),
    "leaky:0.2/where-constant": lambda x, a: torch.where(x > 0, x, torch.tensor(0.2) * x),
    "prelu/functional": lambda x, a: F.prelu(x, a.reshape(-1)),
    "prelu/where-view": lambda x, a: torch.where(x > 0, x, a.view(1, -1, 1, 1) * x),
    "relu/functional": lambda x, a: F.relu(x),
    "relu/method": lambda x, a: x.relu(),
    "relu/clamp": lambda x, a: x.clamp(min=0),
    "relu/maximum": lambda x, a: torch.maximum(x, torch.zeros_like(x)),
    "relu/max-constant": lambda x, a: torch.max(x, torch.tensor(0.0)),
    "relu/mask": lambda x, a: x * (x > 0),
    "relu/where": lambda x, a: torch.where(x > 0, x, 0.0),
    "swish/functional": lambda x, a: F.silu(x),
    "swish/sigmoid": lambda x, a: x * torch.sigmoid(x),
    "swish/sigmoid-first": lambda x, a: x.sigmoid() * x,
    "swish/exp": lambda x, a: x / (1 + torch.exp(-x)),
    "swish-beta/view": lambda x, b: x * torch.sigmoid(b.view(-1, 1, 1) * x),
    "mish/functional": lambda x, a: F.mish(x),
    "mish/softplus": lambda x, a: x * torch.tanh(F.softplus(x)),
    "mish/tanh-first": lambda x, a: F.softplus(x).tanh() * x,
    "mish/log-exp": lambda x, a: x * torch.tanh(torch.log(1 + torch.exp(x))),
    "mish/exp-first": lambda x, a: x * torch.tanh(torch.log(torch.exp(x) + 1)),
    "mish/log1p": lambda x, a: x * torch.tanh(torch.log1p(torch.exp(x))),
    "gelu/functional": lambda x, a: F.gelu(x),
    "gelu/erf": lambda x, a: 0.5 * x * (1 + torch.erf(x / math.sqrt(2))),
    "gelu/erf-last": lambda x, a: x * 0.5 * (1.0 + torch.erf(x * 0.7071067811865476)),
    "gelu/half-last": lambda x, a: x * (torch.erf(x / 2 ** 0.5) + 1) / 2,
    "gelu-tanh/functional": lambda x, a: F.gelu(x, approximate="tanh"),
    "gelu-tanh/pow": lambda x, a: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * torch.pow(x, 3)))),
    "gelu-tanh/cube": lambda x, a: 0.5 * x * (1 + torch.tanh(0.7978845608 * x * (1 + 0.044715 * x * x))),
    "hardswish/functional": lambda x, a: F.hardswish(x),
    "hardswish/relu6": lambda x, a: x * F.relu6(x + 3) / 6,
    "hardswish/relu6-first": lambda x, a: F.relu6(x + 3) / 6 * x,
    "hardswish/clamp": lambda x, a: x * (x + 3).clamp(0, 6) / 6,
    "hardswish/hardsigmoid": lambda x, a: x * F.hardsigmoid(x),
    "hardsigmoid/functional": lambda x, a: F.hardsigmoid(x),
    "hardsigmoid/relu6": lambda x, a: F.relu6(x + 3) / 6,
    "hardsigmoid/clamp": lambda x, a: torch.clamp(x / 6 + 0.5, 0, 1),
    "softplus/functional": lambda x, a: F.softplus(x),
    "softplus/log-exp": lambda x, a: torch.log(1 + torch.exp(x)),
    "softplus/log1p": lambda x, a: torch.log1p(x.exp()),
    "softplus/logaddexp": lambda x, a: torch.logaddexp(x, torch.zeros_like(x)),
    "softplus/stable": lambda x, a: torch.relu(x) + torch.log1p(torch.exp(-x.abs())),
    "elu/functional": lambda x, a: F.elu(x),
    "elu/where": lambda x, a: torch.where(x > 0, x, torch.exp(x) - 1),
    "elu/expm1": lambda x, a: torch.where(x > 0, x, torch.expm1(x)),
    "selu/functional": lambda x, a: F.selu(x),
    "celu:0.5/functional": lambda x, a: F.celu(x, 0.5),
    "sigmoid/function": lambda x, a: torch.sigmoid(x),
    "sigmoid/exp": lambda x, a: 1 / (1 + torch.exp(-x)),
    "tanh/function": lambda x, a: torch.tanh(x),
    "tanh/exp": lambda x, a: (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x)),
    "relu6/functional": lambda x, a: F.relu6(x),
    "relu6/clamp": lambda x, a: x.clamp(0, 6),
    "relu6/min-max": lambda x, a: torch.minimum(torch.relu(x), torch.tensor(6.0)),
    "relu6:1/hardtanh": lambda x, a: F.hardtanh(x, 0.0, 1.0),
    "logsigmoid/functional": lambda x, a: F.logsigmoid(x),
    "logsigmoid/log": lambda x, a: torch.log(torch.sigmoid(x)),
    "softsign/functional": lambda x, a: F.softsign(x),
    "softsign/abs": lambda x, a: x / (1 + torch.abs(x)),
    "thresholded-relu:0.5/functional": lambda x, a: F.threshold(x, 0.5, 0.0),
    "linear/identity": lambda x, a: x,
    # What looks like one and is not: gonn has no such layer.
    "foreign/max-of-double": lambda x, a: torch.maximum(x, 2 * x),
    "foreign/where-other-side": lambda x, a: torch.where(x > 0, 0.2 * x, x),
    "foreign/where-shifted": lambda x, a: torch.where(x > 0.5, x, 0.2 * x),
    "foreign/relu-minus-relu": lambda x, a: torch.relu(x) - 0.2 * torch.relu(x),
    "foreign/hardtanh": lambda x, a: F.hardtanh(x),
    "foreign/snake": lambda x, a: x + torch.sin(x) ** 2,
    "foreign/gaussian": lambda x, a: torch.exp(-x * x),
    "foreign/tanh-softplus-other": lambda x, a: x * torch.tanh(F.softplus(2 * x)),
    "foreign/sigmoid-of-shifted": lambda x, a: x * torch.sigmoid(x + 1),
    "foreign/self-product": lambda x, a: x * x,
}
RECTIFIERS = {
    "where": lambda x, a: torch.where(x > 0, x, a * x),
    "where-less": lambda x, a: torch.where(x < 0, x * a, x),
    "where-at-least": lambda x, a: torch.where(x >= 0, x, x * a),
    "two-relus": lambda x, a: torch.relu(x) - a * torch.relu(-x),
    "two-relus-plus": lambda x, a: F.relu(x) + a * -F.relu(-x),
    "relu-plus-min": lambda x, a: F.relu(x) + a * torch.minimum(x, torch.zeros_like(x)),
    "abs": lambda x, a: torch.relu(x) + a * (x - torch.abs(x)) * 0.5,
    "abs-divided": lambda x, a: torch.relu(x) + a * (x - abs(x)) / 2,
    "max": lambda x, a: torch.maximum(x, a * x),
    "max-first": lambda x, a: torch.max(x * a, x),
    "clamps": lambda x, a: x.clamp(min=0) + a * x.clamp(max=0),
    "mask": masked,
}
SWISHES = {
    "sigmoid": lambda x, b: x * torch.sigmoid(b * x),
    "sigmoid-first": lambda x, b: torch.sigmoid(x * b) * x,
    "exp": lambda x, b: x / (1 + torch.exp(-b * x)),
    "exp-other": lambda x, b: x / (1 + torch.exp(-(x * b))),
    "scaled": lambda x, b: F.silu(b * x) / b,
}
FORMS |= {f"{kind}/{how}": f for kind in ("leaky", "prelu") for how, f in RECTIFIERS.items()}
FORMS |= {f"{kind}/{how}": f for kind in ("swish-beta", "swish:1.702") for how, f in SWISHES.items()}

MODULES = {
    "leaky/module": lambda a: nn.LeakyReLU(a),
    "leaky:0.22916667/rrelu": lambda a: nn.RReLU(),  # in evaluation its slope is the mean of 1/8 and 1/3
    "prelu/module": None,  # below: it takes the number of slopes
    "relu/module": lambda a: nn.ReLU(),
    "relu/inplace": lambda a: nn.ReLU(inplace=True),
    "swish/module": lambda a: nn.SiLU(),
    "mish/module": lambda a: nn.Mish(),
    "gelu/module": lambda a: nn.GELU(),
    "gelu-tanh/module": lambda a: nn.GELU("tanh"),
    "hardswish/module": lambda a: nn.Hardswish(),
    "hardsigmoid/module": lambda a: nn.Hardsigmoid(),
    "softplus/module": lambda a: nn.Softplus(),
    "softplus:0.5/module": lambda a: nn.Softplus(a),
    "softplus:2/threshold": lambda a: nn.Softplus(a, threshold=30),
    "elu/module": lambda a: nn.ELU(),
    "elu:0.5/module": lambda a: nn.ELU(a),
    "selu/module": lambda a: nn.SELU(),
    "celu/module": lambda a: nn.CELU(),
    "celu:0.5/module": lambda a: nn.CELU(a),
    "sigmoid/module": lambda a: nn.Sigmoid(),
    "tanh/module": lambda a: nn.Tanh(),
    "relu6/module": lambda a: nn.ReLU6(),
    "relu6:2.5/hardtanh": lambda a: nn.Hardtanh(0.0, a),
    "logsigmoid/module": lambda a: nn.LogSigmoid(),
    "softsign/module": lambda a: nn.Softsign(),
    "thresholded-relu:0.5/module": lambda a: nn.Threshold(a, 0.0),
    "linear/module": lambda a: nn.Identity(),
}

FLAT = ["prelu:one", "prelu:channel"]
cases.VALUES |= {"prelu/module": FLAT, "prelu/functional": FLAT, "prelu/where-view": FLAT[1:], "swish-beta/view": ["swish-beta:channel"]}


class Learned(nn.Module):
    """A form with its slopes or betas: [1], [C,1,1] or [C,H,W]; what a view reshapes, and vectors, [C]."""

    def __init__(self, form, shape, broadcasts):
        super().__init__()
        self.form, self.weight = form, nn.Parameter(torch.zeros(shape + (1, 1) if broadcasts else shape))

    def forward(self, x):
        return self.form(x, self.weight)


def activation(spelled, x, learned):
    """A module or a function for an activation on x; learned: the part and the shape of what it learns."""
    name, how = spelled.split("/")
    kind, _, value = name.partition(":")
    number = None if learned or not value else float(value)
    if kind == "prelu" and how == "module" and value != "element":
        return nn.PReLU(learned[1][0])
    if kind == "prelu" and how == "module":
        how = "where"  # PyTorch has no such module
    module = MODULES.get(f"{name}/{how}") or MODULES.get(f"{kind}/{how}")
    if module:
        return module(number)
    form = FORMS.get(f"{name}/{how}") or FORMS[f"{kind}/{how}"]
    if learned:
        return Learned(form, learned[1], value == "channel" and len(x) == 3 and "view" not in how)
    return lambda x: form(x, number)
