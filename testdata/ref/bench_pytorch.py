"""Speed of PyTorch at the work of `gonn bench`: training, inference, convolutions, an epoch.

Every network runs in four modes: eager and torch.compile (which needs a C++ compiler), each in
both memory formats. ReLU and ELU work in place. PReLU with a slope for each element, which
nn.PReLU has not, runs in several forms. Whoever compares takes the fastest. Adam is the fused
one.

The convolutions are 3×3, padded by 1, through oneDNN: forward, and the gradients of
input and weight. Their FLOPs are counted where kernel and map overlap. The epoch is the study's,
with its PReLU.
"""

import itertools
import os
import time

import bench_common as bench

MODES = ["eager", "channels_last", "compile", "compile channels_last"]
args = bench.arguments(__doc__, ["train", "infer", "conv", "epoch"], MODES)
os.environ["OMP_NUM_THREADS"] = str(args.threads)

import torch
from torch.nn import functional

import presets
import torch_networks
import torch_study

torch.set_num_threads(args.threads)  # torch_study wants one, and reproducible bits
torch.use_deterministic_algorithms(False)
torch.manual_seed(1)

NAME = {"peer": "pytorch", "version": torch.__version__, "threads": args.threads}


class Clamps(torch_study.ElementPReLU):
    """PReLU as the sum of its two halves."""

    def forward(self, x):
        return x.clamp_min(0) + self.weight * x.clamp_max(0)


# Ways to spell one activation; where there is one, torch has it itself.
FORMS = {
    "prelu": {"where": torch_study.ElementPReLU, "relus": torch_study.TwoReLUs, "clamps": Clamps},
}


def networks(name, act):
    """Every form of the network: (name of the form, network)."""
    for form, layer in FORMS.get(act, {"own": None}).items():
        net = torch_networks.Net(presets.SHAPES[name], presets.PRESETS[name](bench.spelled(act)))
        for key, module in net.named_modules():
            if isinstance(module, (torch.nn.ReLU, torch.nn.ELU)):
                module.inplace = True
            if layer and isinstance(module, torch_study.ElementPReLU):
                setattr(net, key, layer(module.weight.shape))
        yield form, net


def in_mode(name, act, mode):
    """The forms of the network, ready for a mode, and the memory format of its input."""
    layout = torch.channels_last if "channels_last" in mode else torch.contiguous_format
    torch._dynamo.reset()
    for form, net in networks(name, act):
        yield form, net.to(memory_format=layout), layout


def training(name, act, mode):
    """Every form of the network, with a step of its training: (what it is, step)."""
    data = bench.Bytes(name)
    pixels = torch.from_numpy(data.pixels)
    for form, net, layout in in_mode(name, act, mode):
        adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)

        def loss_of(x, labels, net=net):
            return functional.cross_entropy(net(x), labels)

        if "compile" in mode:
            loss_of = torch.compile(loss_of)
        batches = iter(data)

        def step(loss_of=loss_of, adam=adam, layout=layout, batches=batches):
            pictures, labels, flip = next(batches)
            x = pixels[torch.from_numpy(pictures)]
            if flip is not None:
                x = x ^ torch.from_numpy(flip)[:, None, None, None]
            x = x.to(torch.float32, memory_format=layout).div_(255)
            adam.zero_grad(set_to_none=True)
            loss_of(x, torch.from_numpy(labels)).backward()
            adam.step()

        parameters = sum(p.numel() for p in net.parameters())
        yield {**NAME, "net": name, "act": act, "mode": mode, "form": form, "parameters": parameters}, step


def train(name, act, mode):
    """Steps of training in every form."""
    for what, step in training(name, act, mode):
        bench.emit_train(step, args.seconds, **what)


def epoch(name, act, mode):
    """A whole epoch of MNIST and its inverse in every form, after some steps for nothing."""
    steps = 120_000 // bench.BATCH
    for what, step in training(name, act, mode):
        for _ in range(10):
            step()
        start = time.perf_counter()
        for _ in range(steps):
            step()
        seconds = time.perf_counter() - start
        bench.emit(what="epoch", **what, batch=bench.BATCH, seconds=seconds,
                   samples_per_s=steps * bench.BATCH / seconds)


def infer(name, act, mode):
    """Inference in every form."""
    pictures = torch.from_numpy(bench.Bytes(name).first(max(bench.BATCHES)))
    for form, net, layout in in_mode(name, act, mode):
        net.eval()
        run = torch.compile(net, dynamic=False) if "compile" in mode else net
        for batch in bench.BATCHES:
            x = pictures[:batch].contiguous(memory_format=layout)
            with torch.inference_mode():
                bench.emit_infer(lambda: run(x), batch, args.seconds, **NAME, net=name, act=act, mode=mode, form=form)


def conv(channels, side, layout):
    """One convolution of 32 samples in its three directions."""
    form = {"memory_format": getattr(torch, layout)}
    x = torch.randn(32, channels, side, side).contiguous(**form)
    dy = torch.randn(32, channels, side, side).contiguous(**form)
    w = torch.randn(channels, channels, 3, 3).contiguous(**form)
    b = torch.randn(channels)

    def backward(input_, weight):
        return torch.ops.aten.convolution_backward(
            dy, x, w, [channels], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [input_, weight, weight])

    taps = 3 * side - 2  # of one axis that meet the map
    flops = 2 * 32 * channels**2 * taps**2
    for direction, call in [
        ("forward", lambda: functional.conv2d(x, w, b, padding=1)),
        ("dW", lambda: backward(False, True)),
        ("dX", lambda: backward(True, False)),
    ]:
        with torch.inference_mode():
            calls = bench.rate(call, args.seconds)
        bench.emit(what="conv", **NAME, kernel=f"conv 3×3 {direction}", channels=channels, side=side,
                   mode=layout, batch=32, us=1e6 / calls, gflops=flops * calls / 1e9)


def main():
    for name, act, mode in itertools.product(args.nets, args.acts, args.modes):
        for part, measure in [("train", train), ("infer", infer), ("epoch", epoch)]:
            if part not in args.parts or part == "epoch" and name != "study":
                continue
            try:
                measure(name, act, mode)
            except Exception as error:  # torch.compile fails in many ways
                if "compile" not in mode:
                    raise
                bench.emit_failure(error, **NAME, net=name, act=act, mode=mode)
    if "conv" in args.parts:
        for channels, side in [(16, 32), (64, 16), (256, 8)]:
            for layout in ["contiguous_format", "channels_last"]:
                conv(channels, side, layout)


if __name__ == "__main__":
    main()
