"""What every reference script shares: names, data, start values, storage.

NumPy only, so that the PyTorch and the Keras environment can both import it.
Everything is kept in gonn's canonical layout: images [N,C,H,W], Conv weights
[out,in,kh,kw], Dense weights [out,in] with `in` counted in C,H,W order, slopes
[1], [C] or [C,H,W].
"""

import argparse
import gzip
import io
import json
import pathlib
import re
import zipfile

import numpy as np

REF = pathlib.Path(__file__).resolve().parent
GOLDEN = REF.parent / "golden"
MNIST = REF.parents[1] / "train" / "data" / "mnist"

# The activations, spelled as gonn spells them.
ACTIVATIONS = [
    "leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1",
    "prelu:one", "prelu:channel", "prelu:element",
    "swish", "swish-beta", "swish-beta:channel", "mish",
]

LEARNING_RATE = 1e-3
STEPS = 10          # Adam steps, on batches 1 to 10
RECORDED = 8        # samples of batch 0 kept as recorded ONNX inputs
SAMPLE_ABOVE = 8192  # tensors with more elements are stored as a sample
SAMPLE_EVERY = 37
DENSE = 10 * 8 * 18 * 18  # elements of dense.weight, the one tensor stored as a sample


def folder(activation):
    """Folder name of an activation: leaky:-0.5 is leaky-m0.5."""
    return re.sub(r":-(?=\d)", "-m", activation).replace(":", "-")


def learned(activation):
    """What the activation learns: (kind, sharing), e.g. ("alpha", "channel"), or None."""
    name, _, sharing = activation.partition(":")
    kind = {"prelu": "alpha", "swish-beta": "beta"}.get(name)
    return (kind, sharing or "one") if kind else None


def arguments(doc):
    """Command line of the scripts that read MNIST: the folder of the four .gz files."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("mnist", nargs="?", type=pathlib.Path, default=MNIST,
                        help="folder of the four MNIST .gz files (default: train/data/mnist)")
    return parser.parse_args()


def read_idx(path):
    """An IDX file of unsigned bytes as an array."""
    raw = gzip.decompress(path.read_bytes())
    rank = raw[3]
    shape = np.frombuffer(raw, ">i4", rank, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


class TrainSet:
    """The MNIST train set and its inverse under virtual indices 0 … 2N-1.

    Index i < N is digit i as pixel/255; i >= N is digit i-N as (255-pixel)/255.
    """

    def __init__(self, mnist):
        self.pixels = read_idx(mnist / "train-images-idx3-ubyte.gz")
        self.digits = read_idx(mnist / "train-labels-idx1-ubyte.gz")
        self.n = len(self.pixels)

    def images(self, indices):
        """float32 [len(indices), 1, 28, 28]."""
        pixels = self.pixels[indices % self.n]
        inverted = (indices >= self.n)[:, None, None]
        pixels = np.where(inverted, 255 - pixels, pixels)
        return (pixels.astype(np.float32) / np.float32(255))[:, None]

    def labels(self, indices):
        """int64 [len(indices)]."""
        return self.digits[indices % self.n].astype(np.int64)


def start_values():
    """All tensors of start.npz by name."""
    with np.load(GOLDEN / "start.npz") as file:
        return dict(file)


def start_params(start, activation):
    """The parameters one case starts from, canonical name → float32 tensor."""
    extra = learned(activation)
    params = {}
    for layer in ["conv1", "act1", "conv2", "act2", "dense"]:
        if not layer.startswith("act"):
            for part in ["weight", "bias"]:
                params[f"{layer}.{part}"] = start[f"{layer}.{part}"]
        elif extra:
            params[f"{layer}.{extra[0]}"] = start[f"{layer}.{extra[0]}.{extra[1]}"]
    return params


def batches(start, data):
    """The eleven batches as a list of (images, labels)."""
    pairs = []
    for row, labels in zip(start["indices"], start["labels"]):
        if not np.array_equal(data.labels(row), labels):
            raise SystemExit("start.npz does not belong to this MNIST train set")
        pairs.append((data.images(row), labels))
    return pairs


def sampled(tensors):
    """Replaces each large tensor by every 37th element, its L2 norm and its sum."""
    out = {}
    for key, value in tensors.items():
        if value.size <= SAMPLE_ABOVE:
            out[key] = value
            continue
        full = value.astype(np.float64)
        out[f"{key}#37"] = value.reshape(-1)[::SAMPLE_EVERY]
        out[f"{key}#norm"] = np.sqrt(np.sum(full * full))
        out[f"{key}#sum"] = np.sum(full)
    return out


def save_npz(path, tensors):
    """Writes an .npz whose bytes depend on the tensors only (no time, no compression)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for key, value in tensors.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(value, order="C"), version=(1, 0))
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue())


def save_case(framework, activation, versions, generator, tensors):
    """Writes case.npz and case.json of one framework and activation."""
    to = GOLDEN / framework / folder(activation)
    save_npz(to / "case.npz", sampled(tensors))
    case = {
        "framework": framework,
        "versions": versions,
        "activation": activation,
        "network": "study",
        "tolerances": tolerances(activation),
        "generator": f"testdata/ref/{generator}",
    }
    (to / "case.json").write_text(json.dumps(case, indent=2) + "\n")


def tolerances(activation):
    """How near a correct float32 answer is (README.md says how each is measured)."""
    linear = activation == "leaky:1"
    return {
        "logits": {"atol": 1e-5, "rtol": 1e-5},
        "grad_norm": 1e-5,
        "adam1": 5e-5,
        "adam10": 2e-4 if linear else 1e-4,
    }


def distance(a, b):
    """‖a−b‖ / ‖b‖ in float64."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(b), 1e-300))


def report(activation, got, truth):
    """Prints how far the float32 tensors are from the float64 ones."""
    scale = np.abs(got["logits"] - truth["logits"]).max() / np.abs(truth["logits"]).max()
    worst = {}
    for key in truth:
        group = key.split("/")[0]
        worst[group] = max(worst.get(group, (0, "")),
                           (distance(got[key], truth[key]), key))
    parts = [f"{g} {d:.1e} ({k})" if "/" in k else f"{g} {d:.1e}"
             for g, (d, k) in worst.items()]
    print(f"{activation:20} max|Δlogits|/max|logits| {scale:.1e}, norms:", ", ".join(parts))
