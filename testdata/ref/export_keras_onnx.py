"""Makes testdata/golden/keras/prelu-element/tf2onnx.onnx with Keras's own ONNX export.

Keras hands the work to tf2onnx; start weights, input "input" NHWC. tf2onnx_names.py
settles the names that differ from run to run.
"""

import os

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3",
               "CUDA_VISIBLE_DEVICES": "-1"}

import numpy as np

import common
import keras_study
import tf2onnx_names

ACTIVATION = "prelu:element"


def main():
    start = common.start_values()
    model = keras_study.network(ACTIVATION)
    keras_study.load(model, common.start_params(start, ACTIVATION))
    model(np.zeros((1, 28, 28, 1), np.float32))  # Keras exports only models that were called
    path = common.GOLDEN / "keras" / common.folder(ACTIVATION) / "tf2onnx.onnx"
    model.export(path, format="onnx", verbose=False)
    tf2onnx_names.settle(path)
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
