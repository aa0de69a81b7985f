package nn

// sigmoid is the logistic function σ(x) = 1/(1 + e⁻ˣ), with derivative σ·(1 − σ).
//
// ONNX: Sigmoid.
var sigmoid = ActFunc{
	Name:    "sigmoid",
	Formula: "1/(1 + e^-x)",
	Forward: func(y, x []float32, _ float32) {
		for i, v := range x {
			s, _ := logistic(float64(v))
			y[i] = float32(s)
		}
	},
	Backward: func(dx, dy, x []float32, _ float32) float32 {
		for i, v := range x {
			s, c := logistic(float64(v))
			dx[i] = float32(float64(dy[i]) * (s * c))
		}
		return 0
	},
}
