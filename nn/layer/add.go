package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Add is the elementwise sum of two or more inputs, as at the end of a residual block. An input
// of shape (C, 1, 1) is broadcast over the pixels of its channel.
//
// Gradient: dx = dy for each input, summed over the channel for (C, 1, 1).
//
// ONNX: Add, or Sum of more than two.
type Add struct{}

func (Add) Kind() string { return "Add" }
func (Add) Stem() string { return "add" }

func (Add) Bind(in []op.Shape) (op.Op, error) {
	shape, err := joined(in)
	if err != nil {
		return nil, err
	}
	return addOp{shape, len(in) == 2 && in[0].Equal(in[1]), op.Whole}, nil
}

type addOp struct {
	shape    op.Shape
	pair     bool // two inputs of the same shape
	op.Share      // of the channels
}

func (o addOp) Shape() op.Shape        { return o.shape }
func (o addOp) Params() []op.ParamSpec { return nil }
func (o addOp) MACs() int              { return 0 }
func (o addOp) Split(i, n int) op.Op   { return addOp{o.shape, o.pair, op.Share{I: i, N: n}} }

func (o addOp) InPlace() bool { return o.pair }

func (o addOp) Forward(c *op.Call) {
	x, y := c.X, c.Y
	sum := o.Cut(y.Data, o.shape[0])
	if len(x[0].Data) == len(y.Data) {
		o.copy(sum, x[0])
		x = x[1:]
	} else {
		clear(sum)
	}
	for _, in := range x {
		kernel.AddMaps(sum, sum, o.Cut(in.Data, o.shape[0]), len(y.Data)/len(in.Data))
	}
}

func (o addOp) BackwardReads() (x, y bool) { return false, false }

func (o addOp) Backward(c *op.Call) {
	g := o.Cut(c.DY.Data, o.shape[0])
	for _, d := range c.DX {
		switch {
		case d.Data == nil:
		case len(d.Data) == len(c.DY.Data):
			o.copy(o.Cut(d.Data, o.shape[0]), c.DY)
		default:
			kernel.SumMaps(o.Cut(d.Data, o.shape[0]), g, len(c.DY.Data)/len(d.Data))
		}
	}
}

// copy copies the share of a block, unless it has the same memory.
func (o addOp) copy(to []float32, from op.Block) {
	if v := o.Cut(from.Data, o.shape[0]); len(v) > 0 && &v[0] != &to[0] {
		copy(to, v)
	}
}
