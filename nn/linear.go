package nn

// linear is f(x) = x, the network without an activation.
//
// ONNX: Identity.
var linear = ActFunc{
	Name:     "linear",
	Formula:  "x",
	Forward:  func(y, x, _ []float32) { copy(y, x) },
	Backward: func(dx, dy, _, _, _ []float32) { copy(dx, dy) },
}
