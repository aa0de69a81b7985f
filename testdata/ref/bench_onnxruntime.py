"""Speed of ONNX Runtime at inference with files that gonn exports.

    gonn export DIR/study-mish.onnx --net study --act mish
    python testdata/ref/bench_onnxruntime.py --models DIR --net study --act mish

DIR holds a file for each network and activation, named by file(): resnet20-prelu-channel.onnx.
Every batch runs on one thread and on all, which spin while they wait, as they do by default.
"""

import pathlib

import bench_common as bench
import common

args = bench.arguments(__doc__, ["infer"], add=lambda parser: parser.add_argument(
    "--models", type=pathlib.Path, required=True, help="folder of the .onnx files"))

import onnxruntime


def file(net, act):
    """The name of a network's file."""
    return f"{net}-{common.folder(act)}.onnx"


def session(path, threads):
    """The model on a number of threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    for net in args.nets:
        pictures = bench.Bytes(net).first(max(bench.BATCHES))
        for act in args.acts:
            for threads in sorted({1, args.threads}):
                run = session(args.models / file(net, act), threads)
                (model_input,) = run.get_inputs()
                for batch in bench.BATCHES:
                    x = {model_input.name: pictures[:batch]}
                    bench.emit_infer(lambda: run.run(None, x), batch, args.seconds, peer="onnxruntime",
                                     version=onnxruntime.__version__, threads=threads, net=net, act=act,
                                     mode=f"{threads} thread{'s' if threads > 1 else ''}")
                del run  # its threads spin


if __name__ == "__main__":
    main()
