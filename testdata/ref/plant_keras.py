"""Trains the networks of plant_networks.py in Keras, exports and records them, and plants bugs into the files.

    python plant_keras.py tensorflow FOLDER [--only REGEX]    (tf2onnx)
    python plant_keras.py jax FOLDER [--only REGEX]           (jax2onnx==0.17.1)

Made with the versions of requirements-keras.txt.
"""

import sys

import keras_backend

keras_backend.choose(sys.argv[1])
BACKEND = sys.argv.pop(1)

import logging
import re
import warnings

import keras
import numpy as np
from keras import layers as L

import plant_corpus
import plant_networks as networks
from plant_keras_layers import build, export, nhwc, record, train


def norms(model):
    """The variables and ε of every batch normalisation."""
    found = {}
    for l in model.layers:
        if isinstance(l, L.BatchNormalization):
            found |= {f"{l.name}.{v.name}": keras.ops.convert_to_numpy(v) for v in l.weights} | {f"{l.name}.epsilon": np.float64(l.epsilon)}
    return found


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    args = plant_corpus.arguments(__doc__)
    exporter = {"tensorflow": "tf2onnx", "jax": "jax2onnx"}[BACKEND]
    for name, (size, layers) in networks.NETWORKS.items():
        if not args.only.search(f"{name}-{exporter}") or BACKEND == "jax" and re.search("'(max|avg)pool'", str(layers)):  # ONNX Runtime runs no pool of jax2onnx's
            continue
        keras.utils.clear_session()
        keras.utils.set_random_seed(sum(name.encode()))
        rng, pictures, to = np.random.default_rng(sum(name.encode())), networks.Pictures(size), plant_corpus.fresh(args, f"{name}-{exporter}")
        source = keras.Input((*size[1:], size[0]), name="input")
        last, found = build(layers, source, rng)
        model = keras.Model(source, last)
        loss = train(model, pictures, layers[-1]["kind"] == "softmax", lambda: export(model, to / "snapshot.onnx"))
        export(model, to / "reference.onnx")
        images = nhwc(pictures.batch(networks.SAMPLES)[0])
        recorded, y = record(model, found, images)
        plant_corpus.write(args, to, "keras", exporter, found, images, recorded, y, loss, norms(model))


if __name__ == "__main__":
    main()
