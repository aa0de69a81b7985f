package activation

// HardSigmoid is the piecewise linear form of the logistic function, with a slope α > 0:
//
//	f(x)  = min(max(α·x + 1/2, 0), 1)
//	f'(x) = α where 0 < f(x) < 1, else 0
//
// By default α is 1/6, as in PyTorch and in Keras 3: the kinks are at ±3. It is 0.2 in
// Keras 2, and in ONNX where a file does not give it: hardsigmoid:0.2, with kinks at ±2.5.
// The derivative at the kinks is 0 in both frameworks.
//
// ONNX: HardSigmoid, with alpha and beta always written.
var HardSigmoid = &Func{
	Name:     "hardsigmoid",
	Formula:  "min(max(a·x + 1/2, 0), 1)",
	Arg:      Fixed,
	Param:    "alpha",
	Default:  new(float32(1. / 6)),
	Positive: true,
	Forward: func(y, x, a []float32) {
		y = y[:len(x)]
		slope := float64(a[0])
		for i, v := range x {
			y[i] = float32(min(max(slope*float64(v)+0.5, 0), 1))
		}
	},
	Backward: backward64(func(x, a float64) float64 {
		if f := a*x + 0.5; f > 0 && f < 1 {
			return a
		}
		return 0
	}),
}
