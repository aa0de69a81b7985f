"""Measures gonn and its peers side by side and writes the table of README.

    go build -o gonn ./cmd/gonn
    python testdata/ref/bench.py --gonn ./gonn --torch TORCH/bin/python --ort TORCH/bin/python --readme README.md

Plain Python. All do the same work, on the same number of threads, in turn: round by
round and the other way round every second time, since speed on a shared machine comes
and goes. Before each turn it waits until the machine is idle: a neighbour on one of two
cores halves gonn, and stops frameworks whose threads wait for each other in loops almost
altogether. What a peer can do in several ways counts with its fastest way of the round;
ways that were much slower in a calm round are left out of the later ones. A ratio is the
median of the rounds' ratios; a speed is the median of the rounds.

The networks are gonn's presets with each activation (check_presets.py shows that they are
the same everywhere). The tables are written again after every round.
"""

import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from bench_tables import ACTS, NETS, document, summary

REF = pathlib.Path(__file__).resolve().parent
SIZES = {
    "study": "1x28x28", "mlp": "1x28x28", "lenet5": "1x28x28",
    "vgg8": "3x32x32", "resnet20": "3x32x32", "mobilenet-small": "3x32x32",
}  # as presets.SHAPES, which needs NumPy
STUDY_ACTS = ["leaky:-0.5", "prelu", "swish", "swish-beta"]
FAST_NETS = ["vgg8", "resnet20"]  # whose 3×3 convolutions --fast-conv makes faster
FAST = " --fast-conv"  # behind the name of a network in rows of its own
PARTS = ["networks", "epochs", "convs"]
SLOW = 0.6  # a way this much slower than the fastest is not tried again
BEGIN, END = "<!-- bench.py begins -->", "<!-- bench.py ends -->"


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
        self.parameters = {}  # (network, activation): as gonn counts them
        self.ways = {}  # (peer, network, activation): {mode: {figure's key: speed}}
        self.turns = self.crowded = 0
        self.calm = False  # whether this turn began on an idle machine
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
            if f["what"] == "failed":
                print(f"{f['peer']}, {f['net']} with {f['act']}, {f['mode']}: {f['error']}", file=sys.stderr)
                continue
            if f["what"] == "conv":
                self.put(results, ("conv", f["kernel"], f["channels"]), f["peer"], f["gflops"], f["mode"])
                continue
            own = self.parameters.get((f["net"], f["act"]))
            if own and f.get("parameters", own) != own:
                raise SystemExit(f"{f['peer']}: {f['net']} with {f['act']} has {f['parameters']} parameters, in gonn {own}")
            mode = f["mode"] + (f", {f['form']}" if f.get("form", "own") != "own" else "")
            key = (f["what"], f["net"], f["act"], f["batch"])
            self.put(results, key, f["peer"], f["samples_per_s"], mode)
            if f["net"] in FAST_NETS:
                self.put(results, (f["what"], f["net"] + FAST, *key[2:]), f["peer"], f["samples_per_s"], mode)
            if self.calm:
                way = self.ways.setdefault((f["peer"], f["net"], f["act"]), {}).setdefault(f["mode"], {})
                way[key] = max(way.get(key, 0), f["samples_per_s"])

    def fast(self, peer, net, act):
        """Flags for the modes of a peer that were not much slower than another at all of the figures."""
        ways = self.ways.get((peer, net, act), {})
        best = {}
        for way in ways.values():
            for key, speed in way.items():
                best[key] = max(best.get(key, 0), speed)
        keep = [mode for mode, way in ways.items() if any(v >= SLOW * best[k] for k, v in way.items())]
        return [flag for mode in keep for flag in ("--mode", mode)]

    def networks(self, net, act, models):
        """One round per turn over training and inference of a network with one activation."""
        def gonn(results):
            for name in [net] + ([net + FAST] if net in FAST_NETS else []):
                report = self.gonn("--net", *name.split(), "--act", act, "--size", SIZES[net], "--train", "--infer",
                                   "--workers", str(self.args.threads))
                self.parameters[net, act] = report["networks"][0]["parameters"]
                for what in ["train", "infer"]:
                    for r in report[what]:
                        self.put(results, (what, name, act, r["batch"]), "gonn", r["samples_per_s"], row=r)

        def framework(python, script, peer):
            parts = ["--only", "train"] + (["--only", "infer"] if a.infer else [])
            return lambda results: self.put_peer(
                results, self.peer(python, script, *case, *parts, *self.fast(peer, net, act)))

        a = self.args
        case = ["--net", net, "--act", act]
        turns = [gonn]
        if a.torch:
            turns.append(framework(a.torch, "bench_pytorch.py", "pytorch"))
        if a.keras:
            turns.append(framework(a.keras, "bench_keras.py", "keras"))
        if a.ort:
            turns.append(lambda results: self.put_peer(
                results, self.peer(a.ort, "bench_onnxruntime.py", "--models", models, *case)))
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
            self.put(results, ("epoch", "study", "prelu", 128), "gonn", float(last["samples_per_s"]), row=last)

        turns = [gonn]
        if self.args.torch:
            flags = ["--only", "epoch", "--net", "study", "--act", "prelu"]
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
        if self.args.readme and self.keys("train"):
            text = self.args.readme.read_text()
            before, rest = text.split(BEGIN)
            _, after = rest.split(END)
            self.args.readme.write_text(f"{before}{BEGIN}\n{summary(self)}{END}{after}")

    def wait_for_idle(self):
        """Waits until others leave the machine alone, or patience is at its end."""
        end = time.monotonic() + self.args.patience
        while not (calm := busy() <= 0.05) and time.monotonic() < end:
            pass
        self.calm = calm
        self.crowded += not calm
        self.turns += 1

    def export(self, folder):
        """Writes each network with each activation as ONNX, untrained."""
        for net in self.args.net:
            for act in self.args.act:
                name = re.sub(r":-(?=\d)", "-m", act).replace(":", "-")  # as common.folder
                file = str(pathlib.Path(folder, f"{net}-{name}.onnx"))
                run([self.args.gonn, "export", file, "--net", net, "--act", act, "--size", SIZES[net]])

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
    parser.add_argument("--net", action="append", choices=NETS, help="only this network, may be repeated")
    parser.add_argument("--act", action="append", choices=ACTS + STUDY_ACTS, help="only this activation, may be repeated")
    parser.add_argument("--infer", action="store_true", help="let PyTorch and Keras infer too, not only ONNX Runtime")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=["networks"])
    parser.add_argument("--out", type=pathlib.Path, help="file for all tables (default: standard output)")
    parser.add_argument("--readme", type=pathlib.Path, metavar="README.md",
                        help=f"file that gets the table of networks between {BEGIN} and {END}")
    args = parser.parse_args()
    args.net, args.act = args.net or NETS, args.act or ACTS
    if args.readme and not re.search(f"{BEGIN}.*{END}", args.readme.read_text(), re.DOTALL):
        parser.error(f"--readme {args.readme}: no lines {BEGIN} and {END}")
    args.gonn = shutil.which(args.gonn) or parser.error(f"--gonn {args.gonn}: no such program")
    args.gonn = str(pathlib.Path(args.gonn).resolve())
    return args


def main():
    bench = Bench(arguments())
    if "networks" in bench.args.parts:
        with tempfile.TemporaryDirectory() as models:
            if bench.args.ort:
                bench.export(models)
            for net in bench.args.net:
                for act in bench.args.act:
                    bench.networks(net, act, models)
    if "epochs" in bench.args.parts:
        bench.epochs()
    if "convs" in bench.args.parts:
        bench.convs()
    if not bench.args.out:
        print(document(bench))


if __name__ == "__main__":
    main()
