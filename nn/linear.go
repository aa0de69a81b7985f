package nn

// linear is f(x) = x, the network without an activation.
//
// ONNX: Identity.
var linear = ActFunc{
	Name:    "linear",
	Formula: "x",
	Forward: func(y, x []float32, _ float32) { copy(y, x) },
	Backward: func(dx, dy, _ []float32, _ float32) float32 {
		copy(dx, dy)
		return 0
	},
}
