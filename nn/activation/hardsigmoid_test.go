package activation_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

var _ = formula("hardsigmoid", actFormula{
	args: []float32{1. / 6, 0.2, 0.5, 2},
	f: func(x, a float64) float64 {
		return math.Max(0, math.Min(1, a*x+0.5))
	},
	dx: func(x, a float64) float64 {
		if math.Abs(a*x) < 0.5 {
			return a
		}
		return 0
	},
	at: func(a float64) []float64 {
		kink := float64(float32(0.5 / a))
		return []float64{-kink, kink}
	},
})

func TestHardSigmoidHasItsKinksAtThree(t *testing.T) {
	below := math.Nextafter32(3, 0)
	for x, want := range map[float32]float32{-3: 0, 3: 0, -below: 1. / 6, below: 1. / 6} {
		checkKinkAt(t, "hardsigmoid", x, want, want)
	}
	act := activation.Must("hardsigmoid").Func
	y := []float32{-3, 3}
	act.Forward(y, y, []float32{1. / 6})
	if y[0] != 0 || y[1] != 1 {
		t.Errorf("f(∓3) = %v, want 0 and 1", y)
	}
}
