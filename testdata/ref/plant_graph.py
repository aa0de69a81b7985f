"""Finds the layers of a network in its exported file by what they computed."""

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

ATOL = RTOL = 1e-5


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def error(got, want):
    """The share of the tolerance that the worst element uses; infinite if shapes differ."""
    if got.shape != want.shape or not np.isfinite(got).all():
        return float("inf")
    return float(np.abs(got.astype(np.float64) - want).max() / (ATOL + RTOL * np.abs(want).max()))


def nchw(x, layout):
    return x.transpose(0, 3, 1, 2) if layout == "NHWC" and x.ndim == 4 else x


class Reference:
    """A file as exported, the layers of its network as model.json lists them, and what the framework recorded."""

    def __init__(self, model, layers, x, recorded, layout):
        self.model, self.layers, self.x, self.layout = model, layers, x, layout
        self.by_name = {l["name"]: l for l in layers}
        self.input = model.graph.input[0].name
        self.output = model.graph.output[0].name
        self.recorded = {n: nchw(v, layout) for n, v in recorded.items()}
        self.recorded[None] = nchw(x, layout)
        self.values = self.run_all()
        self.maker = {v: i for i, n in enumerate(model.graph.node) for v in n.output}
        self.data = {self.input}
        for n in model.graph.node:
            if any(v in self.data for v in n.input):
                self.data.update(n.output)
        self.find()

    def run_all(self):
        """Every value of the graph, constants too."""
        probe = onnx.ModelProto.FromString(self.model.SerializeToString())
        names = [v for n in probe.graph.node for v in n.output if v]
        del probe.graph.output[:]
        probe.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names)
        values = dict(zip(names, session(probe).run(names, {self.input: self.x})))
        return values | {t.name: numpy_helper.to_array(t) for t in self.model.graph.initializer} | {self.input: self.x}

    def matches(self, want, after):
        """The values that hold what a layer computed, in the file's order, with their layout."""
        found = []
        for name, i in sorted(self.maker.items(), key=lambda item: item[1]):
            got = self.values[name]
            if i <= after or name not in self.data or got.size != want.size or got.dtype != np.float32:
                continue
            for layout, turned in (("NCHW", got), ("NHWC", nchw(got, "NHWC")), ("flat", got.reshape(want.shape) if got.ndim != want.ndim else got)):
                if turned.shape == want.shape and np.abs(turned - want).max() <= 1e-6 + 1e-4 * np.abs(want).max():
                    found.append((name, layout))
                    break
        return found

    def find(self):
        """Where each layer's result is; a layer whose result is nowhere is merged with the one that reads it."""
        self.found = {None: [(self.input, self.layout if self.x.ndim == 4 else "NCHW")]}
        self.group = {}  # layer → the layers that it is merged with, in order
        pending = {}     # layer without a result → the layers merged into it so far
        for l in self.layers:
            name = l["name"]
            first = [pending[r] for r in l["in"] if r in pending]
            members = [*(first[0] if first else []), name]
            heads = self.by_name[members[0]]["in"]
            if not l["recorded"]:  # a sum of what is recorded
                self.recorded[name] = sum(self.recorded[r] for r in l["in"])
            after = max((self.maker.get(self.found[r][0][0], -1) for r in heads if r in self.found), default=-1)
            hits = self.matches(self.recorded[name], after)
            if hits:
                self.found[name] = hits
                for m in members:
                    self.group[m] = members
            else:
                pending[name] = members
        left = [n for n in pending if n not in self.group]
        if left:
            raise RuntimeError(f"the results of {left} are not in the file")

    def owner(self, name):
        """The layer that has the result of the layers merged with this one."""
        return self.group[name][-1]

    def heads(self, name):
        return self.by_name[self.group[name][0]]["in"]

    def result(self, name):
        return self.found[self.owner(name)][0]

    def nodes(self, name):
        """Indices of the nodes between what a layer reads and its result."""
        stop = {v for r in self.heads(name) for v, _ in self.found[r]} | {self.input}
        todo, seen = [self.result(name)[0]], set()
        while todo:
            v = todo.pop()
            i = self.maker.get(v)
            if i is None or i in seen or v in stop or v not in self.data:
                continue
            seen.add(i)
            todo += self.model.graph.node[i].input
        return sorted(seen)

    def node(self, name, *ops):
        """The first node of a layer with one of the operators; None if it has none."""
        return next((i for i in self.nodes(name) if self.model.graph.node[i].op_type in ops), None)

    def constants(self, name, *ops):
        """(node, input) of every constant that the nodes of a layer with the operators read."""
        node = self.model.graph.node
        return [(i, k) for i in self.nodes(name) if node[i].op_type in ops for k, v in enumerate(node[i].input)
                if v and v not in self.data and self.values[v].dtype == np.float32]

    def value(self, place):
        i, k = place
        return self.values[self.model.graph.node[i].input[k]]

    def layout_at(self, name, place):
        """The layout in which an activation's node takes a constant, by the map that it takes beside it."""
        node, x = self.model.graph.node[place[0]], self.recorded[self.heads(name)[0]]
        beside = next(self.values[v] for v in node.input if v in self.data)
        if beside.ndim == 4:
            for like in (x, -x, np.maximum(x, 0), np.maximum(-x, 0), -np.maximum(-x, 0), np.minimum(x, 0)):
                for layout in ("NCHW", "NHWC"):
                    turned = nchw(beside, layout)
                    if turned.shape == like.shape and np.abs(turned - like).max() <= 1e-4 * np.abs(x).max():
                        return layout
        return self.result(name)[1]

    def readers(self, name):
        return [l for l in self.layers if name in l["in"]]
