"""Speed of ONNX Runtime at inference with files that gonn exports.

    gonn train --act mish --limit 128 --epochs 1 --run DIR/run && gonn export DIR/mish.onnx --run DIR/run
    python testdata/ref/bench_onnxruntime.py --models DIR

DIR holds one file for each activation, named by common.folder: prelu-channel.onnx,
leaky-m0.5.onnx. One picture runs on one thread and on all; larger batches on all.
"""

import pathlib

import bench_common as bench
import common

args = bench.arguments(__doc__, ["infer"], lambda parser: parser.add_argument(
    "--models", type=pathlib.Path, required=True, help="folder of the .onnx files"))

import onnxruntime


def session(path, threads):
    """The model on a number of threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    pictures = bench.Bytes().first(max(bench.BATCHES))
    for act in args.acts:
        path = args.models / f"{common.folder(act)}.onnx"
        for threads in sorted({1, args.threads}):
            run = session(path, threads)
            (model_input,) = run.get_inputs()
            for batch in bench.BATCHES:
                if threads < args.threads and batch > 1:
                    continue
                x = {model_input.name: pictures[:batch]}
                bench.emit_infer(lambda: run.run(None, x), batch, args.seconds, peer="onnxruntime",
                                 version=onnxruntime.__version__, threads=threads, act=act, mode=f"{threads} threads")


if __name__ == "__main__":
    main()
