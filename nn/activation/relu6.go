package activation

import "math"

// ReLU6 is ReLU with an upper bound m > 0, by default 6 (Krizhevsky 2010):
//
//	f(x)  = min(max(x, 0), m)
//	f'(x) = 1 for 0 < x < m, else 0
//
// It is PyTorch's ReLU6 and Hardtanh(0, m), Keras's ReLU(max_value=m). The derivative is
// 0 at both kinks; but at x = m Keras clips for every m but 6, for which it has a function
// of its own, and its clip has the derivative 1 there.
//
// ONNX: Clip.
var ReLU6 = &Func{
	Name:     "relu6",
	Formula:  "min(max(x, 0), m)",
	Arg:      Fixed,
	Param:    "max",
	Default:  new(float32(6)),
	Positive: true,
	Forward: func(y, x, a []float32) {
		y = y[:len(x)]
		top := a[0]
		for i, v := range x {
			y[i] = min(max(v, 0), top)
		}
	},
	Backward: func(dx, dy, x, a, _ []float32) { clipGrad(dx, dy, x, math.Float32bits(a[0])) },
	BackwardKeras: func(dx, dy, x, a, _ []float32) {
		end := math.Float32bits(a[0])
		if a[0] != 6 {
			end++ // the next number: a[0] itself is inside
		}
		clipGrad(dx, dy, x, end)
	},
}

// clipGrad writes dx = dy where x is above 0 and below the number of the bits end, else 0.
// Bits of positive floats are in the order of the floats; in one comparison of unsigned
// integers 0 wraps around and negative floats are above all positive ones.
func clipGrad(dx, dy, x []float32, end uint32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		g := math.Float32bits(dy[i])
		if math.Float32bits(v)-1 >= end-1 {
			g = 0
		}
		dx[i] = math.Float32frombits(g)
	}
}
