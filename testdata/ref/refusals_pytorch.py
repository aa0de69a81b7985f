"""Trainings that a recorder in PyTorch must refuse at once, and honest ones that it must not.

    gonn record pytorch --out gonn_record.py
    python refusals_pytorch.py --recorder gonn_record.py FOLDER

Each case changes one thing of a small training. A case that is refused names the words that the
message must have, and nothing of it may be left; the others are recorded, for `gonn compare FOLDER/CASE`.
"""

import sys

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

import refusals
import refusals_pytorch_honest  # adds its cases
from refusals import case
from refusals_pytorch_loop import Loop, Own, Twice, vectors


@case("step 1: the optimizer's momentum is 0.9, in the first recorded step it was 0; only the learning rate, betas, and a momentum that is 0 in no step may change")
def momentum_from_zero(loop):
    loop.opt = torch.optim.SGD(loop.model.parameters(), lr=0.05)
    loop.after = lambda k: loop.opt.param_groups[0].update(momentum=0.9)


@case("step 2: the optimizer's momentum is 0, in the first recorded step it was 0.9")
def momentum_to_zero(loop):
    loop.after = lambda k: loop.opt.param_groups[0].update(momentum=0.9 * (k == 0))


@case("step 2: the optimizer's weight_decay of group 0 is 0.5")
def weight_decay_that_changes(loop):
    loop.after = lambda k: loop.opt.param_groups[0].update(weight_decay=0.5) if k == 1 else None


@case("step 1: gradients are clipped by nothing, in the first recorded step by norm 0.3")
def clipped_in_some_steps(loop):
    loop.before = lambda k: None if k % 2 else clip_grad_norm_(loop.model.parameters(), 0.3)


@case("step 0: the optimizer took gradients that are not the computed ones, clipped by norm 0.01")
def clipped_in_part(loop):
    loop.before = lambda k: clip_grad_norm_(loop.model[0].parameters(), 0.01)


@case("step 0: the optimizer took gradients that are not the computed ones:")
def clipped_by_hand(loop):
    def clip(k):
        for p in loop.model.parameters():
            p.grad.clamp_(-0.001, 0.001)
    loop.before = clip


@case("by norm and by value")
def clipped_twice(loop):
    loop.before = lambda k: (clip_grad_norm_(loop.model.parameters(), 1), nn.utils.clip_grad_value_(loop.model.parameters(), 1))


@case("step 0: the loss is")
def temperature(loop):
    loop.value = lambda x, y: loop.loss(loop.model(x) / 2, y)


@case("step 0: the loss is")
def softmax_before_the_loss(loop):
    loop.value = lambda x, y: loop.loss(loop.model(x).softmax(1), y)


@case("step 0: targets that are mixed, soft")
def mixed_targets(loop):
    loop.value = lambda x, y: loop.loss(loop.model(x), 0.7 * functional.one_hot(y, 4) + 0.3 * functional.one_hot(y.flip(0), 4))


@case("step 0: the gradient of")
def mixed_losses(loop):
    def value(x, y):
        out = loop.model(x)
        return 0.7 * loop.loss(out, y) + 0.3 * loop.loss(out, y.flip(0))
    loop.value = value


@case("step 0: the targets [-100")
def samples_without_a_class(loop):
    loop.data = [(x, torch.where(torch.arange(6) < 2, -100, y)) for x, y in loop.data]


@case("step 0: the loss is")
def targets_that_broadcast(loop):
    loop.use(nn.Sequential(nn.Flatten(), nn.Linear(84, 1)))
    loop.loss, loop.value = nn.MSELoss(), lambda x, y: loop.loss(loop.model(x), y.float())


@case("step 0: the gradient of")
def penalty(loop):
    loop.value = lambda x, y: loop.loss(loop.model(x), y) + 0.01 * loop.model[0].weight.square().sum()


@case("step 0: the gradient of")
def scaled_loss(loop):
    loop.backward = lambda value: (8 * value).backward()


@case("step 1: the gradient of")
def gradients_that_add_up(loop):
    loop.clear = lambda: None


@case("step 0: the gradient of 7.weight")
def hook_on_a_parameter(loop):
    loop.model[-1].weight.register_hook(lambda g: 2 * g)


@case("step 1: 7.weight is not what the step before left")
def clamped_weights(loop):
    def clamp(k):
        with torch.no_grad():
            loop.model[-1].weight.clamp_(-0.1, 0.1)
    loop.after = clamp


