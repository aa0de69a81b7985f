

class ElementPReLU(nn.Module):
    """PReLU with one slope per element of the feature map, which nn.PReLU lacks."""

    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


def study_activation(name, shape):
    kind, _, argument = name.partition(":")
    made = {
        "leaky": lambda: nn.LeakyReLU(float(argument)), "relu": nn.ReLU, "elu": nn.ELU, "gelu": nn.GELU, "swish": nn.SiLU, "mish": nn.Mish,
        "prelu": lambda: {"channel": lambda: nn.PReLU(shape[0]), "one": nn.PReLU}.get(argument, lambda: ElementPReLU(shape))(),
    }
    if kind not in made:
        raise Refused(f"--act {name}: there is no such activation here; --help lists them")
    return made[kind]()


def study(args):
    torch.manual_seed(args.seed)
    model = nn.Sequential()
    for name, layer in (("conv1", nn.Conv2d(1, 8, 7)), ("act1", study_activation(args.act, (8, 22, 22))), ("conv2", nn.Conv2d(8, 8, 5)),
                        ("act2", study_activation(args.act, (8, 18, 18))), ("flatten", nn.Flatten()), ("dense", nn.Linear(2592, 10))):
        model.add_module(name, layer)
    loss, o, p = nn.CrossEntropyLoss(), torch.optim, model.parameters()
    optimizer = {"sgd": lambda: o.SGD(p, args.lr), "momentum": lambda: o.SGD(p, args.lr, momentum=0.9), "nesterov": lambda: o.SGD(p, args.lr, momentum=0.9, nesterov=True),
                 "adam": lambda: o.Adam(p, args.lr), "adamw": lambda: o.AdamW(p, args.lr), "rmsprop": lambda: o.RMSprop(p, args.lr), "adagrad": lambda: o.Adagrad(p, args.lr)}[args.optimizer]()
    with Recorder(model, loss, optimizer, args.out) as r:
        for x, y in study_batches(args):
            optimizer.zero_grad()
            value = loss(model(torch.from_numpy(x[:, None])), torch.from_numpy(y))
            value.backward()
            optimizer.step()
    print(f"{args.out}: {steps_of(r.done)} of PyTorch, last loss {float(value.detach()):.4f}; gonn compare {args.out} repeats them in Go")
    return 0
