package nn_test

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// sum adds maps of one shape: a layer with several inputs, for tests of graphs.
type sum struct{}

func (sum) Kind() string { return "Sum" }
func (sum) Stem() string { return "sum" }

func (sum) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("got no inputs, need at least 1")
	}
	for _, s := range in {
		if !s.Equal(in[0]) {
			return nil, fmt.Errorf("got inputs %v and %v, need one shape", in[0], s)
		}
	}
	return sumOp{in[0]}, nil
}

type sumOp struct{ shape nn.Shape }

func (o sumOp) Shape() nn.Shape        { return o.shape }
func (o sumOp) Params() []nn.ParamSpec { return nil }
func (o sumOp) MACs() int              { return 0 }

func (o sumOp) Forward(c *op.Call) {
	clear(c.Y.Data)
	for _, in := range c.X {
		for i, v := range in.Data {
			c.Y.Data[i] += v
		}
	}
}

func (o sumOp) Backward(c *op.Call) {
	for _, d := range c.DX {
		if d.Data != nil {
			copy(d.Data, c.DY.Data)
		}
	}
}

func TestALayerWithSeveralInputs(t *testing.T) {
	for n := 1; n <= 3; n++ {
		in := make([]nn.Shape, n)
		for i := range in {
			in[i] = nn.Shape{2, 3}
		}
		nntest.Layer(t, nntest.Case{Layer: sum{}, In: in, Formula: func(_, x [][]float64) []float64 {
			y := make([]float64, 6)
			for _, in := range x {
				for i, v := range in {
					y[i] += v
				}
			}
			return y
		}})
	}
}