@case("step 1: 1.running_mean is not what the step before left")
def statistics_that_are_reset(loop):
    loop.after = lambda k: loop.model[1].reset_running_stats()


@case("step 1: momentum_buffer/0.weight is not what the step before left")
def state_that_is_reset(loop):
    loop.after = lambda k: loop.opt.state.clear()


@case("step 0: 7.weight changed between the forward pass")
def changed_before_the_step(loop):
    def change(k):
        with torch.no_grad():
            loop.model[-1].weight += 0.1
    loop.before = change


@case("step 0: the optimizer's step did not give what SGD")
def changed_behind_the_step(loop):
    def change(*_):
        with torch.no_grad():
            loop.model[-1].weight.clamp_(-0.1, 0.1)
    loop.opt.register_step_post_hook(change)


@case("step 0: the optimizer's step did not give what SGD")
def signs_of_gradients(loop):
    def sign(*_):
        for p in loop.model.parameters():
            p.grad.sign_()
    loop.begin = lambda k: loop.opt.register_step_pre_hook(sign) if k == 0 else None  # behind the recorder's hook


@case("step 0: the model changes gradients in the backward pass")
def detached_branch(loop):
    loop.use(vectors(Own(lambda x: x + torch.tanh(x).detach())))


@case("step 0: the model changes gradients in the backward pass")
def branch_without_gradients(loop):
    def branch(x):
        with torch.no_grad():
            y = torch.tanh(x)
        return x + y
    loop.use(vectors(Own(branch)))


class Straight(torch.autograd.Function):
    """A straight-through estimator."""

    @staticmethod
    def forward(ctx, x):
        return x.tanh()

    @staticmethod
    def backward(ctx, dy):
        return dy


@case("step 0: the model changes gradients in the backward pass")
def straight_through(loop):
    loop.use(vectors(Own(Straight.apply)))


@case("step 0: the model changes gradients in the backward pass")
def hook_on_a_layer(loop):
    loop.model[0].register_full_backward_hook(lambda m, dx, dy: None)
    loop.model[4].register_full_backward_hook(lambda m, dx, dy: (dx[0] * 2,))


@case("step 0: run again on the same input, the model gives other outputs")
def noise(loop):
    loop.use(vectors(Own(lambda x: x + 0.1 * torch.rand_like(x))))


@case("alpha dropout is not replayed: set its p to 0")
def alpha_dropout(loop):
    loop.use(vectors(nn.AlphaDropout(0.0), nn.AlphaDropout(0.2).eval(), nn.AlphaDropout(0.2)))


@case("called several times in a step")
def shared_batch_norm(loop):
    loop.use(vectors(Twice(nn.BatchNorm1d(8))))


@case("the model cannot be exported to ONNX")
def without_a_form_in_onnx(loop):
    loop.use(vectors(Own(lambda x: torch.special.i0(x))))


@case("a Recorder takes a torch.nn.Module")
def arguments_in_another_order(loop):
    loop.model, loop.opt = loop.opt, loop.model


@case("a second forward pass")
def accumulated_batches(loop):
    loop.value = lambda x, y: loop.loss(loop.model(x[:3]), y[:3]) + loop.loss(loop.model(x[3:]), y[3:])


@case("without a forward pass of the model in training mode")
def evaluation_mode(loop):
    loop.model.eval()


@case("1: BatchNorm with momentum=None")
def batch_norm_that_averages(loop):
    loop.model[1] = nn.BatchNorm2d(3, momentum=None)


@case("1: BatchNorm with momentum=None or track_running_stats=False")
def batch_norm_without_statistics(loop):
    loop.model[1] = nn.BatchNorm2d(3, track_running_stats=False)


@case("step 1: other parameters have gradients")
def thawed_layers(loop):
    loop.begin = lambda k: loop.model[0].requires_grad_(k > 0)


@case("step 0: the loss is nan")
def not_a_number(loop):
    loop.data = [(x * float("nan"), y) for x, y in loop.data]


@case("only float32 is replayed: record without autocast")
def lower_precision(loop):
    def value(x, y):
        with torch.autocast("cpu", torch.bfloat16):
            return loop.loss(loop.model(x), y)
    loop.value = value


if __name__ == "__main__":
    sys.exit(refusals.main(__doc__, Loop))
