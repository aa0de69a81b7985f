"""Compares the PyTorch and the Keras goldens of the same case (NumPy only).

Logits, loss and gradients must agree. The exception is the whole point of the
zero biases: PReLU at exactly x = 0, where PyTorch's derivative is the slope and
Keras's is 0, so there the gradients of the convolution biases must differ.
"""

import numpy as np

import common

KINK = {"grad/conv1.bias", "grad/conv2.bias"}


def read(framework, activation):
    """The tensors of one case."""
    with np.load(common.GOLDEN / framework / common.folder(activation) / "case.npz") as file:
        return dict(file)


def difference(key, torch, keras):
    """‖a−b‖/‖b‖; a #sum is judged on √n times its #norm, for it may cancel to 0."""
    if key.endswith("#sum"):
        norm = torch[key.replace("#sum", "#norm")]
        return abs(float(torch[key] - keras[key])) / (common.DENSE ** 0.5 * float(norm))
    return common.distance(keras[key], torch[key])


def check(activation):
    """Compares one case; returns the sentences that say what is wrong."""
    torch, keras = read("pytorch", activation), read("keras", activation)
    if torch.keys() != keras.keys():
        return [f"{activation}: tensors {sorted(torch)} and {sorted(keras)}"]
    wrong, worst, kinks = [], 0.0, []
    logits = np.abs(torch["logits"] - keras["logits"]).max() / np.abs(torch["logits"]).max()
    for key in torch:
        if not key.startswith(("grad/", "loss")):
            continue
        d = difference(key, torch, keras)
        if activation.startswith("prelu") and key in KINK:
            kinks.append(d)
            if d < 1e-3:
                wrong.append(f"{activation}: {key} agrees ({d:.1e}), so no x = 0 was met")
        else:
            worst = max(worst, d)
            if d > 1e-5:
                wrong.append(f"{activation}: {key} differs by {d:.1e}")
    if logits > 1e-5:
        wrong.append(f"{activation}: logits differ by {logits:.1e}")
    print(f"{activation:20} logits {logits:.1e}, gradients {worst:.1e}",
          "".join(f", bias at the kink {d:.1e}" for d in kinks))
    return wrong


def main():
    wrong = [line for activation in common.ACTIVATIONS for line in check(activation)]
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
