// Package onnxio turns networks into ONNX and back.
//
// Writing: Encode gives the bytes of a model, EncodeFiles those of a model and its
// weights in two files, after reading them back and running what was read; in one of
// four opsets.
//
// Reading: Load and Import recover an nn.Network, with its layers, names and trainable
// parameters, from what gonn writes, which is known by its nodes, and from what the exporters
// of PyTorch and Keras write. Those fold, transpose, negate, merge and rename, so a stranger's
// graph is cleaned first: what depends only on constants and shapes is computed,
// transpositions are carried along instead of being carried out, arithmetic that is one
// layer becomes one node. Then each node is a layer, or part of an activation, known by its
// spelling or else by what it computes, up to a factor if need be; arithmetic with constants
// that is left over becomes part of a layer too, or an layer.Rescaling, which stays as it is.
//
// Sequences, pictures without channels and files made of a single sample become networks on
// maps; Imported.InputOrder says how the axes lie. Nodes of training are read as the layers
// that train. Where a file leaves the size of its input open, ImportOptions gives it. What
// cannot be recovered is told in one error that lists every node; package onnxio/reference
// still runs such a model.
//
// What cannot come back is what an exporter has lost: a normalisation that it has folded into
// a convolution stays there, and a bias of zeros is gone. Files with control flow, quantised
// weights or operators that are no layer have no trainable form. Neither have models of more than
// MaxParts parts, nor those that make large constants of small ones: what importing takes is
// bounded by the size of the file.
//
// A file that contradicts ONNX or itself is refused: one with operators, inputs or attributes
// that its opset does not have, or with types and shapes declared that its values do not have,
// also in graphs inside nodes and in functions. The error names the node or value, and the
// evaluator may still run it. What onnx.checker.check_model (full_check) refuses is, but more
// is read than it takes:
//
//   - nodes in another order than they run in: they are sorted, and a note says so
//   - a graph without a name
//   - an output without a type or shape: both follow from the nodes
//   - before IR version 4, an initializer that is no input
//   - the domain ai.onnx where the file imports "", which is the same
//   - BFLOAT16 where the opset takes FLOAT16: PyTorch writes it in any opset
//   - the condition of a Loop, which may be a tensor of one element
//   - the sizes that ceil_mode gives, in which versions of ONNX differ
//   - the shapes of some operators that no layer stands for: those of sequences, strings and
//     training, recurrent ones, Attention and its kin, DeformConv, Einsum, DFT, losses
//
// In turn onnx.checker takes what is refused here: a value that an enumerated attribute does
// not have, such as the mode of a Pad or a transB of 2, a call with more inputs, outputs or
// attributes than its function has, a function of another opset than the model, values that
// are no tensors, and shapes that it does not compare, such as those of a convolution's weight
// and bias, or that broadcast before opset 7 without the attribute for it. A value_info that
// names no value of the graph is left alone by both.
//
// Layers and activations from outside the module are written and read like those of package
// nn/layer and nn/activation once RegisterLayer and RegisterActivation say how: a LayerFormat
// writes nodes with a LayerWriter and reads them with a LayerReader.
//
// ONNX itself, as plain Go types read from bytes under limits, is package onnxio/graph.
package onnxio
