"""Runs the columns of the matrix over their rows and looks at what was written."""

import argparse
import json
import pathlib
import re
import shutil
import time

import numpy as np
import onnx
import onnxruntime


def look(folder, x, y):
    """What a file holds, for case.json: opset, IR, operators in order; and ONNX Runtime's distance."""
    model = onnx.load(folder / "model.onnx")
    about = {"opset": {o.domain: o.version for o in model.opset_import}, "ir": model.ir_version,
             "input": model.graph.input[0].name, "output": model.graph.output[0].name,
             "ops": [n.op_type for n in model.graph.node]}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    try:
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        got, = session.run(None, {about["input"]: x})
    except Exception as e:
        return {**about, "onnxruntime": str(e).splitlines()[0]}
    distance = float(np.abs(got - y).max()) if got.shape == y.shape else f"shape {got.shape}"
    if distance > 1e-5 + 1e-5 * float(np.abs(y).max()):
        raise RuntimeError(f"ONNX Runtime is {distance} from the framework")
    return {**about, "onnxruntime": distance}


STACK = "pkg.torch.onnx.stack_trace"


def strip(path):
    """Removes the Python stack, with folders of the exporting machine, from every node."""
    model = onnx.load(path, load_external_data=False)
    for node in model.graph.node:
        kept = [p for p in node.metadata_props if p.key != STACK]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    path.write_bytes(model.SerializeToString(deterministic=True))


def run(doc, columns, rows, write):
    """The command line: a folder to write to, and which columns and cases."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--columns", nargs="*", default=list(columns))
    parser.add_argument("--only", default="", help="a regular expression of cases")
    args = parser.parse_args()
    for column in args.columns:
        skipped, count, began = {}, 0, time.time()
        for case in rows(column):
            if not re.search(args.only, case.name):
                continue
            to = args.folder / column / case.name
            shutil.rmtree(to, ignore_errors=True)
            try:
                write(to, case, column)
                count += 1
            except Exception as e:
                shutil.rmtree(to, ignore_errors=True)
                skipped[case.name] = f"{type(e).__name__}: {str(e)[:600]}"
                print(column, case.name, skipped[case.name][:300])
        if not args.only:
            (args.folder / column).mkdir(parents=True, exist_ok=True)
            (args.folder / column / "skipped.json").write_text(json.dumps(skipped, indent=1) + "\n")
        print(f"{column}: {count} models, {len(skipped)} skipped, {time.time() - began:.0f} s", flush=True)
