//go:build !race

package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestActivationMakesNoGarbage(t *testing.T) {
	in := nn.Shape{3, 4, 5}
	for _, row := range nn.ActFuncs {
		for _, spelled := range spellings(row) {
			op, err := nn.MustActivation(spelled).Bind([]nn.Shape{in})
			if err != nil {
				t.Fatal(err)
			}
			var w nn.Weights
			for _, p := range op.Params() {
				w = append(w, make([]float32, p.Shape.Size()))
			}
			x, dx := []nn.Block{nn.NewBlock(in)}, nn.NewBlock(in)
			wanted, unwanted := []nn.Block{dx}, []nn.Block{{}}
			if n := testing.AllocsPerRun(10, func() {
				op.Forward(w, x, dx)
				op.Backward(w, w, x, dx, dx, wanted)
				op.Backward(w, w, x, dx, dx, unwanted)
			}); n > 0 {
				t.Errorf("%s: %g allocations", spelled, n)
			}
		}
	}
}
