// Package onnxio turns networks into ONNX and back.
//
// Writing: Encode gives the bytes of a model, EncodeFiles those of a model and its
// weights in two files, after reading them back and running what was read; in one of
// four opsets. Reading: Load and Import recover an nn.Network, with its layers,
// names and trainable parameters, from what gonn writes and from what PyTorch's two
// exporters write for such networks. What cannot be recovered is told in one error
// that lists every node.
//
// ONNX itself, as plain Go types read from bytes under limits, is package
// onnxio/graph. Each layer's two directions stand in one file here (conv.go,
// dense.go, …), and the table layers lists them. An activation's forms in ONNX are
// small graphs written as text in the table in activations.go; the exporter writes
// the first of them that its opset has and the importer recognises them all.
package onnxio
