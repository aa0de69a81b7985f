"""Speed of Keras on TensorFlow at the work of `gonn bench`: training and inference.

A step is one tf.function: bytes to pictures, forward, loss, backward, Adam. It runs
compiled by XLA and not; whoever compares takes the faster. Inference likewise.
"""

import os

import bench_common as bench

args = bench.arguments(__doc__, ["train", "infer"])
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# XLA's own thread pool takes its size from here.
os.environ["TF_NUM_INTRAOP_THREADS"] = str(args.threads)

import keras
import tensorflow as tf

import keras_study

tf.config.threading.set_intra_op_parallelism_threads(args.threads)
tf.config.threading.set_inter_op_parallelism_threads(args.threads)
keras.utils.set_random_seed(1)

NAME = {"peer": "keras", "version": f"{keras.__version__} on TensorFlow {tf.__version__}", "threads": args.threads}
MODES = {"graph": False, "xla": True}


def train(act, mode):
    """Steps of training."""
    data = bench.Bytes()
    pixels = tf.constant(data.pixels[..., None])
    model = keras_study.network(bench.spelled(act))
    adam = keras.optimizers.Adam(1e-3)
    adam.build(model.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(jit_compile=MODES[mode])
    def update(pictures, labels, flip):
        flipped = tf.bitwise.bitwise_xor(pictures, flip[:, None, None, None])
        x = tf.cast(flipped, tf.float32) / 255
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(x, training=True))
        adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    batches = iter(data)

    def step():
        pictures, labels, flip = next(batches)
        update(tf.gather(pixels, pictures), tf.constant(labels), tf.constant(flip))

    bench.emit_train(step, args.seconds, **NAME, act=act, mode=mode)


def infer(act, mode):
    """Inference from a tensor of pictures."""
    pictures = bench.Bytes().first(max(bench.BATCHES)).transpose(0, 2, 3, 1)
    model = keras_study.network(bench.spelled(act))
    run = tf.function(lambda x: model(x, training=False), jit_compile=MODES[mode])
    for batch in bench.BATCHES:
        x = tf.constant(pictures[:batch])
        bench.emit_infer(lambda: run(x).numpy(), batch, args.seconds, **NAME, act=act, mode=mode)


def main():
    for act in args.acts:
        for mode in MODES:
            if "train" in args.parts:
                train(act, mode)
            if "infer" in args.parts:
                infer(act, mode)


if __name__ == "__main__":
    main()
