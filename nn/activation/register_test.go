package activation_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// The function of the example, as the tests of this package check those of the table.
var _ = formula("squareplus", actFormula{
	f:  squareplus,
	dx: func(x, a float64) float64 { return squareplus(x, a) / math.Sqrt(x*x+4) },
})

// squareplus is without the cancellation that (x + √(x² + 4))/2 has far out on the left.
func squareplus(x, _ float64) float64 {
	switch {
	case math.IsInf(x, -1):
		return 0
	case x < 0:
		return 2 / (math.Sqrt(x*x+4) - x)
	}
	return (x + math.Sqrt(x*x+4)) / 2
}

func TestRegisterPanics(t *testing.T) {
	same := func(_, _, _ []float32) {}
	back := func(_, _, _, _, _ []float32) {}
	one := float32(1)
	for _, c := range []struct {
		f    *activation.Func
		want string
	}{
		{nil, "no function"},
		{&activation.Func{Forward: same, Backward: back}, "no name"},
		{&activation.Func{Name: "a:b", Forward: same, Backward: back}, `the name "a:b"`},
		{activation.ReLU, "relu is registered already"},
		{Squareplus, "squareplus is registered already"},
		{&activation.Func{Name: "half", Backward: back}, "half has no Forward"},
		{&activation.Func{Name: "half", Forward: same}, "no Backward"},
		{&activation.Func{Name: "half", Forward: same, Backward: back, Arg: 7}, "unknown ArgKind 7"},
		{&activation.Func{Name: "half", Forward: same, Backward: back, Param: "alpha"}, "exactly if it has one"},
		{&activation.Func{Name: "half", Forward: same, Backward: back, Arg: activation.Learned}, "exactly if it has one"},
		{&activation.Func{Name: "half", Forward: same, Backward: back, Arg: activation.Learned, Param: "alpha", Default: &one}, "has a default"},
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, c.want) {
					t.Errorf("the panic is %q, want %q", text, c.want)
				}
			}()
			activation.Register(c.f)
		}()
	}
}
