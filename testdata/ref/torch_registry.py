"""PyTorch's default exporter reads its table of 500 operators anew for every model, which takes most of its time: once is enough."""

import functools

from torch.onnx._internal.exporter._registration import ONNXRegistry

ONNXRegistry.from_torchlib = staticmethod(functools.cache(ONNXRegistry.from_torchlib))
