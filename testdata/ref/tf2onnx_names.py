"""Gives the names in tf2onnx's files the same numbers in every run.

tf2onnx numbers its names ("Transpose__44") and merges two equal constants of the
Flatten under the name of either, differently from run to run. The names are
renumbered by first use and the initializers sorted, so that every run gives
the same bytes; the rest is left as written.
"""

import re

import onnx

MERGED = re.compile(r"const_(starts|axes)__")
NUMBER = re.compile(r"__(\d+)")


def settle(path, check=True):
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
    if check:
        onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
