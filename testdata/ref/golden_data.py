"""Makes testdata/golden/data: pictures, and how PyTorch and Keras read them.

    python golden_data.py pytorch     pictures.npz and pytorch.npz (made with torch 2.15.0)
    python golden_data.py keras       keras.npz (made with keras 3.15.1, tensorflow-cpu 2.21.0)

pictures.npz has the arrays of Keras's mnist.npz, in colour with the channels last.
PyTorch's part is the arithmetic of torchvision's ToTensor, Normalize, RandomCrop with
padding and RandomHorizontalFlip, written out in torch; Keras's is its Normalization
layer, adapted to the pictures.
"""

import os
import pathlib
import sys

import numpy as np

TO = pathlib.Path(__file__).resolve().parent.parent / "golden" / "data"
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
PAD = 2


def pictures():
    """uint8 [12, 6, 7, 3] of different spread in each channel, and labels [12, 1]."""
    rng = np.random.default_rng(5)
    x = rng.normal([100, 140, 60], [60, 20, 90], (12, 6, 7, 3)).clip(0, 255).astype(np.uint8)
    return x, (np.arange(12) % 4).astype(np.uint8)[:, None]


def pytorch():
    import torch

    x, y = pictures()
    np.savez_compressed(TO / "pictures.npz", x_train=x, y_train=y, x_test=x[:4], y_test=y[:4])
    t = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous().float().div(255)
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (MEAN, STD))
    padded = torch.nn.functional.pad(t[0], (PAD,) * 4)
    height, width = t.shape[2:]
    crops = [padded[:, top:top + height, left:left + width]
             for top in range(2 * PAD + 1) for left in range(2 * PAD + 1)]
    wide = t.double()
    np.savez_compressed(
        TO / "pytorch.npz",
        normalized=t.sub(mean).div(std).numpy(),
        mean=wide.mean((0, 2, 3)).numpy(),
        std=wide.std((0, 2, 3), unbiased=False).numpy(),
        crops=torch.stack(crops).numpy(),
        flipped=t[0].flip(-1).numpy(),
    )
    print("torch", torch.__version__)


def keras():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf

    x, _ = pictures()
    x = (x / 255).astype(np.float32)
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(x)
    y = np.asarray(layer(x)).transpose(0, 3, 1, 2)
    np.savez_compressed(TO / "keras.npz", normalized=np.ascontiguousarray(y))
    print("keras", keras.__version__, "tensorflow", tf.__version__)


if __name__ == "__main__":
    TO.mkdir(parents=True, exist_ok=True)
    {"pytorch": pytorch, "keras": keras}[sys.argv[1]]()
