package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Pad adds a border of a constant value around each channel.
//
// Shapes: (C, H, W) → (C, H + top + bottom, W + left + right).
//
// Gradient: dx is dy without the border.
//
// ONNX: Pad, mode constant. Keras: ZeroPadding2D. PyTorch: ZeroPad2d, ConstantPad2d, whose
// order is left, right, top, bottom.
type Pad struct {
	Pads  [4]int // top, left, bottom, right
	Value float32
}

func (Pad) Kind() string { return "Pad" }
func (Pad) Stem() string { return "pad" }

func (p Pad) Bind(in []op.Shape) (op.Op, error) {
	if err := oneMap(in); err != nil {
		return nil, err
	}
	if err := within("Pads", 0, p.Pads[:]...); err != nil {
		return nil, err
	}
	if p.Value != p.Value {
		return nil, fmt.Errorf("Value is NaN, need a number")
	}
	x := in[0]
	return padOp{p, op.Whole, x, op.Shape{x[0], x[1] + p.Pads[0] + p.Pads[2], x[2] + p.Pads[1] + p.Pads[3]}}, nil
}

type padOp struct {
	pad      Pad
	op.Share // of the channels
	x, to    op.Shape
}

func (o padOp) Shape() op.Shape        { return o.to }
func (o padOp) Params() []op.ParamSpec { return nil }
func (o padOp) MACs() int              { return 0 }
func (o padOp) Split(i, n int) op.Op   { return padOp{o.pad, op.Share{I: i, N: n}, o.x, o.to} }

// rows calls f for each row of x, with its offset in x and in y, and its length.
func (o padOp) rows(f func(x, y, n int)) {
	n := o.x[2] * op.Lanes
	for c, hi := o.Of(o.x[0]); c < hi; c++ {
		for i := range o.x[1] {
			from := (c*o.x[1] + i) * n
			to := (c*o.to[1]+i+o.pad.Pads[0])*o.to[2] + o.pad.Pads[1]
			f(from, to*op.Lanes, n)
		}
	}
}

func (o padOp) Forward(c *op.Call) {
	fill(o.Cut(c.Y.Data, o.x[0]), o.pad.Value)
	o.rows(func(from, to, n int) { copy(c.Y.Data[to:to+n], c.X[0].Data[from:]) })
}

func (o padOp) BackwardReads() (x, y bool) { return false, false }

func (o padOp) Backward(c *op.Call) {
	dy, dx := c.DY, c.DX
	if dx[0].Data != nil {
		o.rows(func(to, from, n int) { copy(dx[0].Data[to:to+n], dy.Data[from:]) })
	}
}

// fill sets all elements to a value.
func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}
