package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Concat concatenates its inputs along the channels.
//
// Shapes: (C₁, H, W), (C₂, H, W), … → (C₁ + C₂ + …, H, W), or (N₁), (N₂), … → (N₁ + N₂ + …).
//
// Gradient: dx of each input is its part of dy.
//
// ONNX: Concat on axis 1, as PyTorch's torch.cat(…, dim=1) and Keras's Concatenate on its last
// axis.
type Concat struct{}

func (Concat) Kind() string { return "Concat" }
func (Concat) Stem() string { return "concat" }

func (Concat) Bind(in []op.Shape) (op.Op, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("got no inputs, need at least 1")
	}
	if len(in[0]) == 0 {
		return nil, fmt.Errorf("got input %v, need channels", in[0])
	}
	sum := append(op.Shape(nil), in[0]...)
	for _, s := range in[1:] {
		if len(s) != len(sum) || !s[1:].Equal(sum[1:]) {
			return nil, fmt.Errorf("got inputs %v and %v, which differ in more than their first axis", in[0], s)
		}
		sum[0] += s[0]
	}
	return concatOp{sum, op.Whole}, nil
}

type concatOp struct {
	shape    op.Shape
	op.Share // of the elements of each input
}

func (o concatOp) Shape() op.Shape        { return o.shape }
func (o concatOp) Params() []op.ParamSpec { return nil }
func (o concatOp) MACs() int              { return 0 }

func (o concatOp) Split(i, n int) op.Op { return concatOp{o.shape, op.Share{I: i, N: n}} }

func (o concatOp) Forward(c *op.Call) {
	to := c.Y.Data
	for _, x := range c.X {
		lo, hi := o.Of(len(x.Data))
		copy(to[lo:hi], x.Data[lo:hi])
		to = to[len(x.Data):]
	}
}

func (o concatOp) BackwardReads() (x, y bool) { return false, false }

func (o concatOp) Backward(c *op.Call) {
	from := c.DY.Data
	for i, dx := range c.DX {
		n := c.X[i].Shape.Size() * op.Lanes
		if lo, hi := o.Of(n); dx.Data != nil {
			copy(dx.Data[lo:hi], from[lo:hi])
		}
		from = from[n:]
	}
}
