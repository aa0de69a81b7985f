"""Finds the layers of a network in its exported file by what they computed, and edits the file.

Reference is a file as exported, in which the nodes of each layer are known; Port is a copy to be edited.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

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

    def port(self):
        return Port(self)


class Port:
    """A copy of a file, to be edited by the places of its reference."""

    def __init__(self, ref):
        self.ref, self.model = ref, onnx.ModelProto.FromString(ref.model.SerializeToString())
        self.graph = self.model.graph
        self.node = list(self.graph.node)  # by the reference's indices, whatever is added
        self.fresh, self.added = 0, []  # added: the new nodes' names and values

    def name(self, base):
        """A name that nothing has yet."""
        self.fresh += 1
        name = f"{base}_{self.fresh}"
        return name if name not in self.ref.values else self.name(base)

    def constant(self, value, base="constant"):
        """A new initializer; its name."""
        name = self.name(base)
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def set(self, place, value):
        """Gives one input of one node another constant, under the old name if nothing else reads it."""
        i, k = place
        old = self.node[i].input[k]
        alone = sum(list(n.input).count(old) for n in self.node) == 1
        value = np.ascontiguousarray(value, self.ref.values[old].dtype)
        for t in self.graph.initializer:
            if alone and t.name == old:
                t.CopyFrom(numpy_helper.from_array(value, old))
                return
        self.node[i].input[k] = self.constant(value, old.removesuffix(":0"))

    def attribute(self, i, name, default=None):
        return next((helper.get_attribute_value(a) for a in self.node[i].attribute if a.name == name), default)

    def set_attribute(self, i, name, value):
        kept = [a for a in self.node[i].attribute if a.name != name]
        del self.node[i].attribute[:]
        self.node[i].attribute.extend([*kept, helper.make_attribute(name, value)])

    def add(self, op, inputs, output=None, like=None, **attributes):
        """A new node, named after the node `like` of the reference; its output."""
        output = output or self.name("value")
        name = self.name(like.name.rsplit("/", 1)[0] + "/" + op if like is not None and "/" in like.name else like.name if like is not None else op)
        node = helper.make_node(op, inputs, [output], name=name, **attributes)
        if like is not None:
            node.metadata_props.extend(like.metadata_props)
        self.graph.node.append(node)
        self.added += [name, output]
        return output

    def cut(self, value):
        """Frees a value's name for new nodes: what made it makes another. Returns that one and the node that made it."""
        old, maker = self.name(value), next(n for n in self.node if value in n.output)
        maker.output[list(maker.output).index(value)] = old
        return old, maker

    def behind(self, value, build):
        """New nodes behind a value: build(add, old, output). All that read the value read the new one."""
        old, maker = self.cut(value)
        build(lambda op, inputs, output=None, **a: self.add(op, inputs, output, maker, **a), old, value)

    def before_all(self, build):
        """New nodes behind the network's input: build(add, input) returns what all others shall read."""
        readers = [n for n in self.graph.node if self.ref.input in n.input]
        new = build(lambda op, inputs, output=None, **a: self.add(op, inputs, output, None, **a), self.ref.input)
        for n in readers:
            n.input[:] = [new if v == self.ref.input else v for v in n.input]

    def instead(self, layer, build):
        """Other nodes in place of a layer of one input: build(add, read, output)."""
        (value, layout), head = self.ref.result(layer), self.ref.heads(layer)[0]
        read, other = next(((v, o) for v, o in self.ref.found[head] if o == layout), self.ref.found[head][0])
        _, maker = self.cut(value)
        add = lambda op, inputs, output=None, **a: self.add(op, inputs, output, maker, **a)
        if layout != other and "flat" not in (layout, other):
            read = add("Transpose", [read], perm=[0, 2, 3, 1] if layout == "NHWC" else [0, 3, 1, 2])
        build(add, read, value)

    def finish(self):
        """Sorts the nodes, removes what nothing reads; returns the outputs for the reference's inputs."""
        graph = self.graph
        maker = {v: n for n in graph.node for v in n.output if v}
        done, order = set(), []
        stack = [(o.name, False) for o in graph.output]
        while stack:
            value, ready = stack.pop()
            node = maker.get(value)
            if node is None or id(node) in done:
                continue
            if ready:
                done.add(id(node))
                order.append(node)
            else:
                stack.append((value, True))
                stack += [(v, False) for v in reversed(node.input) if v in maker]
        order = [onnx.NodeProto.FromString(n.SerializeToString()) for n in order]
        used = {v for n in order for v in n.input} | {o.name for o in graph.output}
        kept = [t for t in graph.initializer if t.name in used]
        for field, values in ((graph.node, order), (graph.initializer, kept), (graph.value_info, [])):
            values = [type(v).FromString(v.SerializeToString()) for v in values]
            del field[:]
            field.extend(values)
        onnx.checker.check_model(self.model)
        return session(self.model).run([self.ref.output], {self.ref.input: self.ref.x})[0]
