"""Chooses Keras's backend, before Keras is imported."""

import os
import sys


def choose(backend):
    """backend: tensorflow, jax or torch. The script starts again if it must, so that every run goes through sets in the same order."""
    if sys.flags.hash_randomization:  # tf2onnx goes through sets of names
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    os.environ |= {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
