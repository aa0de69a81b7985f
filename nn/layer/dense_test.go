package layer_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestDense(t *testing.T) {
	for name, c := range map[string]struct {
		layer layer.Dense
		in    int
	}{
		"wide":              {layer.Dense{Out: 3}, 33},
		"one input":         {layer.Dense{Out: 5}, 1},
		"one output":        {layer.Dense{Out: 1}, 6},
		"four by four":      {layer.Dense{Out: 4}, 4},
		"ten classes":       {layer.Dense{Out: 10}, 18},
		"no bias":           {layer.Dense{Out: 7, NoBias: true}, 9},
		"one by one":        {layer.Dense{Out: 1}, 1},
		"one by one, alone": {layer.Dense{Out: 1, NoBias: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			nntest.Layer(t, nntest.Case{Layer: c.layer, In: []op.Shape{{c.in}}, Formula: func(w, x [][]float64) []float64 {
				y := make([]float64, c.layer.Out)
				for o := range y {
					if !c.layer.NoBias {
						y[o] = w[1][o]
					}
					for i, v := range x[0] {
						y[o] += w[0][o*c.in+i] * v
					}
				}
				return y
			}})
		})
	}
}

func TestDenseRefusesWhatDoesNotFit(t *testing.T) {
	nntest.Refuses(t, layer.Dense{Out: 3}, []op.Shape{{2}, {2}}, "got 2 inputs", "need 1")
	nntest.Refuses(t, layer.Dense{Out: 3}, []op.Shape{{8, 18, 18}}, "got input (8, 18, 18)", "need a vector", "Flatten")
	nntest.Refuses(t, layer.Dense{}, []op.Shape{{8}}, "Out is 0", "at least 1")
	nntest.Refuses(t, layer.Dense{Out: -1}, []op.Shape{{8}}, "Out is -1", "at least 1")
	nntest.Refuses(t, layer.Dense{Out: math.MaxInt}, []op.Shape{{8}}, fmt.Sprint("Out is ", math.MaxInt), "at most")
}
