"""Makes testdata/golden/losses/<framework>.npz and .json: real losses and gradients.

    python golden_losses.py pytorch     (made with torch 2.15.0)
    python golden_losses.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

Each case is a loss as gonn spells it on a batch of outputs: ten of them or one,
logits or probabilities, in batches that do not fill a block of sixteen, and one of
extremes. Kept are the mean loss and its gradient with respect to the outputs.
Keras's come out of train_on_batch, so that class_weight is fit's own.
"""

import json
import os
import sys

import numpy as np

from common import GOLDEN, save_npz

TO = GOLDEN / "losses"
BATCHES = [1, 17, 33]
WEIGHTS = [0.25, 1.0, 3.0, 0.7, 1.0, 0.0, 2.5, 1.0, 0.1, 6.0]
POSITIVE = [2.0, 1.0, 0.5, 3.0, 1.0, 1.0, 10.0, 1.0, 0.25, 1.5]


def inputs():
    """name → (outputs [N,K], labels [N]), the same for both frameworks."""
    rng = np.random.default_rng(20)
    sets = {}
    for n in BATCHES:
        for k, classes in [(10, 10), (1, 2)]:
            labels = (np.arange(n) * 7 + 3) % classes
            sets[f"logits/{k}/{n}"] = rng.normal(0, 3, (n, k)), labels
            sets[f"probabilities/{k}/{n}"] = rng.uniform(0.001, 0.999, (n, k)), labels
    # Row r of the extremes has one of these at every place, so at its label too or not.
    z = np.array([0, 100, -100, 1e4, -1e4, 20, -20, 50, 88.5, -103])
    p = np.array([0, 1, 1e-8, 1e-7, 2e-7, 0.5, 0.9999999, 0.99999994, 0.9999998, 1e-30])
    rolled = lambda v: np.stack([np.roll(v, 3 * r) for r in range(len(v))])
    labels = np.array([0, 0, 0, 1, 1, 5, 7, 2, 9, 9])
    sets["logits/10/extreme"] = rolled(z), labels
    sets["probabilities/10/extreme"] = rolled(p), labels
    sets["logits/1/extreme"] = np.concatenate([z, z])[:, None], np.repeat([0, 1], 10)
    sets["probabilities/1/extreme"] = np.concatenate([p, p])[:, None], np.repeat([0, 1], 10)
    return {key: (x.astype(np.float32), y.astype(np.int64)) for key, (x, y) in sets.items()}


def one_hot(labels, outputs):
    """float32 [N,K]; for one output the label itself."""
    if outputs == 1:
        return labels[:, None].astype(np.float32)
    return np.eye(outputs, dtype=np.float32)[labels]


def pytorch_cases():
    """(kind of output, outputs, gonn's spelling, class weights, function, divisor)."""
    import torch
    from torch.nn import functional as F

    def entropy(smoothing, weights):
        w = torch.tensor(weights) if weights else None
        return lambda x, y, _: F.cross_entropy(x, y, weight=w, label_smoothing=smoothing)

    def element(f, **kw):
        return lambda x, _, t: f(x, t, **kw)

    for smoothing, name in [(0.0, "cross-entropy"), (0.1, "cross-entropy:0.1"), (1.0, "cross-entropy:1")]:
        yield "logits", 10, name, None, entropy(smoothing, None), 1
        yield "logits", 10, name, WEIGHTS, entropy(smoothing, WEIGHTS), 1
    for k in [10, 1]:
        logits = F.binary_cross_entropy_with_logits
        yield "logits", k, "bce-logits", None, element(logits), 1
        yield "logits", k, "bce-logits:3", None, element(logits, pos_weight=torch.tensor([3.0])), 1
        yield "probabilities", k, "bce", None, element(F.binary_cross_entropy), 1
        yield "probabilities", k, "mse", None, element(F.mse_loss), 1
        yield "probabilities", k, "huber", None, element(F.huber_loss), 1
        yield "probabilities", k, "huber:0.25", None, element(F.huber_loss, delta=0.25), 1
        # SmoothL1Loss(beta) is Huber(delta=beta)/beta.
        yield "probabilities", k, "huber:0.5", None, element(F.smooth_l1_loss, beta=0.5), 0.5
    spelled = "bce-logits:" + ",".join(f"{w:g}" for w in POSITIVE)
    yield "logits", 10, spelled, None, element(logits, pos_weight=torch.tensor(POSITIVE)), 1


