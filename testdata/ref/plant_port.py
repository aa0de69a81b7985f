"""Edits a copy of an exported file by the places that its reference knows."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from plant_graph import session


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
