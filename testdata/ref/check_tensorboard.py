"""Holds event files of gonn train --tensorboard against what gonn says elsewhere, by
TensorBoard's own readers.

    python check_tensorboard.py FOLDER     (TensorBoard 2.21.0, see requirements-tensorboard.txt)

FOLDER has runs/NAME, NAME.json of gonn train --json, and NAME.inspect.json of gonn inspect --json.
Every run must have each step of each series once, in the files as they are: every scalar with the
value of the epoch, histograms of every parameter and its gradient, the last ones with the buckets
that NumPy gives for state.safetensors, pictures that decode, the settings as text and for the
HPARAMS tab, and a node for each layer. At last TensorBoard itself is started and asked for
the scalars, pictures, graphs and settings.
"""

import collections
import glob
import io
import json
import math
import os
import re
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing import data_provider, event_accumulator, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups
from tensorboard.util import tensor_util

NOT_HPARAMS = re.compile(r"gonn|workers|class_names|metrics|tensorboard|histograms|.*_sha256")
GROUPS = {"loss": "loss/train", "accuracy": "accuracy/train", "val_loss": "loss/val", "val_accuracy": "accuracy/val"}

checked = collections.Counter()


def same(what, got, want):
    checked[what.split()[0]] += 1
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def state(run):
    """The parameters after the last epoch."""
    with open(os.path.join(run, "state.safetensors"), "rb") as f:
        b = f.read()
    size = struct.unpack("<Q", b[:8])[0]
    tensors = {}
    for name, t in json.loads(b[8:8 + size]).items():
        if name.startswith("param/"):
            lo, hi = t["data_offsets"]
            tensors[name[6:]] = np.frombuffer(b[8 + size + lo:8 + size + hi], "<f4").astype(np.float64)
    return tensors


def check_once(run):
    """No series has a step twice, in whatever files."""
    times = collections.Counter()
    for path in sorted(glob.glob(os.path.join(run, "*tfevents*"))):
        for event in EventFileLoader(path).Load():
            times.update((v.tag, event.step) for v in event.summary.value)
            times["graph", event.step] += event.HasField("graph_def")
    for (tag, step), n in times.items():
        if tag != "graph" or n:
            same(f"once {run} {tag} at step {step}", n, 1)


def check_scalars(run, events, said):
    want = collections.defaultdict(list)
    for epoch in said["epochs"]:
        for name, value in epoch.items():
            if name != "epoch":
                want[GROUPS.get(name, name)].append((epoch["epoch"], np.float32(value)))
    last = said["epochs"][-1]["epoch"]
    for part in "train", "test":
        for name in "loss", "accuracy":
            want[f"result/{part}_{name}"] = [(last, np.float32(said[part][name]))]
    same(f"scalars of {run}", sorted(events.Tags()["scalars"]), sorted(want))
    for tag, points in want.items():
        same(f"scalar {run} {tag}", [(e.step, np.float32(e.value)) for e in events.Scalars(tag)], points)


def check_histograms(run, events, said, params):
    epochs = [e["epoch"] for e in said["epochs"]]
    groups = {name: "slopes/" if name.endswith((".alpha", ".beta")) else "weights/" for name in params}
    want = [groups[name] + name for name in params] + ["gradients/" + name for name in params]
    same(f"histograms of {run}", sorted(events.Tags()["histograms"]), sorted(want))
    for name, values in params.items():
        same(f"histograms {run} gradients of {name}", [e.step for e in events.Histograms("gradients/" + name)], epochs)
        histograms = events.Histograms(groups[name] + name)
        same(f"histograms {run} {name}", [e.step for e in histograms], [0] + epochs)
        for e in histograms:
            h = e.histogram_value
            same(f"histogram {run} {name} at {e.step}", (h.num, sum(h.bucket), h.bucket_limit[-1]), (len(values),) * 2 + (h.max,))
        same(f"histogram {run} {name} range", (h.min, h.max), (values.min(), values.max()))
        if not math.isclose(h.sum, values.sum(), abs_tol=1e-9) or not math.isclose(h.sum_squares, (values**2).sum()):
            sys.exit(f"{run} {name}: sums {h.sum}, {h.sum_squares}, want {values.sum()}, {(values**2).sum()}")
        if h.min < h.max:
            counts, edges = np.histogram(values, bins=30)
            same(f"histogram {run} {name} counts", np.cumsum(h.bucket).tolist(), [float((values < e).sum()) for e in h.bucket_limit[:-1]] + [len(values)])
            np.testing.assert_allclose(h.bucket_limit, edges[1:], rtol=0, atol=1e-9)
            if np.abs(np.cumsum(counts) - np.cumsum(h.bucket)).max() > 2:  # values at edges
                sys.exit(f"{run} {name}: buckets {h.bucket}, NumPy has {counts}")


def check_images(run, events, said, layers):
    epochs = [e["epoch"] for e in said["epochs"]]
    want = {"data/train": [0], "filters/conv1": [0] + epochs}
    for layer in layers:
        for p in layer.get("parameters") or []:
            if p["name"] == "alpha" and len(p["shape"]) == 3 and p["shape"][1] > 1:
                want[f"slope maps/{layer['name']}.alpha"] = [0] + epochs
    same(f"images of {run}", sorted(events.Tags()["images"]), sorted(want))
    for tag, steps in want.items():
        images = events.Images(tag)
        same(f"images {run} {tag}", [e.step for e in images], steps)
        for e in images:
            picture = Image.open(io.BytesIO(e.encoded_image_string))
            picture.load()
            same(f"image {run} {tag} at {e.step}", picture.size, (e.width, e.height))
            if len(picture.convert("RGB").getcolors(1 << 24)) < 3 and not (tag.startswith("slope") and e.step == 0):
                sys.exit(f"{run} {tag} at {e.step} shows nothing")


