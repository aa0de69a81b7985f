"""Makes testdata/golden/layers/<framework>/<case>.npz and .json: layers by themselves.

    python golden_layers.py pytorch     (made with torch 2.15.0)
    python golden_layers.py keras       (made with keras 3.15.1, tensorflow-cpu 2.21.0)

A case is a chain of layers, described in gonn's terms (layer_cases.py), which this
script runs in the framework's own: given inputs x and parameters, the output y; given
the gradient dy of the output, that of the inputs and of the parameters. README.md says
what the files hold. Each framework runs each case in float64 too, and the distance of
the float32 results from that is printed.
"""

import json
import sys

import numpy as np

from common import GOLDEN, save_npz
from layer_cases import CASES, UNIT, values

TOLERANCES = {"y": {"atol": 1e-5, "rtol": 1e-5}, "grad_norm": 1e-5}


def main():
    framework = sys.argv[1]
    if framework == "pytorch":
        import layers_pytorch as impl
    else:
        import layers_keras as impl
    worst = (0.0, "")
    for case in CASES:
        if framework not in case["frameworks"]:
            continue
        given = values(case)
        scaled = {k: v * np.float32(UNIT) if v.dtype == np.int8 else v for k, v in given.items()}
        got = impl.run(case, scaled, np.float32)
        truth = impl.run(case, scaled, np.float64)
        for key, want in truth.items():
            off = np.linalg.norm(got[key] - want) / max(np.linalg.norm(want), 1e-300)
            worst = max(worst, (off, f"{case['name']} {key}"))
            if off > 1e-6:
                raise SystemExit(f"{case['name']}: {key} is {off:.1e} from float64")
        to = GOLDEN / "layers" / framework
        save_npz(to / f"{case['name']}.npz", {**given, **{k: v.astype(np.float32) for k, v in got.items()}})
        about = {
            "framework": framework, "versions": impl.versions(), "generator": "testdata/ref/golden_layers.py",
            "layers": case["layers"], "inputs": case["inputs"], "batch": case["batch"],
            "tolerances": TOLERANCES,
        }
        (to / f"{case['name']}.json").write_text(json.dumps(about, indent=1) + "\n")
    print(f"{framework}: furthest from float64 {worst[0]:.1e}, {worst[1]}")


if __name__ == "__main__":
    main()
