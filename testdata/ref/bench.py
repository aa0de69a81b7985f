"""Measures gonn and its peers side by side and writes the table of README.

    go build -o gonn ./cmd/gonn
    python testdata/ref/bench.py --gonn ./gonn --torch TORCH/bin/python --keras KERAS/bin/python --ort TORCH/bin/python

Plain Python. All do the same work, on the same number of threads, in turn: round by
round and the other way round every second time, since speed on a shared machine comes
and goes. Before each turn it waits until the machine is idle: a neighbour on one of two
cores halves gonn, and stops frameworks whose threads wait for each other in loops almost
altogether. What a peer can do in several ways counts with its fastest way of the round. A
ratio is the median of the rounds' ratios; a speed is the median of the rounds.
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

REF = pathlib.Path(__file__).resolve().parent
ACTS = ["leaky:-0.5", "prelu:channel", "prelu", "swish", "swish-beta", "mish"]
PARTS = ["networks", "epochs", "convs"]
TITLES = {"gonn": "gonn", "pytorch": "PyTorch", "keras": "Keras", "onnxruntime": "ONNX Runtime"}


def run(command, environment=(), cwd=None):
    """Standard output of a command."""
    print("$", *command, file=sys.stderr, flush=True)
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **dict(environment)})
    if done.returncode:
        raise SystemExit(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def busy(seconds=1.0):
    """The share of the processors' time that others take; 0 where Linux does not tell."""
    def times():
        fields = [int(v) for v in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return sum(fields), fields[3] + fields[4]  # all, idle

    try:
        (all0, idle0), _, (all1, idle1) = times(), time.sleep(seconds), times()
    except OSError:
        return 0.0
    return 1 - (idle1 - idle0) / max(all1 - all0, 1)


class Bench:
    """The programs, and what they gave."""

    def __init__(self, args):
        self.args = args
        self.reports = []  # of gonn
        self.versions = {}
        self.turns = self.crowded = 0
        self.rounds = []  # {figure's key: {peer: {"speed", "mode", "row"}}}

    def gonn(self, *flags):
        """The report of gonn bench."""
        out = run([self.args.gonn, "bench", "--json", "--seconds", str(self.args.seconds), *flags],
                  {"GOMAXPROCS": str(self.args.threads)})
        report = json.loads(out)
        self.reports.append(report)
        self.versions["gonn"] = report["gonn"]
        return report

    def peer(self, python, script, *flags):
        """The figures of another framework's script."""
        out = run([python, str(REF / script), "--seconds", str(self.args.seconds),
                   "--threads", str(self.args.threads), *flags])
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def put(self, results, key, peer, speed, mode="", row=None):
        """Keeps a speed if it is the peer's best of the round."""
        best = results.setdefault(key, {})
        if peer not in best or best[peer]["speed"] < speed:
            best[peer] = {"speed": speed, "mode": mode, "row": row}

    def put_peer(self, results, figures):
        """Keeps the figures of a peer."""
        for f in figures:
            self.versions[f["peer"]] = f["version"]
            mode = f["mode"] + (f", {f['form']}" if f.get("form", "own") != "own" else "")
            if f["what"] == "conv":
                self.put(results, ("conv", f["kernel"], f["channels"]), f["peer"], f["gflops"], mode)
            else:
                self.put(results, (f["what"], f["act"], f["batch"]), f["peer"], f["samples_per_s"], mode)

    def networks(self, act, models):
        """One round per turn over training and inference with one activation."""
        def gonn(results):
            report = self.gonn("--train", "--infer", "--act", act)
            rows = [r for r in report["train"] if r["workers"] == self.args.threads]
            for r in rows:
                self.put(results, ("train", act, r["batch"]), "gonn", r["samples_per_s"], row=r)
            for r in report["infer"]:
                self.put(results, ("infer", act, r["batch"]), "gonn", r["samples_per_s"], row=r)

        a = self.args
        both = ["--only", "train", "--only", "infer", "--only", act]
        turns = [gonn]
        if a.torch:
            turns.append(lambda results: self.put_peer(results, self.peer(a.torch, "bench_pytorch.py", *both)))
        if a.keras:
            turns.append(lambda results: self.put_peer(results, self.peer(a.keras, "bench_keras.py", *both)))
        if a.ort:
            turns.append(lambda results: self.put_peer(
                results, self.peer(a.ort, "bench_onnxruntime.py", "--models", models, "--only", act)))
        self.take(turns)

    def convs(self):
        """One round per turn over 3×3 convolutions."""
        def gonn(results):
            for r in self.gonn("--kernel", "conv 3×3")["kernels"]:
                channels = re.match(r"\((\d+), ", r["shape"])
                if r["kernel"].startswith("conv 3×3") and r["workers"] == self.args.threads:
                    self.put(results, ("conv", r["kernel"], int(channels[1])), "gonn", r["gflops"], row=r)

        a = self.args
        turns = [gonn]
        if a.torch:
            turns.append(lambda results: self.put_peer(
                results, self.peer(a.torch, "bench_pytorch.py", "--only", "conv")))
        self.take(turns)

    def epochs(self):
        """One round per turn over a whole epoch of `gonn train --act prelu`."""
        def gonn(results):
            self.gonn("--kernel", "sgd")  # for the machine and its peak
            with tempfile.TemporaryDirectory() as folder:
                run([self.args.gonn, "train", "--act", "prelu", "--epochs", "2", "--workers",
                     str(self.args.threads), "--run", "run"], cwd=folder)
                with open(pathlib.Path(folder, "run", "metrics.csv"), newline="") as f:
                    last = list(csv.DictReader(f))[-1]
            self.put(results, ("epoch", "prelu", 128), "gonn", float(last["samples_per_s"]), row=last)

        turns = [gonn]
        if self.args.torch:
            flags = ["--only", "epoch", "--only", "prelu"]
            turns.append(lambda results: self.put_peer(
                results, self.peer(self.args.torch, "bench_pytorch.py", *flags)))
        self.take(turns)

    def take(self, turns):
        """Runs the turns, to and fro."""
        for n in range(self.args.rounds):
            results = {}
            for turn in turns[::-1] if n % 2 else turns:
                self.wait_for_idle()
                turn(results)
            self.rounds.append(results)
            self.write()

    def write(self):
        """Writes the tables as far as there are figures; the rest comes with later rounds."""
        if self.args.out:
            self.args.out.write_text(document(self))

    def wait_for_idle(self):
        """Waits until others leave the machine alone, or patience is at its end."""
        end = time.monotonic() + self.args.patience
        while busy() > 0.05:
            if time.monotonic() > end:
                self.crowded += 1
                break
        self.turns += 1

    def export(self, folder):
        """Writes each activation's network as ONNX, after a few steps of training."""
        for act in self.args.act:
            name = re.sub(r":-(?=\d)", "-m", act).replace(":", "-")  # as common.folder
            files = str(pathlib.Path(folder, name))
            run([self.args.gonn, "train", "--act", act, "--limit", "256", "--epochs", "1", "--run", files], cwd=folder)
            run([self.args.gonn, "export", files + ".onnx", "--run", files], cwd=folder)

    def keys(self, what):
        """The figures of one kind that gonn has, in the order in which they came."""
        return list(dict.fromkeys(k for r in self.rounds for k in r if k[0] == what and "gonn" in r[k]))

    def of(self, key, peer):
        """Median speed, median ratio of gonn's to it, and the usual mode; None without."""
        found = [r[key] for r in self.rounds if peer in r.get(key, {}) and "gonn" in r[key]]
        if not found:
            return None
        return (statistics.median(r[peer]["speed"] for r in found),
                statistics.median(r["gonn"]["speed"] / r[peer]["speed"] for r in found),
                statistics.mode(r[peer]["mode"] for r in found))

    def gonn_field(self, key, field):
        """Median of a field of gonn's own rows."""
        return statistics.median(r[key]["gonn"]["row"][field] for r in self.rounds if key in r)


def table(head, rows):
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]) + "\n"


