"""Plants contradictions in models and records what ONNX's checker says of them.

    python checker_oracle.py ../golden/checker/cases.jsonl     # the committed ones
    python checker_oracle.py OUT --seed 7 --each 60            # others, more of them

Made with onnx==1.23.2 and onnxruntime==1.32.0 (requirements-check.txt). The models are
ONNX's own cases, one an operator, and those of contradictions.txt beside this script. Each
line of the result is one model: the kind of change, what was changed, what the checker says
(full_check, which infers shapes strictly; nothing if it accepts), whether ONNX Runtime loads
it, and the model in base64. `unchanged` are the models themselves.
"""

import argparse
import base64
import collections
import json
import pathlib
import random
import warnings

import onnx
import onnxruntime
from onnx import AttributeProto, TensorProto, helper
from onnx.backend.test.loader import load_node_model_tests

HERE = pathlib.Path(__file__).parent
SMALL = 700  # bytes of a model whose changes are kept
NEWEST = onnx.defs.onnx_opset_version()
TYPES = [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32, TensorProto.INT16, TensorProto.BOOL,
         TensorProto.FLOAT16, TensorProto.STRING, TensorProto.UINT8]
SINCE = collections.defaultdict(list)  # the versions of ONNX's own operators
for schema in onnx.defs.get_all_schemas_with_history():
    if schema.domain == "":
        SINCE[schema.name].append(schema.since_version)


class Skip(Exception):
    """The change does not go with the model."""


def pick(rng, items):
    items = list(items)
    if not items:
        raise Skip
    return rng.choice(items)


def graphs(graph):
    """A graph and those inside its nodes."""
    yield graph
    for node in graph.node:
        for a in node.attribute:
            if a.type == AttributeProto.GRAPH:
                yield from graphs(a.g)


def nodes(model):
    for graph in graphs(model.graph):
        yield from graph.node
    for function in model.functions:
        yield from function.node


def tensors(values):
    return [v for v in values if v.type.HasField("tensor_type")]


def opset(model, rng):
    imported = pick(rng, [o for o in model.opset_import if o.domain == ""])
    imported.version = rng.randint(1, NEWEST)
    return f"opset {imported.version}"


def opset_before(model, rng):
    """One before a version of an operator that is there."""
    imported = pick(rng, [o for o in model.opset_import if o.domain == ""])
    since = {v for n in nodes(model) if n.domain == "" for v in SINCE[n.op_type] if 1 < v <= imported.version}
    imported.version = pick(rng, sorted(since)) - 1
    return f"opset {imported.version}"


def no_opset(model, rng):
    del model.opset_import[rng.randrange(len(model.opset_import))]
    return "an opset_import"


def operator(model, rng):
    node = pick(rng, nodes(model))
    node.op_type = rng.choice(["Erfc", "Convolution", "Relu6", "Mish", "Gelu", "Swish", "HardSwish", "Upsample", "Scatter", "Round"])
    return node.op_type


def more_inputs(model, rng):
    node = pick(rng, (n for n in nodes(model) if n.input))
    node.input.append(node.input[0])
    return node.op_type


def fewer_inputs(model, rng):
    node = pick(rng, (n for n in nodes(model) if n.input))
    del node.input[-1]
    return node.op_type


def empty_input(model, rng):
    node = pick(rng, (n for n in nodes(model) if n.input))
    node.input[rng.randrange(len(node.input))] = ""
    return node.op_type


def swap_inputs(model, rng):
    node = pick(rng, (n for n in nodes(model) if len(n.input) > 1))
    names = list(node.input)
    rng.shuffle(names)
    node.input[:] = names
    return node.op_type


def more_outputs(model, rng):
    node = pick(rng, nodes(model))
    node.output.extend(f"more{i}" for i in range(rng.randint(1, 3)))
    return node.op_type


def no_outputs(model, rng):
    node = pick(rng, nodes(model))
    del node.output[:]
    return node.op_type


def unknown_attribute(model, rng):
    node = pick(rng, nodes(model))
    name = rng.choice(["axes", "axis", "alpha", "broadcast", "consumed_inputs", "ceil_mode", "dilations", "spatial", "to", "lanes"])
    if any(a.name == name for a in node.attribute):
        raise Skip
    node.attribute.append(helper.make_attribute(name, rng.choice([1, 0.5, [1, 2], "x"])))
    return f"{node.op_type} {name}"


def attribute_kind(model, rng):
    node = pick(rng, (n for n in nodes(model) if n.attribute))
    i = rng.randrange(len(node.attribute))
    a = helper.make_attribute(node.attribute[i].name, rng.choice([1, 0.5, [1, 2], "x", [0.5]]))
    node.attribute[i].CopyFrom(a)
    return f"{node.op_type} {a.name}"


