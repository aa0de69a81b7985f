"""Makes testdata/golden/start.npz: the weights and batches all cases share.

The convolution biases are exactly zero, so blank image patches reach the
activations as x = 0 exactly, where PyTorch and Keras differ (PReLU).

A pre-activation within rounding of 0, but not 0, may fall on either side of
the kink. Adam then makes one such element into a difference of 1e-4 to 1e-2
after ten steps between two correct programs, and no tolerance could tell
right from wrong. So the samples are chosen: in float64, under both
frameworks' rules, no sample brings any kinked activation nearer to 0 than
MARGIN (except exactly 0) at the step that uses it.
"""

import numpy as np
import torch

import common
import torch_study

SEED = 12  # a start whose gradients suffer little from cancellation
BATCHES, BATCH = 11, 40  # 40 samples = 2.5 blocks of 16, on purpose
POOL = 400               # candidates drawn for each batch
MARGIN = 2e-6
MAPS = {"act1": (8, 22, 22), "act2": (8, 18, 18)}
KINKED = ["leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5",
          "prelu:one", "prelu:channel", "prelu:element"]


def glorot(rng, shape):
    """U(±√(6 / (fan_in + fan_out))) for a Conv or Dense weight."""
    field = int(np.prod(shape[2:]))
    limit = np.sqrt(6 / ((shape[0] + shape[1]) * field))
    return rng.uniform(-limit, limit, shape)


def parameters(rng):
    """Every parameter any case needs, float32."""
    params = {
        "conv1.weight": glorot(rng, (8, 1, 7, 7)),
        "conv1.bias": np.zeros(8),
        "conv2.weight": glorot(rng, (8, 8, 5, 5)),
        "conv2.bias": np.zeros(8),
        "dense.weight": glorot(rng, (10, 8 * 18 * 18)),
        "dense.bias": rng.uniform(-0.1, 0.1, 10),
    }
    for layer, shape in MAPS.items():
        params[f"{layer}.alpha.one"] = rng.uniform(-0.5, 0.5, 1)
        params[f"{layer}.alpha.channel"] = rng.uniform(-0.5, 0.5, shape[0])
        params[f"{layer}.alpha.element"] = rng.uniform(-0.5, 0.5, shape)
        params[f"{layer}.beta.one"] = rng.uniform(0.5, 1.5, 1)
        params[f"{layer}.beta.channel"] = rng.uniform(0.5, 1.5, shape[0])
    return {name: value.astype(np.float32) for name, value in params.items()}


class Run:
    """One kinked case in float64, trained under the rules of one framework."""

    def __init__(self, start, activation, keras):
        kind = activation.replace("prelu", "two-relus") if keras else activation
        self.net = torch_study.network(kind)
        torch_study.load(self.net, common.start_params(start, activation))
        self.net.double()
        self.keras = keras
        self.steps = 0
        self.adam = torch.optim.Adam(self.net.parameters(), lr=common.LEARNING_RATE)

    def clearance(self, images):
        """Per sample, the smallest |x| ≠ 0 that reaches an activation."""
        net = self.net
        with torch.no_grad():
            first = net.conv1(torch.from_numpy(images).double())
            second = net.conv2(net.act1(first))
        x = torch.cat([first.flatten(1), second.flatten(1)], 1).abs()
        return torch.where(x == 0, torch.inf, x).amin(1).numpy()

    def step(self, images, labels):
        """One Adam step; Keras adds its ε before the bias correction, PyTorch after."""
        self.steps += 1
        if self.keras:
            self.adam.param_groups[0]["eps"] = 1e-7 / np.sqrt(1 - 0.999 ** self.steps)
        self.adam.zero_grad()
        logits = self.net(torch.from_numpy(images).double())
        torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels)).backward()
        self.adam.step()


def half_inverted(indices, n):
    """The first BATCH indices of which half are digits and half inverted, in their order."""
    inverted = indices >= n
    rank = np.where(inverted, np.cumsum(inverted), np.cumsum(~inverted))
    kept = indices[rank <= BATCH // 2]
    if len(kept) < BATCH:
        raise SystemExit("too few samples keep the margin; try another seed")
    return kept


def clear_batches(start, data, rng):
    """The indices [BATCHES, BATCH] of samples that keep MARGIN in every run."""
    runs = [Run(start, activation, keras) for activation in KINKED for keras in (False, True)]
    pools = rng.choice(2 * data.n, (BATCHES, POOL), replace=False)
    chosen = []
    for number, pool in enumerate(pools):
        clearance = np.full(POOL, np.inf)
        for run in runs:
            clearance = np.minimum(clearance, run.clearance(data.images(pool)))
        clear = pool[clearance > MARGIN]
        chosen.append(half_inverted(clear, data.n))
        print(f"batch {number}: {len(clear)} of {POOL} candidates keep the margin")
        if number > 0:  # batch 0 is for logits and gradients, no step is taken
            for run in runs:
                run.step(data.images(chosen[-1]), data.labels(chosen[-1]))
    return np.array(chosen, np.int64)


def main():
    data = common.TrainSet(common.arguments(__doc__).mnist)
    rng = np.random.Generator(np.random.PCG64(SEED))
    start = parameters(rng)
    indices = clear_batches(start, data, rng)
    start["indices"] = indices
    start["labels"] = data.labels(indices)
    common.save_npz(common.GOLDEN / "start.npz", start)


if __name__ == "__main__":
    main()
