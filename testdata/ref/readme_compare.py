"""Makes testdata/readme/compare: a small PyTorch network, what each of its modules gives for four digits, and a port of it
with a bug, which README compares.

    python readme_compare.py ../readme/compare

Made with torch 2.15.0, onnx 1.23.2 and onnxscript 0.7.2.
"""

import pathlib
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn




class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.act1 = nn.PReLU(4)
        self.conv2 = nn.Conv2d(4, 8, 3, stride=2, padding=1)
        self.act2 = nn.PReLU(8)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        x = self.act1(self.bn1(self.conv1(x)))
        return self.fc(self.pool(self.act2(self.conv2(x))).flatten(1))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    model = Net().eval()
    with torch.no_grad():
        model.bn1.running_mean.normal_(0, 0.2)
        model.bn1.running_var.uniform_(0.1, 0.5)
        for act in model.act1, model.act2:
            act.weight.uniform_(-0.5, 0.5)
    x = torch.rand(4, 1, 28, 28)
    recorded = {}
    for name, module in model.named_modules():
        if name:
            module.register_forward_hook(lambda m, args, y, name=name: recorded.update({name: y.detach().clone().numpy()}))
    with torch.no_grad():
        recorded["output"] = model(x).numpy()
    np.savez(out / "inputs.npz", input=x.numpy())
    np.savez(out / "expected.npz", **recorded)
    path = out / "port.onnx"
    torch.onnx.export(model, (x,), path, input_names=["input"], output_names=["output"], dynamo=True, external_data=False,
                      optimize=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
    port = onnx.load(path)
    for t in port.graph.initializer:  # the bug: the slopes of act2 have the other sign
        if t.name == "act2.weight":
            t.CopyFrom(numpy_helper.from_array(-numpy_helper.to_array(t), t.name))
    for node in port.graph.node:  # stack traces name files of the machine
        for entry in [p for p in node.metadata_props if p.key == "pkg.torch.onnx.stack_trace"]:
            node.metadata_props.remove(entry)
    onnx.save(port, path)


if __name__ == "__main__":
    main()
