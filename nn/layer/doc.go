// Package layer has the layers: convolutions, dense layers, pooling, normalisation, dropout, and
// layers that join or reshape feature maps. Activations are in package activation.
//
// A layer is a small value of hyperparameters, which may be used any number of times:
//
//	layer.Conv{Out: 8, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}
//
// # Conventions
//
// Shapes are those of one sample: (C, H, W) for a feature map, (N) for a vector. Pairs of
// numbers are height and width. Pads are top, left, bottom, right, as in ONNX. Fields that are
// zero have a default, given in their comments; the method Normal of some layers fills it in.
// Parameters have the names and shapes of PyTorch and ONNX: "weight" (Out, In, kh, kw), "bias"
// (Out). Building a network calls Bind, which returns an error for shapes that a layer does not
// take.
//
// The comment of each layer has its formula, its gradient, and its name in ONNX. A layer that
// PyTorch and Keras train differently is an op.SemanticLayer.
//
// Any type that implements op.Layer is a layer. Package nntest tests it.
package layer
