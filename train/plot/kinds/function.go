package kinds

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// function is an activation with a value of its parameter, over float64 for plotting.
type function struct {
	act activation.Layer
	a   []float32 // its parameter; empty if it has none
}

// examples are values of parameters for activations that do not say theirs: one that must be
// given, or that starts, if it is learned, where it would hide what it does.
var examples = map[string]float32{"leaky": -0.5, "prelu": 0.25, "swish-beta": 2}

// functionNamed is an activation of the table.
func functionNamed(f *activation.Func) function {
	act := activation.Layer{Func: f, Value: examples[f.Name]}
	if f.Default != nil {
		act.Value = *f.Default
	}
	return functionOf(act)
}

// functionOf is an activation with the parameter that it is fixed to or starts with.
func functionOf(act activation.Layer) function {
	f := function{act: act}
	switch {
	case act.Func.Arg == activation.Fixed:
		f.a = []float32{act.Value}
	case act.Func.Arg == activation.Learned && act.Start != nil:
		f.a = []float32{*act.Start}
	case act.Func.Arg == activation.Learned:
		f.a = []float32{examples[act.Func.Name]}
	}
	return f
}

// value is f(x), by the package's own loop.
func (f function) value(x float64) float64 {
	y := make([]float32, 1)
	f.act.Func.Forward(y, []float32{float32(x)}, f.a)
	return float64(y[0])
}

// derivative is f'(x), by the loop of the backward pass.
func (f function) derivative(x float64) float64 {
	dx := make([]float32, 1)
	f.act.Func.Backward(dx, []float32{1}, []float32{float32(x)}, f.a, nil)
	return float64(dx[0])
}

// curve samples f at n points from lo to hi. Where f jumps the curve is broken: NaN.
func curve(f func(float64) float64, lo, hi float64, n int) (x, y []float64) {
	for i := range n {
		at := lo + (hi-lo)*float64(i)/float64(n-1)
		v := f(at)
		if last := len(x) - 1; i > 0 && jumps(f, x[last], at, y[last], v) {
			x, y = append(x, at), append(y, math.NaN())
		}
		x, y = append(x, at), append(y, v)
	}
	return x, y
}

// jumps reports whether f, which is fa at a and fb at b, is not continuous between them: halving
// the interval again and again, always where the difference is greater, leaves most of it.
func jumps(f func(float64) float64, a, b, fa, fb float64) bool {
	first := math.Abs(fb - fa)
	if first < 0.02 {
		return false
	}
	for range 12 {
		m := (a + b) / 2
		fm := f(m)
		if math.Abs(fm-fa) > math.Abs(fb-fm) {
			b, fb = m, fm
		} else {
			a, fa = m, fm
		}
	}
	return math.Abs(fb-fa) > 0.5*first
}
