package activation

import "math"

// ThresholdedReLU passes on what is above a threshold θ, by default 1 as in ONNX
// (Konda et al. 2014):
//
//	f(x)  = x for x > θ, 0 otherwise
//	f'(x) = 1 for x > θ, 0 otherwise
//
// It jumps at θ, where value and derivative are 0 in both frameworks. It is PyTorch's
// Threshold(θ, 0) and Keras's ReLU(threshold=θ).
//
// ONNX: ThresholdedRelu, with alpha always written.
var ThresholdedReLU = &Func{
	Name:     "thresholded-relu",
	Formula:  "x for x > t, 0 otherwise",
	Arg:      Fixed,
	Param:    "theta",
	Default:  new(float32(1)),
	Forward:  func(y, x, a []float32) { above(y, x, x, a[0]) },
	Backward: func(dx, dy, x, a, _ []float32) { above(dx, dy, x, a[0]) },
}

// above writes to = from where x is above the threshold, or NaN, else 0. Numbers are
// chosen as integers, for which there is an instruction that does not jump.
func above(to, from, x []float32, threshold float32) {
	to, from = to[:len(x)], from[:len(x)]
	for i, v := range x {
		b := math.Float32bits(from[i])
		if v <= threshold {
			b = 0
		}
		to[i] = math.Float32frombits(b)
	}
}
