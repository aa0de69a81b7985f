

# ---- The study of activation functions ----------------------------------------------------
#
# MNIST and its inverse (1 − pixel), two convolutions and a dense layer, cross-entropy, Adam.


def study_arguments(parser):
    parser.add_argument("--out", default="bundle", help="folder of the bundle")
    parser.add_argument("--act", default="prelu", help="leaky:SLOPE, prelu, prelu:channel, prelu:one, relu, elu, gelu, swish or mish")
    parser.add_argument("--data", help="an .npz file with x_train (N, 28, 28) of bytes and y_train, as Keras keeps MNIST, or a folder with MNIST's IDX files", required=True)
    parser.add_argument("--optimizer", default="adam", choices=["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad"])
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)


def read_idx(path):
    """An IDX file of bytes, gzipped or not."""
    import gzip
    with open(path, "rb") as f:
        raw = f.read()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    rank = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def study_batches(args):
    """Batches (x, y): pictures (N, 28, 28) from 0 to 1, every second one inverted, and classes."""
    if os.path.isdir(args.data):
        found = {name: [os.path.join(args.data, f) for f in os.listdir(args.data) if f.startswith(f"train-{name}")] for name in ("images", "labels")}
        if not all(found.values()):
            raise Refused(f"{args.data} has no files train-images… and train-labels…")
        images, labels = read_idx(found["images"][0]), read_idx(found["labels"][0])
    else:
        with np.load(args.data, allow_pickle=False) as f:
            images, labels = f["x_train"], f["y_train"]
    rng = np.random.default_rng(args.seed)
    for _ in range(args.steps):
        at = rng.integers(0, 2 * len(images), args.batch)
        x = images[at // 2].astype(np.float32) / np.float32(255)
        yield np.where((at % 2 == 1)[:, None, None], 1 - x, x), labels[at // 2].astype(np.int64)
