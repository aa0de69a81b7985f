

# ---- Derivatives in PyTorch ---------------------------------------------------------------
#
# gonn trains by the derivative of what a model computes. A model that changes gradients is found
# by computing them without that.

class Context:
    """In place of what autograd gives a function's forward: takes everything and does nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def own_functions(node):
    """The classes of functions with a backward of their own, of which a tensor with this grad_fn is made."""
    found, seen, todo = set(), set(), [node]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo.extend(next for next, _ in node.next_functions)
            if isinstance(node, torch.autograd.function.BackwardCFunction):
                found.add(type(node)._forward_cls)
    return found


def derivative_of(kind):
    """What is put in place of a function's forward and backward, so that backward is forward's derivative."""
    plain, compute = torch.autograd.Function.setup_context, kind.forward
    call = (lambda args: compute(Context(), *args)) if kind.setup_context is plain else (lambda args: compute(*args))

    def forward(ctx, *args):
        ctx.args = args
        return call(args)

    def backward(ctx, *gradients):
        with torch.enable_grad():
            args = [a.clone().requires_grad_() if isinstance(a, torch.Tensor) and a.is_floating_point() else a for a in ctx.args]
            given = [a for a in args if isinstance(a, torch.Tensor) and a.requires_grad]
            outputs = call(args)
            pairs = [(y, g) for y, g in zip(outputs if isinstance(outputs, tuple) else (outputs,), gradients) if g is not None and y.requires_grad]
            grads = iter(torch.autograd.grad([y for y, _ in pairs], given, [g for _, g in pairs], allow_unused=True))
        return tuple(next(grads) if isinstance(a, torch.Tensor) and a.requires_grad else None for a in args)
    return {"forward": staticmethod(forward), "backward": staticmethod(backward), "setup_context": staticmethod(plain)}


def undisturbed_torch():
    """A mode in which gradients are the derivatives of what a model computes: detach, no_grad and hooks on tensors do nothing."""
    class Undisturbed(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            if function in (torch.Tensor.detach, torch.Tensor.detach_, torch.Tensor.data.__get__):
                return args[0]
            if function is torch.Tensor.register_hook or function is torch._C._set_grad_enabled and not args[0]:
                return None
            return function(*args, **(kwargs or {}))
    return Undisturbed()


@contextlib.contextmanager
def undisturbed_model(model, made_by):
    """That mode, also without hooks of modules and with the derivatives of functions that have a backward of their own; made_by is the grad_fn of the model's output."""
    with contextlib.ExitStack() as stack:
        def replace(owner, name, value):
            stack.callback(setattr, owner, name, vars(owner)[name]) if name in vars(owner) else stack.callback(delattr, owner, name)
            setattr(owner, name, value)
        for m in model.modules():
            for name in ("_backward_hooks", "_backward_pre_hooks"):
                replace(m, name, type(getattr(m, name))())
        for kind in own_functions(made_by):
            for name, value in derivative_of(kind).items():
                replace(kind, name, value)
        stack.enter_context(undisturbed_torch())
        yield
