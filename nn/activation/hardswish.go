package activation

// HardSwish is the piecewise quadratic form of Swish (Howard et al. 2019):
//
//	f(x)  = 0 for x ≤ −3, x for x ≥ 3, x·(x + 3)/6 between
//	f'(x) = 0 for x ≤ −3, 1 for x ≥ 3, x/3 + 1/2   between
//
// ONNX: HardSwish.
var HardSwish = &Func{
	Name:    "hardswish",
	Formula: "x·min(max(x + 3, 0), 6)/6",
	Forward: forward64(func(x, _ float64) float64 {
		x = max(x, -3) // at −∞ it would be ∞·0
		return x * min(x+3, 6) / 6
	}),
	Backward: backward64(func(x, _ float64) float64 {
		switch {
		case x <= -3:
			return 0
		case x >= 3:
			return 1
		}
		return (2*x + 3) / 6
	}),
}
