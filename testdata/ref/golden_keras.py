"""Makes testdata/golden/keras/<case>/case.npz and case.json with Keras on TensorFlow.

Keras holds images NHWC, kernels HWIO, dense rows in H,W,C order and element
slopes [H,W,C]; everything is turned into the canonical layout before it is
stored. Each case runs again in float64, and the distance is printed.
"""

import os

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3",
               "CUDA_VISIBLE_DEVICES": "-1"}

import keras
import numpy as np
import tensorflow as tf

import common
import keras_study

PRECISIONS = ["float32", "float64"]


def run(activation, params, batches, precision):
    """All tensors of one case, computed in the given precision."""
    keras.config.set_floatx(precision)
    keras.config.set_dtype_policy(precision)
    model = keras_study.network(activation)
    keras_study.load(model, params)
    own = keras_study.variables(model)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(common.LEARNING_RATE)

    def backward(batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = model(images.transpose(0, 2, 3, 1).astype(precision), training=True)
            loss = loss_of(labels, logits)
        return logits.numpy(), loss.numpy(), tape.gradient(loss, [v.value for v in own.values()])

    logits, loss, grads = backward(batches[0])
    out = {"logits": logits, "loss": loss}
    for name, grad in zip(own, grads):
        out[f"grad/{name}"] = keras_study.canonical(name, grad.numpy())

    losses = []
    for step, batch in enumerate(batches[1:], 1):
        _, loss, grads = backward(batch)
        losses.append(loss)
        optimizer.apply(grads, list(own.values()))
        if step in (1, common.STEPS):
            out |= {f"adam{step}/{name}": keras_study.canonical(name, v.numpy())
                    for name, v in own.items()}
    out["adam/losses"] = np.array(losses, precision)
    return out


def main():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(1)

    data = common.TrainSet(common.arguments(__doc__).mnist)
    start = common.start_values()
    batches = common.batches(start, data)
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__,
                "numpy": np.__version__}
    for activation in common.ACTIVATIONS:
        params = common.start_params(start, activation)
        got, truth = (run(activation, params, batches, p) for p in PRECISIONS)
        common.save_case("keras", activation, versions, "golden_keras.py", got)
        common.report(activation, got, truth)


if __name__ == "__main__":
    main()