def no_attribute(model, rng):
    node = pick(rng, (n for n in nodes(model) if n.attribute))
    i = rng.randrange(len(node.attribute))
    name = node.attribute[i].name
    del node.attribute[i]
    return f"{node.op_type} {name}"


def attribute_value(model, rng):
    found = [(n, a) for n in nodes(model) for a in n.attribute
             if a.type in (AttributeProto.INT, AttributeProto.INTS, AttributeProto.STRING)]
    node, a = pick(rng, found)
    if a.type == AttributeProto.INT:
        a.i = rng.choice([-9, -1, 0, 1, 2, 3, 7, 99])
    elif a.type == AttributeProto.STRING:
        a.s = b"NONE"
    elif rng.random() < 0.5 and a.ints:
        a.ints[rng.randrange(len(a.ints))] = rng.choice([-9, -1, 0, 1, 2, 3, 7])
    else:
        a.ints.append(rng.choice([0, 1, 2]))
    return f"{node.op_type} {a.name}"


def changed_type(values, rng):
    value = pick(rng, tensors(values))
    value.type.tensor_type.elem_type = rng.choice([t for t in TYPES if t != value.type.tensor_type.elem_type])
    return value.name


def changed_shape(values, rng):
    value = pick(rng, tensors(values))
    dims = value.type.tensor_type.shape.dim
    how = rng.choice(["size", "size", "size", "more", "fewer", "symbol"])
    if how == "more":
        dims.add().dim_value = rng.choice([1, 2])
    elif not dims:
        raise Skip
    elif how == "fewer":
        del dims[rng.randrange(len(dims))]
    elif how == "symbol":
        dims[rng.randrange(len(dims))].dim_param = "M"
    else:
        d = dims[rng.randrange(len(dims))]
        d.dim_value = d.dim_value + rng.choice([1, 2, 5]) if d.dim_value else 9
    return f"{value.name} {how}"


def output_type(model, rng):
    return changed_type(model.graph.output, rng)


def output_shape(model, rng):
    return changed_shape(model.graph.output, rng)


def input_type(model, rng):
    return changed_type(model.graph.input, rng)


def input_shape(model, rng):
    return changed_shape(model.graph.input, rng)


def value_info(model, rng):
    """Says of an inner value what is inferred, with a change."""
    inferred = onnx.shape_inference.infer_shapes(model).graph.value_info
    given = {v.name for v in model.graph.value_info}
    model.graph.value_info.extend(v for v in inferred if v.name not in given)
    return rng.choice([changed_type, changed_shape])(model.graph.value_info, rng)


def inner_value(model, rng):
    """The same of a graph inside a node."""
    inner = pick(rng, list(graphs(model.graph))[1:])
    return rng.choice([changed_type, changed_shape])([*inner.output, *inner.input, *inner.value_info], rng)


def initializer_input(model, rng):
    """Declares an initializer as an input, with a change."""
    t = pick(rng, model.graph.initializer)
    if all(v.name != t.name for v in model.graph.input):
        model.graph.input.append(helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)))
    return rng.choice([changed_type, changed_shape])([v for v in model.graph.input if v.name == t.name], rng)


def initializer_type(model, rng):
    """A tensor of zeros of another type."""
    t = pick(rng, model.graph.initializer)
    kind = rng.choice([k for k in TYPES if k not in (t.data_type, TensorProto.STRING)])
    size = 1
    for d in t.dims:
        size *= d
    t.CopyFrom(helper.make_tensor(t.name, kind, list(t.dims), [0] * size))
    return t.name


def initializer_shape(model, rng):
    """The same numbers with an axis more, or in another order of the axes."""
    t = pick(rng, model.graph.initializer)
    dims = list(t.dims)
    if rng.random() < 0.4 or len(set(dims)) < 2:
        dims.insert(rng.randrange(len(dims) + 1), 1)
    else:
        dims.reverse()
    t.dims[:] = dims
    return f"{t.name} {dims}"


def bfloat16(model, rng):
    """Everything in BFLOAT16 that was in FLOAT, also where the opset does not have that."""
    for t in model.graph.initializer:
        if t.data_type == TensorProto.FLOAT:
            t.CopyFrom(helper.make_tensor(t.name, TensorProto.BFLOAT16, list(t.dims), onnx.numpy_helper.to_array(t).ravel()))
    for v in tensors([*model.graph.input, *model.graph.output, *model.graph.value_info]):
        if v.type.tensor_type.elem_type == TensorProto.FLOAT:
            v.type.tensor_type.elem_type = TensorProto.BFLOAT16
    return "all"


def order(model, rng):
    if len(model.graph.node) < 2:
        raise Skip
    model.graph.node.reverse()
    return "nodes reversed"


