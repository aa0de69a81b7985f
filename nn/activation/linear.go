package activation

// Linear is f(x) = x, the network without an activation.
//
// ONNX: Identity.
var Linear = &Func{
	Name:     "linear",
	Formula:  "x",
	Forward:  func(y, x, _ []float32) { copy(y, x) },
	Backward: func(dx, dy, _, _, _ []float32) { copy(dx, dy) },
}
