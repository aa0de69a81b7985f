"""Exports activations to ONNX: testdata/golden/activations/<exporter>.onnx, .npz, .json.

    python export_activations.py pytorch     (made with torch 2.15.0, onnx 1.23.2)
    python export_activations.py keras       (made with keras 3.15.1, tf2onnx 1.17.0)

One network for each exporter, a chain of all activations that it can write, one after
the other, on vectors; with an input and the framework's own output for it. Left out are
PyTorch's Threshold in the older exporter, which refuses it, and Keras's gelu and celu,
for which tf2onnx writes operators that ONNX does not have (Erfc, Expm1). It also merges
equal constants under the name of any of them, another one from run to run.
"""

import json
import sys

import numpy as np
import onnx

import common
import golden_activations

TO = common.GOLDEN / "activations"
CHAIN = ["selu", "elu", "elu:0.5", "softplus", "hardswish", "gelu", "relu6", "celu:0.5", "mish", "gelu-tanh",
         "softplus:0.5", "logsigmoid", "thresholded-relu:-0.5", "softsign", "hardsigmoid", "relu6:2.5"]
CANNOT = {"dynamo": [], "torchscript": ["thresholded-relu:-0.5"], "tf2onnx": ["celu:0.5", "gelu", "softplus:0.5"]}
INPUT = np.linspace(-6, 6, 64, dtype=np.float32).reshape(4, 16)


def chain(exporter):
    """The spellings of a chain."""
    return [name for name in CHAIN if name not in CANNOT[exporter]]


def save(exporter, output, versions):
    """Stores what belongs to the file of one exporter."""
    common.save_npz(TO / f"{exporter}.npz", {"input": INPUT, "output": output})
    about = {"exporter": exporter, "versions": versions, "activations": chain(exporter),
             "generator": "testdata/ref/export_activations.py"}
    (TO / f"{exporter}.json").write_text(json.dumps(about, indent=2) + "\n")


def pytorch():
    """Both exporters, batch dynamic."""
    import torch

    from export_onnx import STACK

    class Chain(torch.nn.Module):
        def __init__(self, functions):
            super().__init__()
            self.functions = functions

        def forward(self, x):
            for f in self.functions:
                x = f(x)
            return x

    functions, x = golden_activations.pytorch_functions(), torch.tensor(INPUT)
    for exporter in ["dynamo", "torchscript"]:
        net, path = Chain([functions[name] for name in chain(exporter)]), TO / f"{exporter}.onnx"
        names = {"input_names": ["input"], "output_names": ["output"]}
        if exporter == "dynamo":
            program = torch.onnx.export(net, (x,), dynamo=True, verbose=False, **names,
                                        dynamic_shapes=({0: torch.export.Dim("batch")},))
            for node in program.model.graph:
                node.metadata_props.pop(STACK, None)
            program.save(path)
        else:
            torch.onnx.export(net, (x,), path, dynamo=False, opset_version=16, **names,
                              dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        save(exporter, net(x).numpy(), {"torch": torch.__version__, "onnx": onnx.__version__})


def keras():
    """tf2onnx, by Keras's own export."""
    functions = golden_activations.keras_functions()
    import keras
    import tf2onnx

    import tf2onnx_names

    y = x = keras.Input((16,))
    for name in chain("tf2onnx"):
        f = functions[name]
        y = f(y) if isinstance(f, keras.Layer) else keras.layers.Activation(f)(y)
    model = keras.Model(x, y)
    output = np.array(model(INPUT))
    path = TO / "tf2onnx.onnx"
    model.export(path, format="onnx", verbose=False)
    tf2onnx_names.settle(path)
    save("tf2onnx", output, {"keras": keras.__version__, "tf2onnx": tf2onnx.__version__, "onnx": onnx.__version__})


if __name__ == "__main__":
    {"pytorch": pytorch, "keras": keras}[sys.argv[1]]()
