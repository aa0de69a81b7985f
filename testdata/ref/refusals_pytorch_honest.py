"""Honest trainings in PyTorch, which a recorder must not refuse."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from refusals import case
from refusals_pytorch_loop import Own, Twice, vectors


@case()
def plain(loop):
    pass


@case()
def closures(loop):
    def step(k):
        def closure():
            loop.opt.zero_grad()
            value = loop.loss(loop.model(loop.data[k][0]), loop.data[k][1])
            value.backward()
            return value
        loop.opt.step(closure)
    loop.value, loop.backward, loop.step, loop.before = lambda x, y: None, lambda value: None, lambda: None, step


@case()
def clipped_by_a_name(loop):
    loop.before = lambda k: clip_grad_norm_(loop.model.parameters(), 0.3)


@case()
def norm_measured_alone(loop):
    loop.before = lambda k: clip_grad_norm_(loop.model.parameters(), float("inf"))


@case()
def the_head_alone(loop):
    """The others have gradients, which add up."""
    loop.use(loop.model, loop.model[-1].parameters())


@case()
def frozen_layers(loop):
    loop.model[0].requires_grad_(False)
    loop.opt = torch.optim.AdamW([p for p in loop.model.parameters() if p.requires_grad], lr=0.01)


@case()
def groups_and_warmup(loop):
    loop.opt = torch.optim.Adam([{"params": loop.model[0].parameters(), "lr": 0.001}, {"params": [p for m in loop.model[1:] for p in m.parameters()], "weight_decay": 0.1}], lr=0.02)
    schedule = torch.optim.lr_scheduler.LambdaLR(loop.opt, lambda k: k / 2)
    loop.after = lambda k: schedule.step()


@case()
def log_softmax_before_the_loss(loop):
    loop.value = lambda x, y: loop.loss(functional.log_softmax(loop.model(x), 1), y)


@case()
def named_arguments_of_the_loss(loop):
    loop.value = lambda x, y: loop.loss(input=loop.model(x), target=y)


@case()
def evaluated_between_steps(loop):
    def evaluate(k):
        loop.model.eval()
        with torch.no_grad():
            loop.loss(loop.model(loop.data[0][0]), loop.data[0][1])
        loop.model.train()
    loop.after = evaluate


class Slim(torch.autograd.Function):
    """SiLU that keeps its input alone."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.sigmoid()

    @staticmethod
    def backward(ctx, dy):
        s = ctx.saved_tensors[0].sigmoid()
        return dy * s * (1 + ctx.saved_tensors[0] * (1 - s))


@case()
def right_derivative_of_its_own(loop):
    loop.use(vectors(Own(Slim.apply)))


@case()
def dropout_in_place(loop):
    loop.use(vectors(nn.Dropout(0.4, inplace=True)))


KEPT = functional.dropout


@case()
def dropout_by_a_name_that_was_kept(loop):
    loop.use(vectors(Own(lambda x: KEPT(x, 0.4))))


@case()
def dropout_of_torch(loop):
    loop.use(vectors(Own(lambda x: torch.dropout(x, 0.4, True))))


@case()
def dropout_that_does_not_train(loop):
    loop.use(vectors(nn.Dropout(0.4).eval(), nn.Dropout(0.2), nn.AlphaDropout(0.4).eval(), Own(lambda x: functional.dropout(torch.dropout(x, 0.4, False), 0.4, False))))


@case()
def dropout_outside_of_the_model(loop):
    def after(k):
        x = torch.ones(99)
        functional.dropout(x, 0.5, inplace=True)
        assert torch.any(x == 0), "not in place"
    loop.after = after


class Branch(nn.Module):
    """A Dropout that inference does not reach."""

    def forward(self, x):
        return functional.dropout(input=x, p=0.4) if self.training else x


@case()
def dropout_in_a_branch_of_training(loop):
    loop.use(vectors(Branch()))


@case()
def shared_layers(loop):
    loop.use(vectors(Twice(nn.Linear(8, 8)), Twice(nn.PReLU()), Twice(nn.Dropout(0.3))))


@case()
def smoothing_and_class_weights(loop):
    loop.loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5, 1.5]), label_smoothing=0.1)


@case()
def no_first_moment(loop):
    loop.opt = torch.optim.Adam(loop.model.parameters(), betas=(0.0, 0.9))


@case()
def one_cycle_of_momentum(loop):
    schedule = torch.optim.lr_scheduler.OneCycleLR(loop.opt, 0.1, total_steps=10)
    loop.after = lambda k: schedule.step()


@case()
def one_cycle_of_betas(loop):
    loop.opt = torch.optim.Adam(loop.model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(loop.opt, 0.1, total_steps=10)
    loop.after = lambda k: schedule.step()


@case()
def betas_from_zero(loop):
    loop.opt = torch.optim.Adam(loop.model.parameters(), betas=(0.0, 0.9))
    loop.after = lambda k: loop.opt.param_groups[0].update(betas=(0.5 * k, 0.9))


@case()
def batch_norm_without_slopes(loop):
    loop.model[1] = nn.BatchNorm2d(3, affine=False)
    loop.use(loop.model)


@case()
def batch_norm_without_a_shift(loop):
    loop.model[1].bias = None
    loop.use(loop.model)
