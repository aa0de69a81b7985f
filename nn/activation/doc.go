// Package activation has the activations: elementwise functions f(x; a). A Layer applies a Func.
//
// # Names
//
// In text an activation is the name of its function and, after a colon, its parameter:
//
//	relu    leaky:-0.5    swish:1.5    prelu    prelu:channel    prelu:one:0.25
//
// A fixed parameter is a number, which may be omitted if the function has a default. A learned
// parameter is its Sharing (one, channel, element, or a shape like 8x1x1) and, after another
// colon, its initial value. Parse reads this form, Layer.String writes it; Must is Parse for
// source code. Funcs is the table of all functions, which the command line, help pages and
// ONNX use; Register adds one from outside the module.
//
// # Kinks
//
// At a kink, such as that of PReLU at 0, the derivatives of PyTorch and Keras may differ.
// Layer.Kink chooses one; the comment of each function gives both.
package activation
