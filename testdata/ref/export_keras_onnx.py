"""Makes testdata/golden/keras/prelu-element/tf2onnx.onnx with Keras's own ONNX export.

Keras hands the work to tf2onnx; start weights, input "input" NHWC. tf2onnx
numbers its names ("Transpose__44") and merges two equal constants of the
Flatten under the name of either, differently from run to run. The names are
renumbered by first use and the initializers sorted, so that every run gives
the same bytes; the rest is left as written.
"""

import os

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3",
               "CUDA_VISIBLE_DEVICES": "-1"}

import re

import numpy as np
import onnx

import common
import keras_study

ACTIVATION = "prelu:element"
MERGED = re.compile(r"const_(starts|axes)__")
NUMBER = re.compile(r"__(\d+)")


def settle(path):
    """Renumbers tf2onnx's names by first use and sorts the initializers."""
    model = onnx.load(path)
    graph = model.graph
    numbers = {}

    def settled(name):
        name = MERGED.sub("const_starts__", name)
        return NUMBER.sub(lambda m: f"__{numbers.setdefault(m[1], len(numbers) + 1)}", name)

    for node in graph.node:
        node.name = settled(node.name)
        node.input[:] = [settled(name) for name in node.input]
        node.output[:] = [settled(name) for name in node.output]
    for value in [*graph.input, *graph.output]:
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param:
                dim.dim_param = settled(dim.dim_param)
    for tensor in graph.initializer:
        tensor.name = settled(tensor.name)
    tensors = sorted(graph.initializer, key=lambda tensor: tensor.name)
    del graph.initializer[:]
    graph.initializer.extend(tensors)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def main():
    start = common.start_values()
    model = keras_study.network(ACTIVATION)
    keras_study.load(model, common.start_params(start, ACTIVATION))
    model(np.zeros((1, 28, 28, 1), np.float32))  # Keras exports only models that were called
    path = common.GOLDEN / "keras" / common.folder(ACTIVATION) / "tf2onnx.onnx"
    model.export(path, format="onnx", verbose=False)
    settle(path)
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
