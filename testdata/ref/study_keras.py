"""Repeats the study in Keras on TensorFlow and makes testdata/ref/study_keras.json.

    python study_keras.py --seeds 3     (made with Keras 3.15.1, see requirements-keras.txt)

By hand: it takes an hour of one core. It may be stopped and goes on with the next cell.
study_protocol.py says what is trained, study_torch.py what the file has.
"""

import math
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

import keras_study
import study_protocol as protocol

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


class Batches(keras.utils.PyDataset):
    """A part of the data in batches, for fit and evaluate."""

    def __init__(self, part, size):
        super().__init__()
        self.part, self.size = part, size

    def __len__(self):
        return math.ceil(len(self.part) / self.size)

    def __getitem__(self, i):
        x, y = self.part.batch(i * self.size, self.size)
        return x.reshape(-1, 28, 28, 1), y


def results(model, data):
    evaluate = lambda part: protocol.score(*model.evaluate(Batches(part, 1000), verbose=0))
    slopes = {layer.name: layer.alpha.numpy() for layer in model.layers if isinstance(layer, keras.layers.PReLU)}
    return {"train": evaluate(data.train), "test": evaluate(data.test), "slopes": protocol.slopes(slopes)}


def train(act, seed, data, epochs):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = keras_study.network(act)
    model.compile(optimizer=keras.optimizers.Adam(protocol.LR), metrics=["accuracy"], jit_compile=True,  # XLA: twice as fast
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history, best, kept = [], 0, None
    for epoch in range(1, epochs + 1):
        logs = model.fit(Batches(data.fit.shuffled(seed, epoch), protocol.BATCH), shuffle=False, verbose=0,
                         validation_data=Batches(data.held_out, 1000)).history
        row, held = (protocol.score(logs[k + "loss"][0], logs[k + "accuracy"][0]) for k in ("", "val_"))
        history.append(row | {"val_loss": held["loss"], "val_accuracy": held["accuracy"]})
        if not best or held["loss"] < history[best - 1]["val_loss"]:
            best, kept = epoch, model.get_weights()
    cell = {"epochs": history, "best_epoch": best, "last": results(model, data)}
    model.set_weights(kept)
    return cell | {"best": results(model, data) if best < epochs else cell["last"]}


if __name__ == "__main__":
    protocol.main(__doc__, "keras", {"keras": keras.__version__, "tensorflow": tf.__version__}, train)
