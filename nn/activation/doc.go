// Package activation has the activations: elementwise functions f(x; a), of which a Layer
// applies one.
//
// # Spelling
//
// An activation is spelled by the name of its function, and, after a colon, by its parameter:
//
//	relu    leaky:-0.5    swish:1.5    prelu    prelu:channel    prelu:one:0.25
//
// A fixed parameter is a number, which may be left out if the function has a default. A
// learned one is followed by its Sharing (one, channel, element, or a shape like 8x1x1), and
// that by the value to start from. Parse reads a spelling, Layer.String writes it; Must is
// Parse for source code. Funcs is the table of all functions, which the command line, help
// pages and ONNX go by.
//
// # Kinks
//
// At a kink, such as that of PReLU at 0, the derivatives of PyTorch and Keras may differ.
// Layer.Kink chooses; the comment of each function gives both.
package activation
