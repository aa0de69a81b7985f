// Package layer has the layers that networks are built of: convolutions, dense layers,
// pooling, normalisation, and what joins or reshapes feature maps. Activations are in package
// activation.
//
// A layer is a small value that holds hyperparameters and may be used any number of times:
//
//	layer.Conv{Out: 8, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}
//
// # Conventions
//
// Shapes are those of one sample: (C, H, W) of a feature map, (N) of a vector. Pairs of
// numbers are height, width; Pads are top, left, bottom, right, as in ONNX. A field that is
// zero has the usual value, which its comment gives; the method Normal of some layers writes
// it out. Parameters have the names and shapes of PyTorch and ONNX: "weight" (Out, In, kh, kw),
// "bias" (Out). Whether a layer takes the shapes of its inputs is found by Bind, which a
// network calls as it is built.
//
// The comment of each layer gives its formula, its gradient, and its name in ONNX. Where
// PyTorch and Keras train a layer differently it is an op.SemanticLayer.
//
// A layer of your own is any type that implements op.Layer; package nntest checks it.
package layer
