"""Repeats the study in PyTorch and makes testdata/ref/study_torch.json.

    python study_torch.py --seeds 3     (made with PyTorch 2.15.0, see requirements-torch.txt)

By hand: it takes an hour of one core. It may be stopped and goes on with the next cell.
study_protocol.py says what is trained. Of each activation and seed the file has "epochs" (running
means of the training, and the held-out part afterwards), "best_epoch", and of the last and of the
best epoch the loss and accuracy on all training samples and on the test set, evaluated
afterwards, and the learned slopes of each layer.
"""

import copy

import torch
from torch import nn
from torch.nn import functional

import study_protocol as protocol
import torch_study


def network(act, seed):
    """The study's network in Keras's start: Glorot's uniform weights, biases and slopes of 0."""
    torch.manual_seed(seed)
    net = torch_study.network(act)
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return net


def tensors(batch):
    return torch.from_numpy(batch[0]), torch.from_numpy(batch[1])


@torch.inference_mode()
def evaluate(net, part):
    mean = protocol.Mean()
    for batch in part.batches(1000):
        x, y = tensors(batch)
        z = net(x)
        mean.add(len(y), functional.cross_entropy(z, y).item(), (z.argmax(1) == y).sum().item())
    return mean.result()


def fit(net, optimizer, part):
    """An epoch; its loss and accuracy as each batch saw them before its step."""
    mean = protocol.Mean()
    for batch in part.batches(protocol.BATCH):
        x, y = tensors(batch)
        z = net(x)
        loss = functional.cross_entropy(z, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean.add(len(y), loss.item(), (z.argmax(1) == y).sum().item())
    return mean.result()


def results(net, data):
    slopes = {f"act{i}": net.get_submodule(f"act{i}").weight.detach().numpy() for i in (1, 2)
              if isinstance(net.get_submodule(f"act{i}"), torch_study.ElementPReLU)}
    return {"train": evaluate(net, data.train), "test": evaluate(net, data.test), "slopes": protocol.slopes(slopes)}


def train(act, seed, data, epochs):
    net = network(act, seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=protocol.LR)
    history, best, kept = [], 0, None
    for epoch in range(1, epochs + 1):
        row = fit(net, optimizer, data.fit.shuffled(seed, epoch))
        held = evaluate(net, data.held_out)
        history.append(row | {"val_loss": held["loss"], "val_accuracy": held["accuracy"]})
        if not best or held["loss"] < history[best - 1]["val_loss"]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
    cell = {"epochs": history, "best_epoch": best, "last": results(net, data)}
    net.load_state_dict(kept)
    return cell | {"best": results(net, data) if best < epochs else cell["last"]}


if __name__ == "__main__":
    protocol.main(__doc__, "torch", {"torch": torch.__version__}, train)
