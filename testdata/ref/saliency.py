"""Makes testdata/golden/saliency.json: input gradients and Grad-CAM of a small network.

    python saliency.py          (made with torch 2.15.0)

Grad-CAM is taken by hooks at modules, as PyTorch users do: a forward hook keeps the module's
output and a hook on that tensor its gradient. Weights and samples are whole numbers, in 64ths.
The script stops if a value is so near to a kink that rounding may bring it to the other side,
if float32 is far from float64, or if a map is zero everywhere.
"""

import json

import numpy as np
import torch
import torch.nn as nn

from common import GOLDEN, distance
from layers_pytorch import versions

CLASSES = [0, 3, 4]
LAYERS = ["conv1", "act1", "conv2", "act2"]
FROM_FLOAT64 = 1e-6
FROM_KINK = 1e-4

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def network():
    names = ["conv1", "act1", "pool", "conv2", "act2", "flatten", "dense"]
    modules = [nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, (2, 3)), nn.Mish(), nn.Flatten(), nn.Linear(36, 5)]
    net = nn.Sequential()
    for name, module in zip(names, modules):
        net.add_module(name, module)
    return net


def explained(net, x):
    kept, gradients, least = {}, {}, []

    def keep(name):
        def hook(module, inputs, output):
            kept[name] = output
            output.register_hook(lambda g: gradients.__setitem__(name, g))
            if name == "act1":
                least.append(inputs[0].detach().abs().min().item())
        return hook

    handles = [getattr(net, name).register_forward_hook(keep(name)) for name in LAYERS]
    x = x.clone().requires_grad_()
    scores = net(x)
    scores[torch.arange(len(CLASSES)), CLASSES].sum().backward()
    for h in handles:
        h.remove()
    if min(least) < FROM_KINK:
        raise SystemExit(f"a value is {min(least):.1e} from the kink")
    out = {"scores": scores.detach(), "gradient": x.grad}
    for name in LAYERS:
        alpha = gradients[name].mean(dim=(2, 3), keepdim=True)
        out[f"cam/{name}"] = torch.relu((alpha * kept[name]).sum(dim=1)).detach()
    return {k: v.numpy() for k, v in out.items()}


def main():
    rng = np.random.default_rng(6)
    net = network()
    whole = lambda shape, limit: rng.integers(-limit, limit + 1, shape)
    params = {n: whole(tuple(p.shape), 24 if p.ndim > 1 else 8) for n, p in net.named_parameters()}
    x = rng.integers(0, 65, (len(CLASSES), 3, 8, 9))
    runs = {}
    for dtype in (torch.float32, torch.float64):
        net.to(dtype).load_state_dict({n: torch.tensor(v / 64, dtype=dtype) for n, v in params.items()})
        runs[dtype] = explained(net, torch.tensor(x / 64, dtype=dtype))
    for key, want in runs[torch.float64].items():
        got = runs[torch.float32][key]
        if distance(got, want) > FROM_FLOAT64:
            raise SystemExit(f"{key} is {distance(got, want):.1e} from float64")
        if not np.all(np.abs(got).reshape(len(CLASSES), -1).max(axis=1) > 0):
            raise SystemExit(f"{key} of a sample is 0 everywhere")
    flat = lambda arrays: {k: v.reshape(-1).tolist() for k, v in arrays.items()}
    golden = {
        "versions": versions(), "generator": "testdata/ref/saliency.py", "classes": CLASSES,
        "params": flat(params), "x": x.reshape(-1).tolist(),
        "pytorch": {k: [float(f"{u:.9g}") for u in v] for k, v in flat(runs[torch.float32]).items()},
    }
    (GOLDEN / "saliency.json").write_text("{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")


if __name__ == "__main__":
    main()
