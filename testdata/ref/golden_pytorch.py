"""Makes testdata/golden/pytorch/<case>/case.npz and case.json with PyTorch.

Each case runs again in float64, and the distance of the float32 result from it
is printed: a golden far from the truth would be a bad judge.
"""

import numpy as np
import torch

import common
import torch_study


def arrays(tensors, shapes):
    """Canonical float arrays of torch tensors."""
    return {name: tensor.detach().numpy().reshape(shapes[name]).copy()
            for name, tensor in tensors.items()}


def run(activation, params, batches, dtype):
    """All tensors of one case, computed in dtype."""
    net = torch_study.network(activation)
    torch_study.load(net, params)
    net.to(dtype)
    own = torch_study.parameters(net)
    shapes = {name: value.shape for name, value in params.items()}
    optimizer = torch.optim.Adam(net.parameters(), lr=common.LEARNING_RATE)

    def backward(batch):
        images, labels = batch
        optimizer.zero_grad()
        logits = net(torch.from_numpy(images).to(dtype))
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels))
        loss.backward()
        return logits.detach().numpy(), loss.item()

    logits, loss = backward(batches[0])
    out = {"logits": logits, "loss": np.array(loss, logits.dtype)}
    grads = arrays({name: p.grad for name, p in own.items()}, shapes)
    out |= {f"grad/{name}": grad for name, grad in grads.items()}

    losses = []
    for step, batch in enumerate(batches[1:], 1):
        losses.append(backward(batch)[1])
        optimizer.step()
        if step in (1, common.STEPS):
            out |= {f"adam{step}/{name}": value
                    for name, value in arrays(own, shapes).items()}
    out["adam/losses"] = np.array(losses, logits.dtype)
    return out


def main():
    data = common.TrainSet(common.arguments(__doc__).mnist)
    start = common.start_values()
    batches = common.batches(start, data)
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    for activation in common.ACTIVATIONS:
        params = common.start_params(start, activation)
        got = run(activation, params, batches, torch.float32)
        truth = run(activation, params, batches, torch.float64)
        common.save_case("pytorch", activation, versions, "golden_pytorch.py", got)
        common.report(activation, got, truth)


if __name__ == "__main__":
    main()
