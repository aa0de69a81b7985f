

def rename(graph, old, new):
    """Renames a value of a graph."""
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
    for v in graph.input:
        if v.name == old:
            v.name = new


def export_tensorflow(pure, x, values, marks):
    import tf2onnx
    every = [x, *values, *marks]
    shapes = [(None, *x.shape[1:]), *(v.shape for v in (*values, *marks))]
    specs = [tf.TensorSpec(shape, v.dtype, name=f"v{i}") for i, (v, shape) in enumerate(zip(every, shapes))]
    eager = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(False)
    try:
        f = tf.function(lambda *v: pure(v[0], v[1:1 + len(values)], v[1 + len(values):]), input_signature=specs, autograph=False)
        proto, _ = tf2onnx.convert.from_function(f, specs, opset=15)
    finally:
        tf.config.run_functions_eagerly(eager)
    one = numpy_helper.from_array(np.float32(1), "one")
    nodes = list(proto.graph.node)
    del proto.graph.node[:]
    for n in nodes:  # ONNX has no Erfc, which tf2onnx leaves
        if n.op_type == "Erfc":
            proto.graph.node.extend([helper.make_node("Erf", n.input, [n.output[0] + "/erf"]), helper.make_node("Sub", ["one", n.output[0] + "/erf"], n.output)])
        else:
            proto.graph.node.append(n)
    if any(n.op_type == "Erfc" for n in nodes):
        proto.graph.initializer.append(one)
    return proto, [f"v{i}" for i in range(len(every))]


def export_jax(pure, x, values, marks):
    import jax2onnx
    every = [x, *values, *marks]
    specs = [("B", *x.shape[1:]), *(jax.ShapeDtypeStruct(v.shape, v.dtype) for v in (*values, *marks))]
    names = [f"v{i}" for i in range(len(every))]
    with jax.disable_jit(False):
        proto = jax2onnx.to_onnx(lambda *v: pure(v[0], v[1:1 + len(values)], v[1 + len(values):]), specs, opset=21, input_names=names, output_names=["output"])
    return proto, names


def export_torch(pure, x, values, marks):
    class Pure(torch.nn.Module):
        def forward(self, x, values, marks):
            return pure(x, values, marks)

    names = [f"v{i}" for i in range(1 + len(values) + len(marks))]
    with torch.no_grad():
        program = torch.onnx.export(Pure().eval(), (torch.from_numpy(x), [torch.from_numpy(v) for v in values], [torch.tensor(m) for m in marks]),
                                    dynamo=True, optimize=False, verbose=False, input_names=names, output_names=["output"])
    return program.model_proto, names


EXPORT = {"tensorflow": export_tensorflow, "jax": export_jax, "torch": export_torch}
