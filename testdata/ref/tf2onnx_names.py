"""Makes tf2onnx's files the same in every run.

tf2onnx numbers its names ("Transpose__44") and merges two equal constants of the
Flatten under the name of either, differently from run to run. The names are
renumbered by first use and the initializers sorted, so that every run gives
the same bytes; the rest is left as written. Where other constants may be merged
too, as in the matrix, the order of nodes is settled as well.
"""

import re

import onnx

MERGED = re.compile(r"const_(starts|axes)__")
NUMBER = re.compile(r"__(\d+)")


def name_merged(graph):
    """Names every initializer that several nodes read after the first of them: which of the merged ones lends its name is chance."""
    readers = {}
    for node in graph.node:
        for name in dict.fromkeys(node.input):
            readers.setdefault(name, []).append(node)
    for tensor in graph.initializer:
        nodes = readers.get(tensor.name, [])
        if len(nodes) > 1:
            place = list(nodes[0].input).index(tensor.name)
            # A slope that was negated keeps that: it tells parameters from numbers.
            kept = "/Neg" if tensor.name.endswith("/Neg:0") else ""
            new = f"{nodes[0].name}/merged_{place}{kept}:0"
            for node in nodes:
                node.input[:] = [new if name == tensor.name else name for name in node.input]
            tensor.name = new


def sort(graph):
    """Orders the nodes by what reads them: of two that wait for nothing, which comes first is chance too."""
    maker = {name: node for node in graph.node for name in node.output}
    done, order = set(), []

    def visit(name):
        node = maker.get(name)
        if node and node.name not in done:
            done.add(node.name)
            for read in node.input:
                visit(read)
            order.append(node)

    for value in graph.output:
        visit(value.name)
    order = [type(node).FromString(node.SerializeToString()) for node in order]
    del graph.node[:]
    graph.node.extend(order)


def settle(path, check=True, merged=False):
    """Renumbers tf2onnx's names by first use and sorts the initializers.

    merged: nodes are sorted, merged constants named as name_merged does, and what the graph says of its origin,
    a folder or a number, goes.
    """
    model = onnx.load(path)
    graph = model.graph
    numbers = {}
    if merged:
        sort(graph)
        name_merged(graph)
        graph.doc_string = ""

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
