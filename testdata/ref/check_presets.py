"""Holds gonn's presets in PyTorch (presets.py) against the ONNX files that gonn writes of them.

    python testdata/ref/check_presets.py --gonn ./gonn

Each file runs in ONNX Runtime; the network of torch_networks.py gets the file's parameters and
must give the same: then bench.py compares the speed of equal networks.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

import presets
import torch_networks

# ONNX Runtime's Elu loses digits near 0, as it computes exp(x) − 1.
LIMIT = 5e-4
ACTS = ["relu", "prelu:channel", "hardswish", "mish", "gelu", "elu"]


def load(net, file):
    """Gives the network the parameters of a file, by their names."""
    found = {t.name: numpy_helper.to_array(t) for t in onnx.load(file).graph.initializer}
    own = torch_networks.tensors(net)
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(torch.tensor(found.pop(name)).reshape(tensor.shape))
    return sum(t.numel() for t in net.parameters())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gonn", required=True, type=pathlib.Path, help="the gonn that writes the files")
    args = parser.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in presets.SHAPES.items():
            for act in ACTS:
                file = str(pathlib.Path(folder, "model.onnx"))
                subprocess.run([args.gonn.resolve(), "export", file, "--net", name, "--act", act, "--force",
                                "--size", "x".join(map(str, shape))], check=True, stdout=subprocess.DEVNULL)
                net = torch_networks.Net(shape, presets.PRESETS[name](act)).eval()
                count = load(net, file)
                x = rng.random((5, *shape), np.float32)
                with torch.no_grad():
                    got = net(torch.from_numpy(x)).numpy()
                want = onnxruntime.InferenceSession(file).run(None, {"input": x})[0]
                error = np.abs(got - want).max() / np.abs(want).max()
                print(f"{name} {act}: {count:,} parameters, largest difference {error:.1e} of the scale")
                if not error < LIMIT:
                    sys.exit(f"{name} with {act} is another network in PyTorch")


if __name__ == "__main__":
    main()
