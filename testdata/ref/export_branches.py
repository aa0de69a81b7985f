"""Makes testdata/golden/branches: PyTorch's ONNX files of a network that branches.

dynamo.onnx and torchscript.onnx from PyTorch's two exporters, each of a network with
every layer that joins or pools, with the batch dynamic; recorded.npz with an input and
PyTorch's own results. In torchscript.onnx nothing is padded: that exporter computes the
pads in the graph. ONNX Runtime runs both files, and its distance from PyTorch is
printed.
"""

import warnings

import torch
from torch import nn

import common
import export_onnx


class Branches(nn.Module):
    """A separable convolution, squeeze-and-excitation, a residual sum, two pools side by side."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.depthwise = nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False)
        self.pointwise = nn.Conv2d(4, 4, 1)
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.excite = nn.Conv2d(4, 4, 1)
        self.max = nn.MaxPool2d(2, ceil_mode=True)
        self.mean = nn.AvgPool2d(3, 2, padding=1)
        self.pad = nn.ZeroPad2d((1, 0, 0, 2))
        self.up = nn.ConvTranspose2d(8, 3, 3, stride=2, padding=1, output_padding=1)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        x = self.stem(x)
        y = self.pointwise(self.depthwise(x))
        y = y * torch.sigmoid(self.excite(self.squeeze(y)))
        y = torch.relu(y + x)
        y = torch.cat([self.max(y), self.mean(y)], 1)
        y = self.up(self.pad(y))
        y = torch.cat([y.mean((2, 3)), nn.functional.adaptive_max_pool2d(y, 1).flatten(1)], 1)
        return nn.functional.log_softmax(self.dense(y), 1)


def main():
    warnings.simplefilter("ignore", DeprecationWarning)
    torch.manual_seed(1)
    net = Branches().eval()
    x = torch.randn(3, 2, 7, 9)
    to = common.GOLDEN / "branches"
    to.mkdir(parents=True, exist_ok=True)
    export_onnx.OUT = to
    recorded = {"input": x.numpy()}
    for exporter in ["dynamo", "torchscript"]:
        with torch.no_grad():
            recorded[exporter] = net(x).numpy()
        path = to / f"{exporter}.onnx"
        if exporter == "dynamo":
            export_onnx.export_dynamo(net, x, path, False)
        else:
            export_onnx.export_torchscript(net, x, path)
        export_onnx.check(path, x, recorded[exporter])
        net.pad = nn.Identity()
    common.save_npz(to / "recorded.npz", recorded)


if __name__ == "__main__":
    main()