def no_graph_name(model, rng):
    pick(rng, list(graphs(model.graph))).name = ""
    return "the name of a graph"


def no_output_type(model, rng):
    value = pick(rng, tensors([*model.graph.output]))
    part, field = rng.choice([(value, "type"), (value.type.tensor_type, "shape"), (value.type.tensor_type, "elem_type")])
    part.ClearField(field)
    return value.name


def old_ir(model, rng):
    model.ir_version = 3
    return "ir_version 3"


def twice(model, rng):
    node = pick(rng, [n for n in model.graph.node if n.output])
    model.graph.node.append(node)
    return node.op_type


def other_domain(model, rng):
    node = pick(rng, nodes(model))
    node.domain = rng.choice(["ai.onnx.ml", "com.example", "ai.onnx"])
    if rng.random() < 0.7 and node.domain not in [o.domain for o in model.opset_import]:
        model.opset_import.append(helper.make_opsetid(node.domain, 1))
    return f"{node.op_type} {node.domain}"


def unread_function(model, rng):
    """A function that no node calls, with an operator that ONNX does not have."""
    node = helper.make_node(rng.choice(["Erfc", "Relu"]), ["a"], ["b"], **rng.choice([{}, {"alpha": 1.0}]))
    version = next((o.version for o in model.opset_import if o.domain == ""), 1)
    model.functions.append(helper.make_function("own", "F", ["a"], ["b"], [node], [helper.make_opsetid("", version)]))
    model.opset_import.append(helper.make_opsetid("own", 1))
    model.ir_version = max(model.ir_version, 8)
    return node.op_type


CHANGES = [
    opset, opset_before, no_opset, operator, more_inputs, fewer_inputs, empty_input, swap_inputs, more_outputs, no_outputs,
    unknown_attribute, attribute_kind, no_attribute, attribute_value, output_type, output_shape, input_type, input_shape,
    value_info, inner_value, initializer_input, initializer_type, initializer_shape, bfloat16, order, no_graph_name, no_output_type,
    old_ir, twice, other_domain, unread_function,
]


def said(error):
    return " ".join(str(error).split())[:160] or type(error).__name__


def checker(data):
    """The checker's error of a model, "" if it accepts."""
    try:
        onnx.checker.check_model(data, full_check=True)
        return ""
    except Exception as e:  # of several kinds, some of C++
        return said(e)


def loads(data):
    """Reports whether ONNX Runtime takes a model."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        return True
    except Exception:  # of several kinds
        return False


def written():
    """The models of contradictions.txt: a name and the model in ONNX's text form."""
    for part in (HERE / "contradictions.txt").read_text().split("\n# ")[1:]:
        name, text = part.split("\n", 1)
        yield name, onnx.parser.parse_model(text)


def of_operators(rng):
    """One of ONNX's cases for each operator. A few are refused by its own checker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases divide by zero on purpose
        cases = load_node_model_tests()
    by_operator = {}
    for case in cases:
        if len(case.model.SerializeToString()) <= SMALL and len(case.model.graph.node) == 1:
            by_operator.setdefault(case.model.graph.node[0].op_type, []).append(case)
    for name in sorted(by_operator):
        case = rng.choice(by_operator[name])
        if not checker(case.model.SerializeToString()):
            yield case.name, case.model


def case(kind, what, model):
    data = model.SerializeToString()
    return {
        "kind": kind, "what": what, "checker": checker(data), "runtime": loads(data),
        "model": base64.b64encode(data).decode(),
    }


def changed(kind, bases, each, rng):
    """So many changes of a kind, half of them of models of contradictions.txt."""
    found, seen = [], set()
    for _ in range(20 * each):
        if len(found) == each:
            break
        name, base = rng.choice(rng.choice(bases))
        model = onnx.ModelProto()
        model.CopyFrom(base)
        try:
            what = kind(model, rng)
            data = model.SerializeToString()
        except Skip:
            continue
        if data in seen or data == base.SerializeToString() or len(data) > SMALL:
            continue
        seen.add(data)
        found.append(case(kind.__name__, f"{name}: {what}", model))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=11, help="how many changes of each kind")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    texts, operators = list(written()), list(of_operators(rng))
    cases = [case("unchanged", name, model) for name, model in texts]
    if args.each > 20:
        cases += [case("unchanged", name, model) for name, model in operators]
    for kind in CHANGES:
        cases += changed(kind, [texts, operators], args.each, rng)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("w") as f:
        for c in cases:
            f.write(json.dumps(c, separators=(",", ":")) + "\n")
    refused = sum(bool(c["checker"]) for c in cases)
    print(f"{len(cases)} models, the checker refuses {refused}, ONNX Runtime {sum(not c['runtime'] for c in cases)}")


if __name__ == "__main__":
    main()
