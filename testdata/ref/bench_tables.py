"""The tables of bench.py, in Markdown."""

import datetime
import platform
import re
import statistics
import textwrap

NETS = ["study", "mlp", "lenet5", "vgg8", "resnet20", "mobilenet-small"]
ACTS = ["relu", "prelu:channel", "hardswish", "mish", "gelu", "elu"]
TRAIN_BATCH, BATCHES = 128, [1, 16, 128]
README_BATCHES, README_ACTS = [1, 128], ["relu", "gelu"]
TITLES = {"gonn": "gonn", "pytorch": "PyTorch", "keras": "Keras", "onnxruntime": "ONNX Runtime"}


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


def ratio(bench, key, peer):
    """gonn's speed over a peer's."""
    found = bench.of(key, peer)
    return f"{found[1]:.2f}×" if found else "–"


def overview(bench, peers, batches, acts=None):
    """A row for each network with each activation, or some of them."""
    frameworks = [p for p in peers if p != "onnxruntime"]
    head = ["network", "activation", f"training, batch {TRAIN_BATCH}", "of peak", *(TITLES[p] for p in frameworks)]
    infer = "onnxruntime" in peers
    for batch in batches:
        head += [f"inference, batch {batch}", *(["ONNX Runtime"] if infer else [])]
    rows = []
    for key in bench.keys("train"):
        _, net, act, batch = key
        if acts and act not in acts:
            continue
        row = [net, act, f"{bench.of(key, 'gonn')[0]:,.0f} /s", f"{bench.gonn_field(key, 'share_of_peak'):.0%}"]
        row += [ratio(bench, key, p) for p in frameworks]
        for size in batches:
            at = ("infer", net, act, size)
            row += [f"{1e6 * size / bench.of(at, 'gonn')[0]:,.0f} µs"]
            row += [ratio(bench, at, "onnxruntime")] if infer else []
        rows.append(row)
    return table(head, rows)


def trains(bench, peers):
    """The table of training, with the ways of the peers."""
    rows = []
    for key in bench.keys("train"):
        row = [key[1], key[2], f"{bench.of(key, 'gonn')[0]:,.0f}", f"{bench.gonn_field(key, 'gflops'):.1f}",
               f"{bench.gonn_field(key, 'share_of_peak'):.0%}"]
        for peer in peers:
            row += cells(bench, key, peer, lambda v: f"{v:,.0f}")
        rows.append(row)
    return table(["network", "activation", "gonn, samples/s", "GFLOP/s", "of peak", *heads(peers)], rows)


def infers(bench, peers):
    """The table of inference, with the ways of the peers."""
    rows = []
    for key in bench.keys("infer"):
        batch = key[3]

        def show(rate, batch=batch):
            return f"{1e6 * batch / rate:,.0f} µs"

        row = [key[1], key[2], str(batch), show(bench.of(key, "gonn")[0]), f"{bench.gonn_field(key, 'share_of_peak'):.0%}"]
        for peer in peers:
            row += cells(bench, key, peer, show)
        rows.append(row)
    return table(["network", "activation", "batch", "gonn", "of peak", *heads(peers)], rows)


def epochs(bench, peers):
    """The table of whole epochs."""
    rows = []
    for key in bench.keys("epoch"):
        row = [key[2], f"{120_000 / bench.of(key, 'gonn')[0]:.1f} s"]
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


def command(args):
    """The command line, without the paths of this machine."""
    words = ["python testdata/ref/bench.py --gonn ./gonn"]
    words += [f"--{name} PYTHON" for name in ["torch", "keras", "ort"] if getattr(args, name)]
    words += [f"--{name} {getattr(args, name):g}" for name in ["rounds", "seconds", "threads"]]
    words += [f"--net {net}" for net in args.net] if args.net != NETS else []
    words += [f"--act {act}" for act in args.act] if args.act != ACTS else []
    return " ".join(words)


def origin(bench):
    """What the figures were measured on and with."""
    m = bench.reports[0]["machine"]
    versions = ", ".join(f"{TITLES[p]} {v}" for p, v in bench.versions.items() if p != "gonn" or v != "(devel)")
    peak, probe = (statistics.median(r[k]["all"] for r in bench.reports) for k in ["peak_gflops", "probe_gflops"])
    crowded = ""
    if bench.crowded:
        crowded = f" {bench.crowded} of {bench.turns} turns began beside other work: these figures say little."
    return (f"{m['cpu']}, {m['processors']} processors used, {platform.system()} {platform.machine()}, "
            f"{datetime.date.today().isoformat()}; {versions}, {m['go']}, {m['kernels']} kernels; peak {peak:.0f} GFLOP/s, "
            f"probe {probe:.0f}; `{command(bench.args)}`.{crowded}\n")


def peers_of(bench):
    """The peers that take part."""
    a = bench.args
    return [p for p, on in [("pytorch", a.torch), ("keras", a.keras), ("onnxruntime", a.ort)] if on]


def summary(bench):
    """What README has."""
    return f"{wrapped(origin(bench))}\n{overview(bench, peers_of(bench), README_BATCHES, README_ACTS)}"


def wrapped(text):
    """A paragraph in lines, its commands whole."""
    spaces = re.sub(r"`[^`]*`", lambda m: m[0].replace(" ", "\0"), text)
    return textwrap.fill(spaces, 95, break_long_words=False, break_on_hyphens=False).replace("\0", " ") + "\n"


def document(bench):
    """All tables, and what they were measured with."""
    peers, threads = peers_of(bench), bench.args.threads
    frameworks = [p for p in peers if p != "onnxruntime"]
    parts = [origin(bench)]
    if bench.keys("train"):
        parts += ["How many times as fast as each peer:\n", overview(bench, peers, BATCHES),
                  f"Training, batches of {TRAIN_BATCH}, data and Adam included:\n", trains(bench, frameworks),
                  "Inference, time of a batch:\n", infers(bench, peers if bench.args.infer else [p for p in peers if p == "onnxruntime"])]
    if bench.keys("epoch"):
        parts += ["An epoch of `train --act prelu`, 120,000 pictures:\n",
                  epochs(bench, [p for p in peers if p == "pytorch"])]
    if bench.keys("conv"):
        parts += [f"3×3 convolutions, {16 * threads} samples here, 32 there:\n",
                  convs(bench, [p for p in peers if p == "pytorch"])]
    return "\n".join(parts)
