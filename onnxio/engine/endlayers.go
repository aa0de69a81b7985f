package engine

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// meant lets its input pass, of which it says what it means.
type meant struct{ output nn.Output }

func (meant) Kind() string        { return "Output" }
func (meant) Stem() string        { return "output" }
func (l meant) Output() nn.Output { return l.output }
func (meant) Bind(in []nn.Shape) (op.Op, error) {
	return bindEnd(in, func(y, x []float32) { copy(y, x) })
}

// exponential turns the logarithms of probabilities into those.
type exponential struct{}

func (exponential) Kind() string      { return "Exp" }
func (exponential) Stem() string      { return "exp" }
func (exponential) Output() nn.Output { return nn.OutputProbabilities }
func (exponential) Bind(in []nn.Shape) (op.Op, error) {
	return bindEnd(in, func(y, x []float32) {
		for i, v := range x {
			y[i] = float32(math.Exp(float64(v)))
		}
	})
}

func bindEnd(in []nn.Shape, forward func(y, x []float32)) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return &endOp{in[0], forward}, nil
}

// endOp is an elementwise function of networks that are not trained.
type endOp struct {
	shape   nn.Shape
	forward func(y, x []float32)
}

func (o *endOp) Shape() nn.Shape        { return o.shape }
func (o *endOp) Params() []nn.ParamSpec { return nil }
func (o *endOp) MACs() int              { return 0 }

func (o *endOp) Forward(c *op.Call) { o.forward(c.Y.Data, c.X[0].Data) }

func (o *endOp) Backward(*op.Call) {
	panic("engine: the end of a classifier is not trained")
}
