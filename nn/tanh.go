package nn

import "math"

// tanh is the hyperbolic tangent. Its derivative 1 − tanh² is computed as
// 4q/(1 + q)² with q = e^(−2|x|), which does not cancel for large |x|.
//
// ONNX: Tanh.
var tanh = ActFunc{
	Name:    "tanh",
	Formula: "tanh(x)",
	Forward: func(y, x []float32, _ float32) {
		for i, v := range x {
			y[i] = float32(math.Tanh(float64(v)))
		}
	},
	Backward: func(dx, dy, x []float32, _ float32) float32 {
		for i, v := range x {
			q := math.Exp(-2 * math.Abs(float64(v)))
			dx[i] = float32(float64(dy[i]) * (4 * q / ((1 + q) * (1 + q))))
		}
		return 0
	},
}
