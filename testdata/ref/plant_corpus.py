"""Writes models with their recordings, and the cases planted in them.

    python plant_corpus.py FOLDER [--only REGEX] [--seed N]    plants again in the models of a folder

A folder holds models/<model>/ and cases/<model>-<case>/. NumPy, onnx and onnxruntime.
"""

import argparse
import json
import pathlib
import re
import shutil

import numpy as np
import onnx
import onnxruntime

import common
import plant_bugs
import plant_bugs_graph  # these enter causes and ports
import plant_bugs_slopes
import plant_bugs_weights
import plant_graph
import plant_ports
import plant_ports_weights
from plant_port import Port

STATE = onnxruntime.capi.onnxruntime_pybind11_state
UNFIT = STATE.RuntimeException, STATE.Fail, STATE.InvalidArgument  # what ONNX Runtime raises where shapes do not fit


def arguments(doc):
    """The command line of the scripts that plant; models and cases are the folders of both."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="", help="a regular expression of models")
    parser.add_argument("--seed", type=int, default=0, help="other layers, and other bugs in them")
    parser.add_argument("--examples", type=int, default=2, help="of a cause in a model")
    parser.add_argument("--cases", default="cases", help="the folder beside models/ for the cases")
    args = parser.parse_args()
    args.only, args.models, args.cases = re.compile(args.only), args.folder / "models", args.folder / args.cases
    return args


def fresh(args, model):
    """An empty folder for a model."""
    to = args.models / model
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    return to


def write(args, to, framework, exporter, layers, x, recorded, y, loss, params=None):
    """What the framework recorded beside reference.onnx and snapshot.onnx, and the cases planted in it.

    params: of batch normalisations that the exporter does not write as such, by layer and Keras's names.
    """
    graph = onnx.load(to / "reference.onnx").graph
    names = graph.input[0].name, graph.output[0].name
    common.save_npz(to / "in.npz", {names[0]: x})
    common.save_npz(to / "expected_final.npz", {names[1]: y})
    common.save_npz(to / "expected_all.npz", {names[1]: y} | recorded)
    common.save_npz(to / "params.npz", params or {})
    about = {"framework": framework, "exporter": exporter, "loss": loss, "input": names[0], "output": names[1], "layers": layers}
    (to / "model.json").write_text(json.dumps(about, indent=1) + "\n")
    print(f"{to.name}: loss {loss:.2f}", flush=True)
    plant(args, to)


TRIES = 3         # of a layer, since what a function does is chosen at random
CLEARLY = 8       # shares of the tolerance that a planted bug changes the result by
SILENTLY = 0.7    # that an honest port may
NOISY = 2, 5      # of the tolerance: merely noisy


def load(folder):
    """A model's reference, with its snapshot."""
    about = json.loads((folder / "model.json").read_text())
    layout = "NHWC" if about["framework"] == "keras" else "NCHW"
    with np.load(folder / "in.npz") as f:
        x = f[about["input"]]
    with np.load(folder / "expected_all.npz") as f:
        recorded = dict(f)
    with np.load(folder / "params.npz") as f:
        params = dict(f)
    ref = plant_graph.Reference(onnx.load(folder / "reference.onnx"), about["layers"], x, recorded, layout)
    ref.params, ref.framework, ref.want = params, about["framework"], recorded[about["output"]]
    ref.snapshot = Snapshot(onnx.load(folder / "snapshot.onnx"), ref)
    return ref


class Snapshot:
    """The file of another state."""

    def __init__(self, model, ref):
        self.model = model
        other = plant_graph.Reference.__new__(plant_graph.Reference)
        other.model, other.x, other.input = model, ref.x, ref.input
        self.values = other.run_all()

    def value(self, place):
        i, k = place
        return self.values[self.model.graph.node[i].input[k]]


def spellings(ref, names):
    """All that the layers may be called: their own names, and their nodes and values in the file."""
    found = set()
    for name in names:
        found.add(name)
        if name in ref.by_name:
            found.update(ref.group[name])
            for i in ref.nodes(name):
                found.update([ref.model.graph.node[i].name, *ref.model.graph.node[i].output])
    return sorted(found - {""})