def cells(bench, key, peer, show):
    """Speed and ratio of a peer."""
    found = bench.of(key, peer)
    if not found:
        return ["–", "–"]
    speed, ratio, mode = found
    return [show(speed) + (f" ({mode})" if mode else ""), f"{ratio:.2f}×"]


def trains(bench, peers):
    """The table of training."""
    head = ["activation", "gonn, samples/s", "of peak", f"{bench.args.threads} workers over 1"]
    rows = []
    for key in bench.keys("train"):
        act = key[1]
        row = [act, f"{bench.of(key, 'gonn')[0]:,.0f}", f"{bench.gonn_field(key, 'share_of_peak'):.0%}",
               f"{bench.gonn_field(key, 'speedup'):.2f}×"]
        for peer in peers:
            row += cells(bench, key, peer, lambda v: f"{v:,.0f}")
        rows.append(row)
    return table(head + heads(peers), rows)


def infers(bench, peers):
    """The table of inference."""
    rows = []
    for batch in [128, 16, 1]:
        def show(rate, batch=batch):
            return f"{1e6 * batch / rate:,.0f} µs" if batch == 1 else f"{rate:,.0f}"

        for key in bench.keys("infer"):
            if key[2] != batch:
                continue
            row = [key[1], str(batch), show(bench.of(key, "gonn")[0])]
            for peer in peers:
                row += cells(bench, key, peer, show)
            rows.append(row)
    return table(["activation", "batch", "gonn, samples/s or µs", *heads(peers)], rows)


