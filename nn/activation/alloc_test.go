//go:build !race

package activation_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestActivationMakesNoGarbage(t *testing.T) {
	in := op.Shape{3, 4, 5}
	for _, row := range activation.Funcs {
		for _, spelled := range spellings(row) {
			bound, err := activation.Must(spelled).Bind([]op.Shape{in})
			if err != nil {
				t.Fatal(err)
			}
			var w op.Weights
			for _, p := range bound.Params() {
				w = append(w, make([]float32, p.Shape.Size()))
			}
			x, dx := []op.Block{op.NewBlock(in)}, op.NewBlock(in)
			wanted := &op.Call{W: w, DW: w, X: x, Y: dx, DY: dx, DX: []op.Block{dx}}
			unwanted := *wanted
			unwanted.DX = []op.Block{{}}
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
