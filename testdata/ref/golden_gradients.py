"""Makes testdata/golden/gradients/<network>.npz and .json: gradients inside small networks.

    python golden_gradients.py          (made with torch 2.15.0)

The networks are those of gradient_cases.py. Each runs in inference and in training, and a
gradient is given at one layer after another. README.md says what the files hold. Each
runs in float64 too: the script stops if a tensor is far from that, or if a value is so
near to a kink that rounding may bring it to the other side. It also stops if PyTorch's
gradients from several seeds at once are not the sums of those from each, since the files
hold only these.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

import gradient_cases as cases
import layers_pytorch
from common import GOLDEN, distance, save_npz

ACTIVATIONS = {"relu": F.relu, "mish": F.mish, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
TOLERANCES = {"outputs": 1e-5, "gradients": 1e-5, "statistics": 1e-5}  # by norm, of each tensor
FROM_FLOAT64 = 1e-6
FROM_KINK = 1e-4

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


class Run:
    """A network's forward pass, ready for any number of backward passes."""

    def __init__(self, network, given, training, dtype):
        self.network, self.training, self.kink = network, training, np.inf
        tensor = lambda v: torch.tensor(v.astype(dtype) * dtype(cases.UNIT))
        self.seeds = {k.removeprefix("seed/"): tensor(v) for k, v in given.items() if k.startswith("seed/")}
        self.params = {k.removeprefix("param/"): tensor(v) for k, v in given.items() if k.startswith("param/")}
        self.at = {k.removeprefix("x/"): tensor(v).requires_grad_() for k, v in given.items() if k.startswith("x/")}
        self.trained = [n for n in self.params if ".running_" not in n]
        for n in self.trained:
            self.params[n].requires_grad_()
        for i, l in enumerate(network["layers"]):
            x = [self.at[n] for n in cases.reads(network, i)]
            self.at[l["name"]] = self.layer(l, x)

    def layer(self, l, x):
        s, p = l["settings"], {n.split(".")[1]: v for n, v in self.params.items() if n.split(".")[0] == l["name"]}
        match l["kind"]:
            case "BatchNorm":
                return F.batch_norm(x[0], p["running_mean"], p["running_var"], p["weight"], p["bias"], self.training)
            case "Dropout":
                return F.dropout(x[0], s["Rate"], training=False)
            case "Activation" if s["Spelled"] in ("relu", "prelu:channel"):
                self.near(x[0].detach().abs().min())
                return F.prelu(x[0], p["alpha"]) if p else F.relu(x[0])
            case "Activation":
                return ACTIVATIONS[s["Spelled"]](x[0])
            case "MaxPool":
                windows = F.unfold(x[0].detach().flatten(0, 1)[:, None], s["Kernel"], stride=s["Stride"])
                first, second = windows.topk(2, 1).values.unbind(1)
                self.near((first - second).min())
        return layers_pytorch.apply(l["kind"], s, x, p.get("weight"), p.get("bias"))

    def near(self, distance):
        self.kink = min(self.kink, float(distance))

    def backward(self, seeded):
        """Gradients from seeds at these layers: of inputs and layers, None where none arrives, and of parameters."""
        of = [*self.at.values(), *(self.params[n] for n in self.trained)]
        got = torch.autograd.grad([self.at[n] for n in seeded], of, [self.seeds[n] for n in seeded],
                                  retain_graph=True, allow_unused=True)
        gradients = {n: None if g is None else g.numpy() for n, g in zip(self.at, got)}
        params = [np.zeros(v.shape) if g is None else g.numpy() for v, g in zip(of, got)][len(self.at):]
        return gradients, dict(zip(self.trained, params))


def tensors(network, given, training, dtype):
    """What one mode computes, tensor by tensor: <group>/<name>."""
    run = Run(network, given, training, dtype)
    out = {f"outputs/{l['name']}": run.at[l["name"]].detach().numpy() for l in network["layers"]}
    for n in cases.seeded(network):
        out |= parts(run, [n], n)
    if training:
        out |= {f"statistics/{n}": v.numpy() for n, v in run.params.items() if n not in run.trained}
    if run.kink < FROM_KINK:
        raise SystemExit(f"a value is {run.kink:.1e} from a kink")
    for several in (cases.seeded(network), network["outputs"]):
        for key, got in parts(run, several, "all").items():
            group, _, name = key.split("/", 2)
            sum_ = sum(out.get(f"{group}/{n}/{name}", 0) for n in several)
            if np.any(sum_) and distance(got, sum_) > FROM_FLOAT64:
                raise SystemExit(f"{key} from {several} is {distance(got, sum_):.1e} from the sum of its parts")
    return out


def parts(run, seeded, label):
    gradients, params = run.backward(seeded)
    out = {f"gradients/{label}/{n}": g for n, g in gradients.items() if g is not None}
    return out | {f"params/{label}/{n}": g for n, g in params.items()}


def packed(mode, computed):
    """The tensors of a group in one array: samples side by side, parameters end to end."""
    groups = {}
    for key, v in computed.items():
        group = key.rpartition("/")[0]
        rows = len(v) if group.split("/")[0] in ("outputs", "gradients") else None
        groups.setdefault(f"{mode}/{group}", []).append(v.reshape(rows, -1) if rows else v.reshape(-1))
    return {k: np.concatenate(v, axis=-1).astype(np.float32) for k, v in groups.items()}


def text(about):
    """JSON with a line for each key and each description in a list."""
    def value(v):
        if isinstance(v, list) and isinstance(v[0], dict):
            return "[\n  " + ",\n  ".join(map(json.dumps, v)) + "\n ]"
        return json.dumps(v)
    return "{\n" + ",\n".join(f" {json.dumps(k)}: {value(v)}" for k, v in about.items()) + "\n}\n"


def main():
    for name, network in cases.NETWORKS.items():
        given, out, worst = cases.values(name), {}, (0.0, "")
        for mode, training in (("inference", False), ("training", True)):
            got = tensors(network, given, training, np.float32)
            truth = tensors(network, given, training, np.float64)
            for key, want in truth.items():
                off = distance(got[key], want)
                worst = max(worst, (off, f"{mode}/{key}"))
                if off > FROM_FLOAT64:
                    raise SystemExit(f"{name}: {mode}/{key} is {off:.1e} from float64")
            out |= packed(mode, got)
        params = {k.removeprefix("param/"): v for k, v in given.items() if k.startswith("param/")}
        arrays = {k: v for k, v in given.items() if not k.startswith("param/")}
        arrays["params"] = np.concatenate([v.reshape(-1) for v in params.values()])
        save_npz(GOLDEN / "gradients" / f"{name}.npz", arrays | out)
        reached = lambda seed: [k.split("/")[2] for k in got if k.startswith(f"gradients/{seed}/")]
        about = {
            "framework": "pytorch", "versions": layers_pytorch.versions(), "generator": "testdata/ref/golden_gradients.py",
            "batch": network["batch"], "inputs": [{"name": n, "shape": s} for n, s in network["inputs"].items()],
            "layers": network["layers"], "outputs": network["outputs"], "params": list(params),
            "seeds": [{"at": n, "reaches": reached(n)} for n in cases.seeded(network)],
            "tolerances": TOLERANCES,
        }
        (GOLDEN / "gradients" / f"{name}.json").write_text(text(about))
        print(f"{name}: furthest from float64 {worst[0]:.1e}, {worst[1]}")


if __name__ == "__main__":
    main()
