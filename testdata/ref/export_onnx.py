"""Makes PyTorch's ONNX files of the study's network, and recorded outputs for them.

For each case, at the start weights: dynamo.onnx (the default exporter; its
weights stay in dynamo.onnx.data for two cases) and torchscript.onnx (opset 16),
with the batch dynamic, input "input", output "logits", and PyTorch's own logits
in recorded/<case>/expected.npz for recorded/inputs.npz. ONNX Runtime runs every
file, and its distance from PyTorch is printed.

The dynamo exporter writes the exporting machine's Python stack into each node;
that one metadata entry is removed, the rest is left as written.
"""

import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

import common
import torch_study

EXTERNAL = {"leaky-m1", "prelu-channel"}
OUT = common.GOLDEN / "pytorch"
NAMES = {"input_names": ["input"], "output_names": ["logits"]}
STACK = "pkg.torch.onnx.stack_trace"


def networks(start):
    """Case folder → network with start weights; two folders hold ONNX files only."""
    for activation in common.ACTIVATIONS:
        net = torch_study.network(activation)
        torch_study.load(net, common.start_params(start, activation))
        yield common.folder(activation), net.eval()

    net = torch_study.network("two-relus:element")
    torch_study.load(net, common.start_params(start, "prelu:element"))
    yield "prelu-element-relu", net.eval()

    # Untrained slopes are equal (0.25), so exporters make the two layers share one.
    # The start's zero biases are dropped or shared in the same way, so here, as in
    # an untrained PyTorch network, the biases are not zero.
    net = torch_study.network("prelu:one")
    untrained = common.start_params(start, "prelu:one")
    untrained |= {f"act{i}.alpha": np.full(1, 0.25, np.float32) for i in (1, 2)}
    untrained |= {"conv1.bias": start["dense.bias"][:8], "conv2.bias": start["dense.bias"][2:]}
    torch_study.load(net, untrained)
    yield "prelu-untrained", net.eval()


def export_dynamo(net, images, path, external):
    """The default exporter, batch dynamic."""
    program = torch.onnx.export(
        net, (images,), dynamo=True, verbose=False, **NAMES,
        dynamic_shapes=({0: torch.export.Dim("batch")},))
    for node in program.model.graph:
        node.metadata_props.pop(STACK, None)
    program.save(path, external_data=external)


def export_torchscript(net, images, path, static=False):
    """The older exporter at opset 16, batch dynamic unless static."""
    axes = None if static else {"input": {0: "batch"}, "logits": {0: "batch"}}
    torch.onnx.export(net, (images,), path, dynamo=False, opset_version=16,
                      dynamic_axes=axes, **NAMES)


def check(path, images, logits):
    """Runs the file in ONNX Runtime; returns the largest difference of the logits."""
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    got, = session.run(["logits"], {"input": images.numpy()})
    difference = float(np.abs(got - logits).max())
    print(f"{path.relative_to(OUT)!s:40} {path.stat().st_size:7} bytes,"
          f" ONNX Runtime − PyTorch {difference:.1e}")
    if difference > 1e-5:
        raise SystemExit(f"{path}: ONNX Runtime and PyTorch differ")


def save_tensor(path, array, name):
    """Writes one tensor the way ONNX's test_data_set folders hold it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(numpy_helper.from_array(array, name).SerializeToString())


def main():
    warnings.simplefilter("ignore", DeprecationWarning)
    data = common.TrainSet(common.arguments(__doc__).mnist)
    start = common.start_values()
    images = common.batches(start, data)[0][0][:common.RECORDED]
    common.save_npz(OUT / "recorded" / "inputs.npz", {"input": images})
    tensor = torch.from_numpy(images)

    for case, net in networks(start):
        to = OUT / case
        to.mkdir(parents=True, exist_ok=True)
        with torch.no_grad():
            logits = net(tensor).numpy()
        common.save_npz(OUT / "recorded" / case / "expected.npz", {"logits": logits})
        export_dynamo(net, tensor, to / "dynamo.onnx", case in EXTERNAL)
        export_torchscript(net, tensor, to / "torchscript.onnx")
        files = [to / "dynamo.onnx", to / "torchscript.onnx"]
        if case == "mish":  # the layout of ONNX's own test data, batch fixed at 8
            whole = OUT / "mish-testdata"
            save_tensor(whole / "test_data_set_0" / "input_0.pb", images, "input")
            save_tensor(whole / "test_data_set_0" / "output_0.pb", logits, "logits")
            files.append(whole / "model.onnx")
            export_torchscript(net, tensor, files[-1], static=True)
        for path in files:
            check(path, tensor, logits)


if __name__ == "__main__":
    main()
