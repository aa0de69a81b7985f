//go:build !race

package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestActivationMakesNoGarbage(t *testing.T) {
	in := nn.Shape{3, 4, 5}
	for _, row := range nn.ActFuncs {
		for _, spelled := range spellings(row) {
			bound, err := nn.MustActivation(spelled).Bind([]nn.Shape{in})
			if err != nil {
				t.Fatal(err)
			}
			var w nn.Weights
			for _, p := range bound.Params() {
				w = append(w, make([]float32, p.Shape.Size()))
			}
			x, dx := []nn.Block{nn.NewBlock(in)}, nn.NewBlock(in)
			wanted := &op.Call{W: w, DW: w, X: x, Y: dx, DY: dx, DX: []nn.Block{dx}}
			unwanted := *wanted
			unwanted.DX = []nn.Block{{}}
			if n := testing.AllocsPerRun(10, func() {
				bound.Forward(wanted)
				bound.Backward(wanted)
				bound.Backward(&unwanted)
			}); n > 0 {
				t.Errorf("%s: %g allocations", spelled, n)
			}
		}
	}
}
