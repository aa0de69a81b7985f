

def study_activation(spelled, name):
    kind, _, argument = spelled.partition(":")
    layers, functions = keras.layers, keras.activations
    made = {
        "leaky": lambda: layers.Activation(lambda x: ops.leaky_relu(x, float(argument)), name=name),  # the layer refuses negative slopes
        "relu": lambda: layers.ReLU(name=name), "elu": lambda: layers.ELU(name=name), "swish": lambda: layers.Activation(functions.silu, name=name),
        "gelu": lambda: layers.Activation(lambda x: functions.gelu(x, approximate=False), name=name), "mish": lambda: layers.Activation(functions.mish, name=name),
        "prelu": lambda: layers.PReLU(shared_axes={"channel": [1, 2], "one": [1, 2, 3]}.get(argument), name=name),
    }
    if kind not in made:
        raise Refused(f"--act {spelled}: there is no such activation here; --help lists them")
    return made[kind]()


def study(args):
    keras.utils.set_random_seed(args.seed)
    layers, o, lr = keras.layers, keras.optimizers, args.lr
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(8, 7, name="conv1"), study_activation(args.act, "act1"), layers.Conv2D(8, 5, name="conv2"),
        study_activation(args.act, "act2"), layers.Flatten(name="flatten"), layers.Dense(10, activation="softmax", name="dense")])
    optimizer = {"sgd": lambda: o.SGD(lr), "momentum": lambda: o.SGD(lr, momentum=0.9), "nesterov": lambda: o.SGD(lr, momentum=0.9, nesterov=True), "adam": lambda: o.Adam(lr),
                 "adamw": lambda: o.AdamW(lr), "rmsprop": lambda: o.RMSprop(lr), "adagrad": lambda: o.Adagrad(lr)}[args.optimizer]()
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss)
    with Recorder(model, loss, optimizer, args.out) as r:
        for x, y in study_batches(args):
            value = model.train_on_batch(x[..., None], y)
    print(f"{args.out}: {steps_of(r.done)} of Keras on {BACKEND}, last running loss {float(np.ravel(value)[0]):.4f}; gonn compare {args.out} repeats them in Go")
    return 0