def check_text(run, events, said):
    text = tensor_util.make_ndarray(events.Tensors("settings")[0].tensor_proto).item().decode()
    for name, value in said["settings"].items():
        value = str(value).lower() if isinstance(value, bool) else value
        same(f"text {run} {name}", f"| {name} | {value} |" in text.splitlines(), True)


def check_graph(run, events, layers, shape):
    nodes = {n.name: n for n in events.Graph().node}
    same(f"graph {run}", list(nodes), ["input"] + [layer["name"] for layer in layers])
    same(f"graph {run} input", [d.size for d in nodes["input"].attr["shape"].shape.dim], shape)
    for layer in layers:
        n = nodes[layer["name"]]
        same(f"graph {run} {n.name}", (n.op, list(n.input)), (layer["kind"], layer["inputs"]))
        output = [d.size for d in n.attr["_output_shapes"].list.shape[0].dim]
        same(f"graph {run} {n.name} shape", output, [-1] + layer["shape"])
        for p in layer.get("parameters") or []:
            same(f"graph {run} {n.name} {p['name']}", [d.size for d in n.attr["param." + p["name"]].shape.dim], p["shape"])


def check_hparams(folder, said):
    multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    backend = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    request = api_pb2.ListSessionGroupsRequest(
        start_index=0, slice_size=100,
        allowed_statuses=[api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING])
    groups = list_session_groups.Handler(RequestContext(), backend, "", request).run().session_groups
    same("hparams runs", sorted(g.sessions[0].name for g in groups), sorted(said))
    for group in groups:
        run = group.sessions[0].name
        settings = {k: v for k, v in said[run]["settings"].items() if not NOT_HPARAMS.fullmatch(k)}
        got = {name: getattr(v, v.WhichOneof("kind")) for name, v in group.hparams.items()}
        same(f"hparams {run}", got, settings)
        same(f"hparams {run} status", group.sessions[0].status, api_pb2.STATUS_SUCCESS)
        metrics = {m.name.tag: np.float32(m.value) for m in group.metric_values}
        last = said[run]["epochs"][-1]
        want = {GROUPS.get(k, k): np.float32(v) for k, v in last.items() if k != "epoch"}
        want.update({f"result/{part}_{k}": np.float32(said[run][part][k]) for part in ("train", "test") for k in ("loss", "accuracy")})
        same(f"hparams {run} metrics", metrics, want)


def check_server(folder, said):
    """TensorBoard with its own, faster reader."""
    with subprocess.Popen([os.path.join(os.path.dirname(sys.executable), "tensorboard"), "--logdir", folder, "--port", "0", "--host", "127.0.0.1"],
                          stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        try:
            line = next(line for line in server.stderr if " at http://" in line)
            base = re.search(r"http://[^/ ]+/", line).group(0)

            def ask(path, query=None, **fields):
                with urllib.request.urlopen(base + "data/" + path + "?" + (query or urllib.parse.urlencode(fields))) as reply:
                    return reply.read()

            for _ in range(60):  # until it has read them
                scalars = json.loads(ask("plugin/scalars/tags"))
                if all("result/test_loss" in scalars.get(run, {}) for run in said):
                    break
                time.sleep(1)
            for run, s in said.items():
                points = json.loads(ask("plugin/scalars/scalars", run=run, tag="loss/train"))
                same(f"server {run} loss", [(p[1], np.float32(p[2])) for p in points], [(e["epoch"], np.float32(e["loss"])) for e in s["epochs"]])
                images = json.loads(ask("plugin/images/images", run=run, tag="filters/conv1", sample=0))
                histograms = json.loads(ask("plugin/histograms/histograms", run=run, tag="weights/conv1.weight"))
                epochs = [0] + [e["epoch"] for e in s["epochs"]]
                same(f"server {run} images", [i["step"] for i in images], epochs)
                same(f"server {run} histograms", [h[1] for h in histograms], epochs)
                Image.open(io.BytesIO(ask("plugin/images/individualImage", images[-1]["query"]))).load()
                same(f"server {run} graph", b'name: "conv1"' in ask("plugin/graphs/graph", run=run, conceptual="false"), True)
        finally:
            server.terminate()


def main():
    folder, said = sys.argv[1], {}
    for path in sorted(glob.glob(os.path.join(folder, "runs", "*", "run.json"))):
        run = os.path.dirname(path)
        name = os.path.basename(run)
        with open(os.path.join(folder, name + ".json")) as f:
            said[name] = json.load(f)
        with open(os.path.join(folder, name + ".inspect.json")) as f:
            inspected = json.load(f)
        check_once(run)
        events = event_accumulator.EventAccumulator(run, size_guidance={k: 0 for k in event_accumulator.DEFAULT_SIZE_GUIDANCE})
        events.Reload()
        check_scalars(run, events, said[name])
        check_histograms(run, events, said[name], state(run))
        check_images(run, events, said[name], inspected["layers"])
        check_text(run, events, said[name])
        check_graph(run, events, inspected["layers"], inspected["input"])
    check_hparams(os.path.join(folder, "runs"), said)
    check_server(os.path.join(folder, "runs"), said)
    print(f"{len(said)} runs:", ", ".join(f"{n} {what}" for what, n in sorted(checked.items())))


if __name__ == "__main__":
    main()
