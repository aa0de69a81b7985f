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
// weights or operators that are no layer have no trainable form.
//
// Layers and activations from outside the module are written and read like those of package
// nn/layer and nn/activation once RegisterLayer and RegisterActivation say how: a LayerFormat
// writes nodes with a LayerWriter and reads them with a LayerReader.
//
// ONNX itself, as plain Go types read from bytes under limits, is package onnxio/graph.
package onnxio
