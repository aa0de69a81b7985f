"""Writes the columns of the matrix, a folder for each model, and looks at what was written."""

import argparse
import contextlib
import io
import json
import pathlib
import re
import shutil
import time

import numpy as np
import onnx
import onnxruntime

import common

SAMPLES, STATIC = 3, 2  # recorded where the batch is dynamic, and where it is static
# What PyTorch's default exporter says of a node: the Python stack, with folders of the exporting machine, and more that is long.
STACK = ["pkg.torch.onnx.stack_trace"]
LONG = [*STACK, "namespace", "pkg.torch.onnx.class_hierarchy", "pkg.torch.onnx.fx_node"]


def strip(path, keys=STACK):
    """Removes what the exporter says of every node under the given keys."""
    model = onnx.load(path, load_external_data=False)
    for nodes in [model.graph.node, *[f.node for f in model.functions]]:
        for node in nodes:
            kept = [p for p in node.metadata_props if p.key not in keys]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
    path.write_bytes(model.SerializeToString(deterministic=True))


def batch(folder):
    """The batch of a file; 0 if it is dynamic."""
    return onnx.load(folder / "model.onnx", load_external_data=False).graph.input[0].type.tensor_type.shape.dim[0].dim_value


def look(folder, x, y):
    """What a file holds: opset, IR, operators in order; and ONNX Runtime's distance from the framework."""
    model = onnx.load(folder / "model.onnx")
    opsets = {o.domain: o.version for o in model.opset_import}
    about = {"opset": opsets[""], "ir": model.ir_version, "producer": f"{model.producer_name} {model.producer_version}".strip(),
             "input": model.graph.input[0].name, "output": model.graph.output[0].name,
             "ops": [f"{n.domain}.{n.op_type}" if n.domain else n.op_type for n in model.graph.node]}
    unknown = {n.op_type for n in model.graph.node if not onnx.defs.has(n.op_type, n.domain)} - {f.name for f in model.functions}
    if unknown:  # nobody can run it
        return {**about, "error": ", ".join(sorted(unknown))}
    onnx.checker.check_model(folder / "model.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    try:
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        got, = session.run(None, {about["input"]: x})
    except Exception as e:
        return {**about, "onnxruntime": str(e).splitlines()[0].replace(f"{folder}/", "")}
    if got.shape != y.shape:
        raise RuntimeError(f"ONNX Runtime gives the shape {got.shape}, the framework {y.shape}")
    distance = float(np.abs(got - y).max())
    if not distance <= 1e-5 + 1e-5 * float(np.abs(y).max()):
        raise RuntimeError(f"ONNX Runtime is {distance} from the framework")
    return {**about, "onnxruntime": float(f"{distance:.1e}")}


def save(folder, case, params, x, y, layers, **about):
    """Writes case.json and recorded.npz beside a model, and sees whether the BatchNorms are as expected.

    Of long networks, to be small, only the slopes are recorded, and of what the exporter says of nodes only what is short is kept.
    """
    slopes = [f"{l['name']}.{case.learned(l)[0]}" for l in case.layers if l["kind"] == "act" and case.learned(l)]
    if case.long:
        params = {name: params[name] for name in slopes}
        strip(folder / "model.onnx", LONG)
    common.save_npz(folder / "recorded.npz", {"input": x, "output": y, **{f"param/{name}": value for name, value in params.items()}})
    told = {
        **about, "network": case.net["name"], "activation": case.act, "spelled": case.how, "start": case.net["start"],
        **look(folder, x, y), "tolerance": {"atol": 1e-5, "rtol": 1e-5}, "slopes": slopes, "layers": layers,
    }
    norms = told["ops"].count("BatchNormalization")
    if layers and norms != sum(l["kind"] == "BatchNorm" and "or" not in l for l in layers):
        raise RuntimeError(f"{norms} BatchNormalization in the file, {layers}")
    (folder / "case.json").write_text(tell(told) + "\n")


def reason(e):
    """The first line of an exception, and of what caused it."""
    said = [f"{type(e).__name__}: {(str(e).splitlines() or [''])[0][:300]}"]
    if e.__cause__:
        said.append(reason(e.__cause__))
    return " / ".join(said)


def tell(told):
    """JSON with one line for each field, and for each layer."""
    lines = []
    for key, value in told.items():
        if key == "layers" and value:
            value = "[\n  " + ",\n  ".join(json.dumps(v) for v in value) + "\n ]"
        else:
            value = json.dumps(value)
        lines.append(f' "{key}": {value}')
    return "{\n" + ",\n".join(lines) + "\n}"


def run(doc, columns, rows, write, committed):
    """The command line. rows(column): its cases; write(folder, case, column): one model."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=common.GOLDEN / "exported")
    parser.add_argument("--committed", action="store_true", help="only the models that are kept in the repository")
    parser.add_argument("--columns", nargs="*", default=list(columns))
    parser.add_argument("--only", default="", help="a regular expression of cases")
    args = parser.parse_args()
    total = 0
    for column in args.columns:
        skipped, count, began = {}, 0, time.time()
        for case in rows(column):
            if not re.search(args.only, case.name) or args.committed and case.name not in committed.get(column, []):
                continue
            to = args.folder / column / case.name
            shutil.rmtree(to, ignore_errors=True)
            to.mkdir(parents=True)
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):  # exporters talk much
                    write(to, case, column)
                count += 1
            except Exception as e:
                shutil.rmtree(to, ignore_errors=True)
                skipped[case.name] = reason(e)
                print(column, case.name, skipped[case.name], flush=True)
        if not args.only and not args.committed:
            (args.folder / column / "skipped.json").write_text(json.dumps(skipped, indent=1) + "\n")
        total += count
        print(f"{column}: {count} models, {len(skipped)} skipped, {time.time() - began:.0f} s", flush=True)
    print(total, "models")
