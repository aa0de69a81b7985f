"""Runs `gonn compare` on the cases of plant_torch.py and plant_keras.py, and scores what it names.

    python plant_run.py FOLDER … --gonn GONN [--only REGEX] [--mode all final] [--out result.json] [--verbose]

Each case is compared with all recorded tensors and with the final outputs alone. A bug counts as detected at exit status 1;
its layer is right if the cause's layer (without a cause, the first wrong layer or its value) is one of the case's; its
cause if the kind is one of KINDS. An honest port must be equal, or different where it is noisy beyond the tolerance, and
nothing may be named. Bars: every bug detected, the layer right in 97 % with all tensors and 85 % with the final outputs,
the cause in 80 %, no honest port accused. Exit status 1 if one is missed. The Python standard library suffices.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time

# The kinds that are right for each cause, as `gonn compare --json` spells them.
KINDS = {
    1: ["kernel-flipped"],
    2: ["kernel-transposed"],
    3: ["channels-permuted"],
    4: ["dense-rows"],
    5: ["dense-transposed"],
    6: ["slope-sign"],
    7: ["slope-axis"],
    8: ["slope-value"],
    9: ["batchnorm-epsilon"],
    10: ["batchnorm-parameters"],
    11: ["padding"],
    12: ["bias-missing", "bias-doubled"],
    13: ["activation"],
    14: ["softmax-missing", "softmax-twice", "softmax-extra"],
    15: ["input-channels"],
    16: ["input-scale"],
    17: ["pool"],
    18: ["stride", "dilation"],
    19: ["residual-missing"],
    20: ["weights-rounded"],
    21: ["weights-other"],
}
LAYER_BAR = {"all": 0.97, "final": 0.85}
CAUSE_BAR = 0.80
MODES = {"all": "expected_all.npz", "final": "expected_final.npz"}


def plain(name):
    """A name without what differs between spellings of the same: features.act1, /features/act1, features_act1."""
    return re.sub(r"[^a-z0-9]+", "_", str(name or "").lower()).strip("_")


def compare(gonn, folder, cases, case, mode):
    """What gonn says of one case: exit status, JSON, seconds, and what it wrote beside."""
    model, began = folder / "models" / case["model"], time.time()
    args = [gonn, "compare", folder / cases / case["name"] / "port.onnx", "--inputs", model / "in.npz", "--expected", model / MODES[mode], "--json"]
    try:
        done = subprocess.run(args, capture_output=True, text=True, timeout=120, env={**os.environ, "GOMAXPROCS": "1"})
    except subprocess.TimeoutExpired:
        return {"status": "timeout", "said": {}, "seconds": 120, "stderr": ""}
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        said = {}
    return {"status": done.returncode, "said": said, "seconds": time.time() - began, "stderr": done.stderr.strip()[-300:]}


def judge(case, mode, run):
    """Adds to a run what was right of it."""
    first, cause = run["said"].get("first_wrong") or {}, run["said"].get("cause") or {}
    run |= {"case": case["name"], "mode": mode, "cause": case["cause"], "network": case["model"].split("-")[0], "model": case["model"],
            "named": cause.get("layer") or first.get("layer") or first.get("value"), "kind": cause.get("kind"), "note": f"{case['title']}: {case['note']}"}
    if case["cause"] == 0:
        run["fine"] = run["status"] == (0 if case["equal"] else 1)
        run["accused"] = bool(first or cause)
        return run
    right = case["accepted"] + (case["final"] if mode == "final" else [])
    names = [cause["layer"]] if cause.get("layer") else [first.get("layer"), first.get("value")]
    run["detected"] = run["status"] == 1
    run["layer_right"] = any(plain(n) in {plain(a) for a in right} for n in names if n)
    run["cause_right"] = run["kind"] in sum([KINDS[k] for k in [case["cause"], *case["like"]]], [])
    return run


def share(runs, key):
    return sum(bool(r[key]) for r in runs) / len(runs) if runs else 1


def table(runs, by, title):
    """Prints counts for each value of a field, for both modes."""
    print(f"\n{title:44} mode   cases  detected  layer  cause")
    for value in sorted({r[by] for r in runs}):
        for mode in MODES:
            rows = [r for r in runs if r[by] == value and r["mode"] == mode]
            if rows:
                name = f"{value} {CAUSE_TITLES.get(value, '')}" if by == "cause" else str(value)
                print(f"{name:44} {mode:6} {len(rows):5}  {share(rows, 'detected'):8.0%}  {share(rows, 'layer_right'):5.0%}  {share(rows, 'cause_right'):5.0%}")


CAUSE_TITLES = {}


def verdict(runs):
    """The bars: lines to print, and whether all are held."""
    bugs, honest = [r for r in runs if r["cause"]], [r for r in runs if not r["cause"]]
    lines, held = [], True

    def bar(text, got, want, ok):
        nonlocal held
        held &= ok
        lines.append(f"{'held  ' if ok else 'MISSED'} {text}: {got} (bar {want})")

    for mode in sorted({r["mode"] for r in runs}):
        rows = [r for r in bugs if r["mode"] == mode]
        if rows:
            bar(f"{mode}: bugs detected", f"{sum(r['detected'] for r in rows)}/{len(rows)}", "all", all(r["detected"] for r in rows))
            for key, least in (("layer_right", LAYER_BAR[mode]), ("cause_right", CAUSE_BAR)):
                bar(f"{mode}: {key.replace('_', ' ')}", f"{share(rows, key):.1%}", f"{least:.0%}", share(rows, key) >= least)
        rows = [r for r in honest if r["mode"] == mode]
        bar(f"{mode}: honest ports accused", f"{sum(r['accused'] for r in rows)}/{len(rows)}", 0, not any(r["accused"] for r in rows))
        bar(f"{mode}: honest ports with the right exit status", f"{sum(r['fine'] for r in rows)}/{len(rows)}", "all", all(r["fine"] for r in rows))
    return lines, held


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--gonn", required=True)
    parser.add_argument("--only", default="", help="a regular expression of cases")
    parser.add_argument("--cases", default="cases", help="the folder beside models/ that has the cases")
    parser.add_argument("--mode", nargs="*", default=list(MODES))
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only every so many cases")
    parser.add_argument("--out", type=pathlib.Path, help="a file for all that was said, as JSON")
    parser.add_argument("--verbose", action="store_true", help="a line for every case that was not right")
    args = parser.parse_args()
    jobs = []
    for folder in args.folders:
        paths = [p for p in sorted((folder / args.cases).glob("*/case.json")) if re.search(args.only, p.parent.name)]
        for path in paths[::args.every]:
            case = {**json.loads(path.read_text()), "name": path.parent.name}
            CAUSE_TITLES.setdefault(case["cause"], case["title"])
            jobs += [(folder, args.cases, case, mode) for mode in args.mode]
    with concurrent.futures.ThreadPoolExecutor(args.parallel) as pool:
        runs = list(pool.map(lambda j: judge(j[2], j[3], compare(args.gonn, *j)), jobs))
    bugs, honest = [r for r in runs if r["cause"]], [r for r in runs if not r["cause"]]
    if args.verbose:
        for r in runs:
            if not (r["fine"] and not r["accused"] if r["cause"] == 0 else r["detected"] and r["layer_right"] and r["cause_right"]):
                print(f"{r['case']:36} {r['mode']:5} {r['note']}: status {r['status']}, named {r['named']}, {r['kind']} {r['stderr'][-120:]}")
    if bugs:
        table(bugs, "cause", "cause")
        table(bugs, "network", "network")
        table(bugs, "model", "model")
    print("\nhonest ports, by what was done: a cause named, or a layer only, wrong exit status, of")
    for title in sorted({r["note"].split(":")[0] for r in honest}):
        rows = [r for r in honest if r["note"].split(":")[0] == title]
        causes = sum(bool(r["kind"]) for r in rows)
        print(f"{title:44} {causes:3} {sum(r['accused'] for r in rows) - causes:3} {sum(not r['fine'] for r in rows):3} {len(rows):4}")
    statuses = collections.Counter(str(r["status"]) for r in runs)
    seconds = sorted(r["seconds"] for r in runs)
    print(f"\n{len(bugs)} comparisons of bugs, {len(honest)} of honest ports; exit status {dict(statuses)};"
          f" seconds: median {seconds[len(seconds) // 2]:.2f}, most {seconds[-1]:.2f}" if seconds else "no cases")
    lines, held = verdict(runs)
    print("\n".join(lines))
    if args.out:
        args.out.write_text(json.dumps(runs, indent=1) + "\n")
    sys.exit(0 if held and runs else 1)


if __name__ == "__main__":
    main()
