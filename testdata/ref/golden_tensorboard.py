"""Makes testdata/golden/tensorboard.events: one event of each kind, as TensorBoard's own
messages and record writer write them.

    python golden_tensorboard.py     (made with TensorBoard 2.21.0, see requirements-tensorboard.txt)

The test of train/tensorboard writes the same events and compares the bytes. The histogram's
buckets are NumPy's.
"""

import os

import numpy as np
from google.protobuf import struct_pb2
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2, types_pb2
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
WALL_TIME = 1700000000.25
HISTOGRAM = [float(np.float32(x)) for x in (-1.5, -0.25, 0.0, 0.1, 0.1, 2.0, 0.5)]


def summary(tag, **value):
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, **value)])


def histogram(values):
    """np.histogram has the buckets of tf.summary.histogram; equal values are one bucket."""
    v = np.asarray(values, np.float64)
    if v.min() == v.max():
        counts, limits = [len(v)], [v[0]]
    else:
        counts, edges = np.histogram(v, bins=30)
        limits = v.min() + (v.max() - v.min()) * np.arange(1, 31) / 30
        np.testing.assert_allclose(limits, edges[1:], rtol=0, atol=1e-12)
        limits[-1] = v.max()
    return summary_pb2.HistogramProto(
        min=v.min(), max=v.max(), num=len(v), sum=sum(v), sum_squares=sum(v * v), bucket_limit=limits, bucket=counts)


def hparams(tag, **content):
    data = plugin_data_pb2.HParamsPluginData(**content)
    metadata = hparams_metadata.create_summary_metadata(data)
    metadata.plugin_data.content = data.SerializeToString(deterministic=True)  # maps in the order of their keys
    return summary(tag, metadata=metadata, tensor=hparams_metadata.NULL_TENSOR)


def session_start():
    info = plugin_data_pb2.SessionStartInfo(start_time_secs=WALL_TIME)
    for name, value in {"act": "prelu", "batch": 128, "lr": 0.001, "fast_conv": True, "momentum": 0}.items():
        field = "bool_value" if isinstance(value, bool) else "string_value" if isinstance(value, str) else "number_value"
        info.hparams[name].CopyFrom(struct_pb2.Value(**{field: value}))
    return hparams(hparams_metadata.SESSION_START_INFO_TAG, session_start_info=info)


def session_end():
    info = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=WALL_TIME)
    return hparams(hparams_metadata.SESSION_END_INFO_TAG, session_end_info=info)


def node(graph, name, op, inputs, output, **attrs):
    n = graph.node.add(name=name, op=op, input=inputs)
    shape = n.attr["_output_shapes"].list.shape.add()
    for size in [-1] + output:
        shape.dim.add(size=size)
    for key, value in attrs.items():
        key = key.replace("__", ".")
        if isinstance(value, tuple):
            n.attr[key].shape.SetInParent()
            for size in value:
                n.attr[key].shape.dim.add(size=size)
        elif isinstance(value, list):
            n.attr[key].list.i.extend(value)
        elif isinstance(value, bool):
            n.attr[key].b = value
        elif isinstance(value, int):
            n.attr[key].i = value
        else:
            n.attr[key].s = value.encode()


def graph():
    g = graph_pb2.GraphDef()
    node(g, "input", "Placeholder", [], [1, 4, 4], shape=(1, 4, 4))
    node(g, "block/conv_1", "Conv", ["input"], [2, 3, 3], param__weight=(2, 1, 2, 2), Out=2, Kernel=[2, 2], NoBias=True)
    node(g, "act", "prelu", ["block/conv_1"], [2, 3, 3], param__alpha=(2, 1, 1), activation="prelu:channel")
    node(g, "act_2", "Flatten", ["act"], [18])
    node(g, "dense", "Dense", ["act_2"], [3], param__weight=(3, 18), param__bias=(3,), Out=3)
    g.versions.producer = 22
    return g.SerializeToString(deterministic=True)


def events():
    yield dict(file_version="brain.Event:2")
    yield dict(graph_def=graph())
    yield dict(summary=session_start())
    yield dict(summary=summary(
        "settings", tensor=tensor_util.make_tensor_proto("| a | b |", dtype=types_pb2.DT_STRING),
        metadata=text_metadata.create_summary_metadata(display_name=None, description=None)))
    yield dict(step=1, summary=summary("loss/train", simple_value=0.125))
    yield dict(step=1, summary=summary("accuracy/train", simple_value=0))
    yield dict(step=300, summary=summary("weights/conv1.weight", histo=histogram(HISTOGRAM)))
    yield dict(step=300, summary=summary("slopes/act1.alpha", histo=histogram([0, 0, 0])))
    yield dict(step=300, summary=summary("filters/conv1", image=summary_pb2.Summary.Image(
        height=2, width=3, colorspace=3, encoded_image_string=b"\x89PNG\r\n")))
    yield dict(step=301, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
    yield dict(step=5, summary=session_end())


def main():
    with open(os.path.join(GOLDEN, "tensorboard.events"), "wb") as f:
        records = RecordWriter(f)
        for fields in events():
            records.write(event_pb2.Event(wall_time=WALL_TIME, **fields).SerializeToString(deterministic=True))
        records.flush()


if __name__ == "__main__":
    main()
