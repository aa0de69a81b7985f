// Package onnxio turns networks into ONNX and back.
//
// Writing: Encode gives the bytes of a model, EncodeFiles those of a model and its
// weights in two files, after reading them back and running what was read; in one of
// four opsets.
//
// Reading: Load and Import recover an nn.Network, with its layers, names and trainable
// parameters, from what gonn writes, which is known by its nodes (written.go), and from what the exporters of PyTorch and Keras
// write. Those fold, transpose, negate, merge and rename, so a stranger's graph is cleaned
// first (internal/rewrite): what depends only on constants and shapes is computed,
// transpositions are carried along instead of being carried out, arithmetic that is one
// layer becomes one node. Then each node is a layer, or part of an activation; arithmetic
// with constants that is left over becomes part of a layer too (scale.go, settings.go), or
// a layer of fixed numbers (rescaling.go).
// Sequences, pictures without channels and files made of a single sample become networks on
// maps (ends.go); Imported.InputOrder says how the axes lie. Nodes of training are read as the
// layers that train (trainingmode.go). Where a file leaves the size of its input open,
// ImportOptions gives it. What cannot be recovered is told in one error that lists every node;
// package onnxio/reference still runs such a model.
//
// ONNX itself, as plain Go types read from bytes under limits, is package
// onnxio/graph. Each layer's two directions stand in one file here (conv.go,
// dense.go, …), and the table layers lists them. An activation's forms in ONNX are
// small graphs written as text in the table in activations.go; the exporter writes
// the first of them that its opset has and the importer recognises them all. A part of a
// stranger's graph that is spelled in no such way, but computes its result from one value
// element by element, is recognised by what it computes (island.go, behaviour.go).
package onnxio
