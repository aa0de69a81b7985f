"""Speed of Keras on TensorFlow at the work of `gonn bench`: training and inference.

A step is one tf.function: bytes to pictures, forward, loss, backward, Adam. It runs
compiled by XLA and not; whoever compares takes the faster. Inference likewise.
"""

import os

import bench_common as bench

MODES = {"graph": False, "xla": True}
args = bench.arguments(__doc__, ["train", "infer"], list(MODES))
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# XLA's own thread pool takes its size from here.
os.environ["TF_NUM_INTRAOP_THREADS"] = str(args.threads)

import keras
import numpy as np
import tensorflow as tf

import keras_networks
import presets

tf.config.threading.set_intra_op_parallelism_threads(args.threads)
tf.config.threading.set_inter_op_parallelism_threads(args.threads)
keras.utils.set_random_seed(1)

NAME = {"peer": "keras", "version": f"{keras.__version__} on TensorFlow {tf.__version__}", "threads": args.threads}


def network(name, act):
    """A preset."""
    return keras_networks.build(presets.SHAPES[name], presets.PRESETS[name](bench.spelled(act)))


def train(name, act, mode):
    """Steps of training."""
    data = bench.Bytes(name)
    pixels = tf.constant(data.pixels.transpose(0, 2, 3, 1))
    model = network(name, act)
    adam = keras.optimizers.Adam(1e-3)
    adam.build(model.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(jit_compile=MODES[mode])
    def update(pictures, labels, flip):
        if data.inverts:
            pictures = tf.bitwise.bitwise_xor(pictures, flip[:, None, None, None])
        x = tf.cast(pictures, tf.float32) / 255
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(x, training=True))
        adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    batches, nothing = iter(data), tf.constant(np.zeros(0, np.uint8))

    def step():
        pictures, labels, flip = next(batches)
        update(tf.gather(pixels, pictures), tf.constant(labels), nothing if flip is None else tf.constant(flip))

    parameters = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    bench.emit_train(step, args.seconds, **NAME, net=name, act=act, mode=mode, parameters=parameters)


def infer(name, act, mode):
    """Inference from a tensor of pictures."""
    pictures = bench.Bytes(name).first(max(bench.BATCHES)).transpose(0, 2, 3, 1)
    model = network(name, act)
    run = tf.function(lambda x: model(x, training=False), jit_compile=MODES[mode])
    for batch in bench.BATCHES:
        x = tf.constant(pictures[:batch])
        bench.emit_infer(lambda: run(x).numpy(), batch, args.seconds, **NAME, net=name, act=act, mode=mode)


def main():
    for name in args.nets:
        for act in args.acts:
            for mode in args.modes:
                if "train" in args.parts:
                    train(name, act, mode)
                if "infer" in args.parts:
                    infer(name, act, mode)


if __name__ == "__main__":
    main()
