"""The training whose parts the cases of refusals_pytorch.py replace."""

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
STEPS = 3


class Loop:
    """A training whose parts a case replaces."""

    def __init__(self):
        torch.manual_seed(3)
        self.use(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 5 * 4, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 4)))
        self.loss = nn.CrossEntropyLoss()
        self.value = lambda x, y: self.loss(self.model(x), y)
        self.before = self.after = self.begin = lambda k: None
        self.backward = lambda value: value.backward()
        self.step = lambda: self.opt.step()
        self.clear = lambda: self.opt.zero_grad()
        rng = np.random.default_rng(5)
        self.data = [(torch.from_numpy(rng.normal(0, 1, (6, 2, 7, 6)).astype(np.float32)), torch.from_numpy(rng.integers(0, 4, 6))) for _ in range(STEPS)]

    def use(self, model, params=None):
        self.model, self.opt = model, torch.optim.SGD(params or model.parameters(), lr=0.05, momentum=0.9)

    def run(self, recorder, folder):
        with recorder.Recorder(self.model, self.loss, self.opt, folder):
            for k, (x, y) in enumerate(self.data):
                self.begin(k)
                self.clear()
                self.backward(self.value(x, y))
                self.before(k)
                self.step()
                self.after(k)


def vectors(*layers):
    return nn.Sequential(nn.Flatten(), nn.Linear(84, 8), *layers, nn.Linear(8, 4))


class Own(nn.Module):
    """A layer that is a function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Twice(nn.Module):
    """A layer that is called twice."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(torch.tanh(self.layer(x)))