def pytorch_run(f, x, labels, _):
    """Loss and gradient."""
    import torch

    x = torch.tensor(x, requires_grad=True)
    loss = f(x, torch.tensor(labels), torch.tensor(one_hot(labels, x.shape[1])))
    loss.backward()
    return loss.item(), x.grad.numpy()


def keras_cases():
    """As pytorch_cases; the function is a pair: activation before the loss, loss."""
    from keras import losses

    for smoothing, name in [(0.0, "cross-entropy"), (0.1, "cross-entropy:0.1"), (1.0, "cross-entropy:1")]:
        f = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
        yield "logits", 10, name, None, (None, f), 1
        yield "logits", 10, name, WEIGHTS, (None, f), 1
    for k in [10, 1]:
        for weights in [None, WEIGHTS if k == 10 else [0.25, 3.0]]:
            yield "logits", k, "bce-logits", weights, (None, losses.BinaryCrossentropy(from_logits=True)), 1
            # A loss on probabilities that come out of a sigmoid is computed from its logits.
            yield "logits", k, "bce-logits", weights, ("sigmoid", losses.BinaryCrossentropy()), 1
            yield "probabilities", k, "bce", weights, (None, losses.BinaryCrossentropy()), 1
            yield "probabilities", k, "mse", weights, (None, losses.MeanSquaredError()), 1
            yield "probabilities", k, "huber", weights, (None, losses.Huber()), 1
            yield "probabilities", k, "huber:0.25", weights, (None, losses.Huber(delta=0.25)), 1


def keras_run(f, x, labels, weights):
    """Loss and gradient of one step of fit: a model whose only weight is added to x."""
    import keras

    class Shifted(keras.layers.Layer):
        def build(self, _):
            self.by = self.add_weight(shape=x.shape, initializer="zeros")

        def call(self, inputs):
            return inputs + self.by

    activation, loss = f
    entry = keras.Input((x.shape[1],))
    shifted = Shifted()
    out = shifted(entry)
    if activation:
        out = keras.layers.Activation(activation)(out)
    model = keras.Model(entry, out)
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss, jit_compile=False)
    value = model.train_on_batch(x, one_hot(labels, x.shape[1]), class_weight=dict(enumerate(weights)) if weights else None)
    return np.asarray(value).item(), 0 - np.array(shifted.by)


def main():
    framework = sys.argv[1]
    if framework == "pytorch":
        import torch
        cases, run, versions = pytorch_cases, pytorch_run, {"torch": torch.__version__}
    else:
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import keras
        import tensorflow as tf
        cases, run, versions = keras_cases, keras_run, {"keras": keras.__version__, "tensorflow": tf.__version__}
    sets = inputs()
    tensors = {}
    for key, (x, labels) in sets.items():
        tensors[f"{key}/outputs"], tensors[f"{key}/labels"] = x, labels
    listed = []
    for kind, outputs, spelled, weights, f, divisor in cases():
        for batch in BATCHES + ["extreme"]:
            key = f"{kind}/{outputs}/{batch}"
            if weights and not any(weights[label] for label in sets[key][1]):
                raise SystemExit(f"{key}: no sample has a weight")
            loss, grad = run(f, *sets[key], weights)
            tensors[f"{len(listed)}/grad"] = grad.astype(np.float32)
            listed.append({"batch": key, "loss": spelled, "class_weights": ",".join(f"{w:g}" for w in weights or []),
                           "divisor": divisor, "value": float(np.float32(loss))})
    TO.mkdir(parents=True, exist_ok=True)
    save_npz(TO / f"{framework}.npz", tensors)
    golden = {"framework": framework, "versions": versions, "generator": "testdata/ref/golden_losses.py", "cases": listed}
    (TO / f"{framework}.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
