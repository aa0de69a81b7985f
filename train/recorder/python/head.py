"""Records the training of a FRAMEWORK model, for `gonn compare BUNDLE`.

    import gonn_record

    with gonn_record.Recorder(model, loss, optimizer, "bundle"):
        ...                     # some steps of your own loop

The folder "bundle" then holds
    model.onnx   the model as it was before the first step
    bundle.json  loss, optimizer with its constants, learning rates, names and shapes
    steps.npz    for each step k, in FRAMEWORK's own layout and names:
                 k/x, k/y, k/loss, k/grad/NAME    what step k saw and computed
                 k/clipped/NAME                   the gradient behind the clipping, where it differs
                 k/mask/NAME                      what Dropout multiplied by
                 k/output/NAME                    outputs of layers, with outputs=True
                 k/param/NAME, k/stat/NAME, k/state/SLOT/NAME
                                                  parameters, running statistics and the optimizer's
                                                  state BEFORE step k; those of k = steps are the end

Each step is repeated from what was recorded of it, and refused at once if it is more than that, for
then gonn would call it different: the error says which step and tensor, and what to leave out.

As a script it repeats the study of activation functions (python gonn_record.py study --help), or
replays in FRAMEWORK what `gonn record --run` wrote of a training in Go (… replay BUNDLE).

Written by `gonn record FRAMEWORK`. It needs REQUIREMENTS.
"""

import argparse
import contextlib
import json
import os
import sys
import zipfile

import numpy as np
import onnx
from onnx import helper, numpy_helper

FORMAT = 1


class Refused(Exception):
    """Something that cannot be recorded or replayed: what, and what to do."""

    _keras_call_info_injected = True  # Keras adds no dump of a layer's arguments


@contextlib.contextmanager
def explained(what, advice):
    """Makes an exception of a framework or an exporter a Refused that says what failed and what to do, and keeps its text."""
    try:
        yield
    except Exception as error:
        at = error
        while at is not None and not isinstance(at, Refused):  # which exporters wrap
            at = at.__cause__ or at.__context__
        if at is not None:
            raise at
        raise Refused(f"{what}; {advice}\n{type(error).__name__}: {str(error).strip()}") from error


class Bundle:
    """Writes a bundle, array by array, so that memory does not grow with the number of steps."""

    def __init__(self, folder):
        with explained(f"{folder}: the folder cannot be made", "name another one"):
            os.makedirs(folder, exist_ok=True)
        if not set(os.listdir(folder)) <= {"steps.npz", "model.onnx"}:  # what a recording that failed has left
            raise Refused(f"{folder}: the folder is not empty; name a new one")
        self.folder = folder
        self.zip = zipfile.ZipFile(os.path.join(folder, "steps.npz"), "w", zipfile.ZIP_DEFLATED)

    def put(self, key, array):
        """Adds one array to steps.npz."""
        info = zipfile.ZipInfo(key + ".npy")  # without the time: equal recordings give equal bytes
        info.compress_type = zipfile.ZIP_DEFLATED
        array = np.array(array, order="C")
        with self.zip.open(info, "w", force_zip64=array.nbytes >= 2**31) as f:
            np.lib.format.write_array(f, array, allow_pickle=False)

    def put_all(self, prefix, arrays):
        for name, array in arrays.items():
            self.put(f"{prefix}/{name}", array)

    def start(self, model):
        """Writes model.onnx, without what exporters say of nodes: the Python stack names folders of this machine."""
        for n in model.graph.node:
            del n.metadata_props[:]
        with explained("the exporter wrote a model that ONNX does not allow", EXPORTS):
            onnx.checker.check_model(model)
        onnx.save(model, os.path.join(self.folder, "model.onnx"))

    def abort(self):
        """Gives the recording up: nothing of it is left."""
        self.zip.close()
        for name in ("steps.npz", "model.onnx"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(os.path.join(self.folder, name))
        with contextlib.suppress(OSError):  # another's files
            os.rmdir(self.folder)

    def close(self, description):
        """Writes bundle.json, last: a folder without it is not a bundle."""
        self.zip.close()
        with open(os.path.join(self.folder, "bundle.json"), "w", encoding="utf-8") as f:
            json.dump({"format": FORMAT, **description}, f, indent=1)
            f.write("\n")


# ---- The start as ONNX --------------------------------------------------------------------
#
# The model is exported as a function of its input and of all its parameters. So no exporter
# can fold, merge or rename a parameter; afterwards the parameters' inputs become initializers
# under their own names. Layers that exporters drop or take apart are marked: during the
# export each multiplies its input by a number or vector of its own, and that Mul becomes
# the layer's node.

PASSES_ON = {"Reshape", "Flatten", "Cast", "Identity", "Unsqueeze", "Squeeze", "Expand", "Transpose"}


def replace_mark(graph, mark, node):
    """Replaces the Mul by a mark (the name of an input) by node(x, y), which returns nodes."""
    marked, kept = {mark}, []
    done = 0
    for n in graph.node:
        data = [name for name in n.input if name not in marked]
        if len(data) == len(n.input):
            kept.append(n)
        elif n.op_type in PASSES_ON and n.input[0] in marked:
            marked.update(n.output)
        elif n.op_type == "Mul" and len(data) == 1:
            kept.extend(node(data[0], n.output[0]))
            done += 1
        else:
            raise Refused(f"the exporter made a {n.op_type} of the mark {mark}; record without that layer")
    if done != 1:
        raise Refused(f"the exported model has {done} nodes in place of {mark}; need 1")
    del graph.node[:]
    graph.node.extend(kept)


def dropout_node(mark, rate):
    """What replace_mark needs for a Dropout."""
    return lambda x, y: [helper.make_node("Dropout", [x, mark], [y], name=mark)]


def give_values(model, values):
    """Turns inputs into initializers of these values; returns the names that some node reads."""
    graph = model.graph
    read = {name for n in graph.node for name in n.input} | {v.name for v in graph.output}
    for v in list(graph.input):
        if v.name in values:
            graph.input.remove(v)
            if v.name in read:
                graph.initializer.append(numpy_helper.from_array(np.asarray(values[v.name]), v.name))
    if len(graph.input) != 1 or len(graph.output) != 1:
        raise Refused(f"the model has inputs {[v.name for v in graph.input]} and outputs {[v.name for v in graph.output]}; need one of each")
    return read


EXPORTS = "record a model that FRAMEWORK's exporter takes: export it alone to find the layer, and write that in other operations"
FORWARD = "let the model take one tensor, and depend on nothing but this, its parameters and its mode"


def same(a, b):
    """Whether two dicts of arrays are equal."""
    return a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a)


def steps_of(n):
    """A number of steps in words."""
    return f"{n} step" if n == 1 else f"{n} steps"


def number(value):
    """A setting as a number of JSON; None where it is none."""
    return None if value is None else float(np.asarray(value))