def epochs(bench, peers):
    """The table of whole epochs."""
    rows = []
    for key in bench.keys("epoch"):
        row = [key[1], f"{120_000 / bench.of(key, 'gonn')[0]:.1f} s"]
        for peer in peers:
            row += cells(bench, key, peer, lambda v: f"{120_000 / v:.1f} s")
        rows.append(row)
    return table(["activation", "gonn", *heads(peers)], rows)


def convs(bench, peers):
    """The table of single convolutions."""
    rows = []
    for key in bench.keys("conv"):
        row = [key[1], bench_shape(bench, key), f"{bench.of(key, 'gonn')[0]:.0f}"]
        for peer in peers:
            row += cells(bench, key, peer, lambda v: f"{v:.0f}")
        rows.append(row)
    return table(["kernel", "shape", "gonn, GFLOP/s", *heads(peers)], rows)


def bench_shape(bench, key):
    """The shape as gonn spells it."""
    return next(r[key]["gonn"]["row"]["shape"] for r in bench.rounds if key in r)


def heads(peers):
    """Two columns for each peer."""
    return [h for p in peers for h in (TITLES[p], f"gonn to {TITLES[p]}")]


def document(bench):
    """All tables, and what they were measured with."""
    a, m = bench.args, bench.reports[0]["machine"]
    versions = ", ".join(f"{TITLES[p]} {v}" for p, v in bench.versions.items())
    peak, probe = (statistics.median(r[k]["all"] for r in bench.reports) for k in ["peak_gflops", "probe_gflops"])
    today = datetime.date.today().isoformat()
    peers = [p for p, on in [("pytorch", a.torch), ("keras", a.keras), ("onnxruntime", a.ort)] if on]
    parts = [
        f"{m['cpu']}, {m['processors']} processors used, {platform.system()} {platform.machine()}, {today}. "
        f"{versions}, {m['go']}, {m['kernels']} kernels; peak {peak:.0f} GFLOP/s, probe {probe:.0f}. "
        f"{a.threads} threads, medians of {a.rounds} rounds.\n"]
    if bench.crowded:
        parts.append(f"{bench.crowded} of {bench.turns} turns began beside other work: these figures say little.\n")
    if bench.keys("train"):
        parts += ["Training, batches of 128, data and Adam included:\n",
                  trains(bench, [p for p in peers if p != "onnxruntime"]),
                  "Inference:\n", infers(bench, peers)]
    if bench.keys("epoch"):
        parts += ["An epoch of `train --act prelu`, 120,000 pictures:\n",
                  epochs(bench, [p for p in peers if p == "pytorch"])]
    if bench.keys("conv"):
        parts += [f"3×3 convolutions, {16 * a.threads} samples here, 32 there:\n",
                  convs(bench, [p for p in peers if p == "pytorch"])]
    return "\n".join(parts)


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gonn", required=True, metavar="BIN", help="the gonn to measure")
    for name in ["torch", "keras", "ort"]:
        parser.add_argument("--" + name, metavar="PYTHON", help="interpreter that has it; without, it is left out")
    parser.add_argument("--rounds", type=int, default=3, help="how often each takes its turn (default: 3)")
    parser.add_argument("--seconds", type=float, default=1, help="seconds for each figure of a turn (default: 1)")
    parser.add_argument("--threads", type=int, default=2, help="threads for all of them (default: 2)")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for an idle machine (default: 60)")
    parser.add_argument("--act", action="append", choices=ACTS, help="only this activation, may be repeated")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--out", type=pathlib.Path, help="file for the tables (default: standard output)")
    args = parser.parse_args()
    args.act = args.act or ACTS
    args.gonn = shutil.which(args.gonn) or parser.error(f"--gonn {args.gonn}: no such program")
    args.gonn = str(pathlib.Path(args.gonn).resolve())
    return args


def main():
    bench = Bench(arguments())
    if "networks" in bench.args.parts:
        with tempfile.TemporaryDirectory() as models:
            if bench.args.ort:
                bench.export(models)
            for act in bench.args.act:
                bench.networks(act, models)
    if "epochs" in bench.args.parts:
        bench.epochs()
    if "convs" in bench.args.parts:
        bench.convs()
    if not bench.args.out:
        print(document(bench))


if __name__ == "__main__":
    main()
