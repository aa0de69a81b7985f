"""Trains gonn's preset resnet20 in PyTorch on digits padded to 32×32, for comparison with

    python train_resnet20.py --write digits32.npz
    gonn train --net resnet20 --act prelu:channel --data digits32.npz --semantics pytorch \\
        --schedule cosine --epochs 3

Same network, data, batches of 128, Adam whose rate goes from 1e-3 to 0 along a cosine, and
distribution of the start values; the random numbers are others. Prints test loss and
accuracy after each epoch, and seconds.
"""

import argparse
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import common


def conv3(inputs, out, stride=1):
    """A 3×3 convolution before a batch normalisation."""
    return nn.Conv2d(inputs, out, 3, stride, 1, bias=False)


class Block(nn.Module):
    """Two convolutions and a way past them."""

    def __init__(self, inputs, out, stride):
        super().__init__()
        self.way = nn.Sequential(conv3(inputs, out, stride), nn.BatchNorm2d(out), nn.PReLU(out),
                                 conv3(out, out), nn.BatchNorm2d(out))
        self.past = nn.Identity()
        if stride > 1:
            self.past = nn.Sequential(nn.Conv2d(inputs, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.act = nn.PReLU(out)

    def forward(self, x):
        return self.act(self.way(x) + self.past(x))


def resnet20(channels, classes):
    """The network of nn/preset/resnet20.go."""
    layers, inputs = [conv3(channels, 16), nn.BatchNorm2d(16), nn.PReLU(16)], 16
    for i in range(9):
        out = 16 << i // 3
        layers.append(Block(inputs, out, 2 if i in (3, 6) else 1))
        inputs = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def load(mnist, part, limit):
    """Pictures and labels of the train set or the test set (t10k)."""
    x, y = read(mnist, part)
    x, y = x[:limit], y[:limit]
    return torch.from_numpy(x.astype(np.float32) / np.float32(255))[:, None], torch.from_numpy(y.astype(np.int64))


def read(mnist, part):
    """Bytes of the padded pictures, and labels."""
    x = common.read_idx(mnist / f"{part}-images-idx3-ubyte.gz")
    return np.pad(x, [(0, 0), (2, 2), (2, 2)]), common.read_idx(mnist / f"{part}-labels-idx1-ubyte.gz")


def evaluate(net, x, y):
    """Mean loss and accuracy."""
    net.eval()
    loss = right = 0
    with torch.inference_mode():
        for i in range(0, len(x), 500):
            z = net(x[i:i + 500])
            loss += functional.cross_entropy(z, y[i:i + 500], reduction="sum").item()
            right += (z.argmax(1) == y[i:i + 500]).sum().item()
    net.train()
    return loss / len(x), right / len(x)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="pictures of each set (default: all)")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", metavar="NPZ", help="write the padded digits for gonn, and do not train")
    args = parser.parse_args()
    if args.write:
        (x, y), (test_x, test_y) = read(common.MNIST, "train"), read(common.MNIST, "t10k")
        np.savez(args.write, x_train=x, y_train=y, x_test=test_x, y_test=test_y)
        return
    torch.set_num_threads(args.threads)
    x, y = load(common.MNIST, "train", args.limit)
    test = load(common.MNIST, "t10k", args.limit)
    for seed in args.seeds:
        torch.manual_seed(seed)
        net = resnet20(1, 10)
        adam = torch.optim.Adam(net.parameters(), lr=1e-3)
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(adam, args.epochs * -(-len(x) // 128))
        start = time.perf_counter()
        for epoch in range(args.epochs):
            order = torch.randperm(len(x))
            for at in range(0, len(x), 128):
                batch = order[at:at + 128]
                adam.zero_grad()
                functional.cross_entropy(net(x[batch]), y[batch]).backward()
                adam.step()
                cosine.step()
            loss, accuracy = evaluate(net, *test)
            print(f"seed {seed}, epoch {epoch + 1}: test loss {loss:.4f}, accuracy {accuracy:.4f}, "
                  f"{time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
