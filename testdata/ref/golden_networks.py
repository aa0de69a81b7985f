"""Makes testdata/golden/networks/<network>/<framework>.npz and .json: whole small networks.

Run it with PyTorch's Python and with Keras's; start.npz is the same from both. The networks
are those of networks.py. Each runs again in float64, and the distance is printed.
"""

import importlib
import json
from importlib.util import find_spec

import numpy as np

import common
import networks

framework = importlib.import_module("torch_networks" if find_spec("torch") else "keras_networks")


def main():
    for name, (shape, layers, _) in networks.NETWORKS.items():
        params, batches = networks.start(name)
        got = framework.run(shape, layers, params, batches, "float32")
        truth = framework.run(shape, layers, params, batches, "float64")
        to = common.GOLDEN / "networks" / name
        common.save_npz(to / f"{framework.NAME}.npz", got)
        case = {"framework": framework.NAME, "versions": framework.VERSIONS, "generator": "testdata/ref/golden_networks.py",
                "input": shape, "layers": layers}
        (to / f"{framework.NAME}.json").write_text(json.dumps(case, indent=1) + "\n")
        x = networks.pack(np.stack([images for images, _ in batches]))
        labels = np.stack([labels for _, labels in batches])
        common.save_npz(to / "start.npz", {**{f"param/{k}": v for k, v in params.items()}, "x": x, "labels": labels})
        common.report(name, got, truth)


if __name__ == "__main__":
    main()