def places(ref, number, rng, most):
    """Functions of one cause with layers that they are for, in random order, the functions in turn; None stands for the whole file."""
    queues = []
    for f, kinds in plant_bugs.CAUSES[number][1]:
        names = [l["name"] for l in ref.layers if l["kind"] in kinds] if kinds else [None] * most
        queues.append([(f, names[i]) for i in rng.permutation(len(names))])
    while any(queues):
        for q in queues:
            if q:
                yield q.pop()


def examples(ref, number, rng, most):
    """Ports with a bug of one cause, and what case.json says of them."""
    chosen, known = [], set()
    for f, name in places(ref, number, rng, most):
        for _ in range(TRIES):
            port = Port(ref)
            about = f(port, name, rng)
            if about is None:
                continue
            try:
                y = port.finish()
            except UNFIT:
                continue  # the shapes do not fit
            error = plant_graph.error(y, ref.want)
            if not CLEARLY <= error < float("inf") or (name, about["note"]) in known:
                continue
            known.add((name, about["note"]))
            names = [*([name] if name else []), *about.get("layers", [])]
            chosen.append((port, {
                "cause": number, "title": plant_bugs.CAUSES[number][0], "layer": names[0], "note": about["note"], "error": round(error, 1),
                "like": about.get("like", []), "accepted": sorted({*spellings(ref, names), *port.added}), "final": spellings(ref, about.get("final", []))}))
            break
        if len(chosen) == most:
            break
    return chosen


def honest(ref, seed):
    """Honest ports, and what case.json says of them."""
    for title, f in plant_ports.PORTS.items():
        port = Port(ref)
        note = f(port, np.random.default_rng([*seed, sum(title.encode())]))
        if not note:
            continue
        error = plant_graph.error(port.finish(), ref.want)
        if not error <= SILENTLY:
            raise RuntimeError(f"{title} ({note}) is {error:.1f} of the tolerance away")
        yield port, {"cause": 0, "title": title, "note": note, "error": round(error, 3), "equal": True}
    relative = 1e-6
    for _ in range(40):
        port = Port(ref)
        plant_ports.noise(port, relative, seed)
        error = plant_graph.error(port.finish(), ref.want)
        if NOISY[0] <= error <= NOISY[1]:
            yield port, {"cause": 0, "title": "noise above the tolerance", "note": f"{relative:.1e} of every weight", "error": round(error, 3), "equal": False}
            return
        relative *= 1.3 if error < NOISY[0] else 0.8


def plant(args, folder):
    """Writes the cases of one model."""
    ref = load(folder)
    for old in args.cases.glob(f"{folder.name}-[0-9][0-9]-[0-9]*"):
        shutil.rmtree(old)
    counts, seed = {}, [sum(folder.name.encode()), args.seed]  # each cause with its own, so that one more leaves the others as they are
    found = [(0, list(honest(ref, seed)))]
    found += [(number, examples(ref, number, np.random.default_rng([*seed, number]), args.examples)) for number in sorted(plant_bugs.CAUSES)]
    for number, ports in found:
        counts[number] = len(ports)
        for i, (port, about) in enumerate(ports):
            to = args.cases / f"{folder.name}-{number:02}-{i}"
            to.mkdir(parents=True)
            (to / "port.onnx").write_bytes(port.model.SerializeToString(deterministic=True))
            (to / "case.json").write_text(json.dumps({"model": folder.name, "framework": ref.framework, **about}, indent=1) + "\n")
    none = [n for n, c in counts.items() if c == 0]
    print(f"{folder.name}: {sum(counts.values()) - counts[0]} bugs, {counts[0]} honest ports; no place for causes {none}", flush=True)


def main():
    args = arguments(__doc__)
    for model in sorted(args.models.iterdir()):
        if args.only.search(model.name):
            plant(args, model)


if __name__ == "__main__":
    main()
