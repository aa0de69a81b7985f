package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Mul is the elementwise product of two inputs. An input of shape (C, 1, 1) is broadcast over the
// pixels of its channel, as in squeeze-and-excitation.
//
// Gradient: dx is dy times the other input, summed over the channel for (C, 1, 1).
//
// ONNX: Mul.
type Mul struct{}

func (Mul) Kind() string { return "Mul" }
func (Mul) Stem() string { return "mul" }

func (Mul) Bind(in []op.Shape) (op.Op, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("got %d inputs, need 2", len(in))
	}
	shape, err := joined(in)
	if err != nil {
		return nil, err
	}
	return mulOp{shape, op.Whole}, nil
}

type mulOp struct {
	shape    op.Shape
	op.Share // of the channels
}

func (o mulOp) Shape() op.Shape        { return o.shape }
func (o mulOp) Params() []op.ParamSpec { return nil }
func (o mulOp) MACs() int              { return 0 }
func (o mulOp) Split(i, n int) op.Op   { return mulOp{o.shape, op.Share{I: i, N: n}} }

// order returns which input is the map and which the factors, and the number of pixels that each
// factor scales.
func (o mulOp) order(x []op.Block) (a, b, area int) {
	a, b = 0, 1
	if len(x[0].Data) < len(x[1].Data) {
		a, b = 1, 0
	}
	return a, b, len(x[a].Data) / len(x[b].Data)
}

func (o mulOp) Forward(c *op.Call) {
	a, b, area := o.order(c.X)
	kernel.MulMaps(o.part(c.Y), o.part(c.X[a]), o.part(c.X[b]), area)
}

func (o mulOp) BackwardReads() (x, y bool) { return true, false }

func (o mulOp) Backward(c *op.Call) {
	x, dy, dx := c.X, c.DY, c.DX
	a, b, area := o.order(x)
	if dx[a].Data != nil {
		kernel.MulMaps(o.part(dx[a]), o.part(dy), o.part(x[b]), area)
	}
	if dx[b].Data != nil {
		kernel.SumProducts(o.part(dx[b]), o.part(dy), o.part(x[a]), area)
	}
}

func (o mulOp) part(b op.Block) []float32 { return o.Cut(b.Data, o.shape[0]) }
