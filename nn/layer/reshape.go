package layer

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Reshape changes the shape of a sample, with its elements in C, H, W order, such as from a vector
// (C·H·W) to a map (C, H, W).
//
// Gradient: dx is dy in the input's shape.
//
// ONNX: Reshape to (0, C, H, W).
//
// PyTorch: Unflatten, view. Keras: Reshape, with elements in H, W, C order. So the columns of a
// Dense before it are permuted in Keras, as are the rows of a Dense after a Flatten.
type Reshape struct {
	// Shape is the output shape: {C, H, W}, or {A, B, 0} for two axes. For one axis use
	// Flatten.
	Shape [3]int
}

func (Reshape) Kind() string { return "Reshape" }
func (Reshape) Stem() string { return "reshape" }

func (r Reshape) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	to := slices.Clone(op.Shape(r.Shape[:]))
	if to[2] == 0 {
		to = to[:2]
	}
	if err := to.Check(op.MaxElements); err != nil {
		return nil, fmt.Errorf("Shape %v: %w; need two or three sizes of at least 1", r.Shape, err)
	}
	if to.Size() != in[0].Size() {
		return nil, fmt.Errorf("Shape is %v, but the input %v has %d elements", r.Shape, in[0], in[0].Size())
	}
	return reshapeOp{in[0], to, op.Whole}, nil
}

// reshapeOp is a block in another shape. Its values are in C, H, W order already, and in a network
// x and y have the same memory.
type reshapeOp struct {
	from, shape op.Shape
	op.Share    // of the elements
}

func (o reshapeOp) Shape() op.Shape        { return o.shape }
func (o reshapeOp) Params() []op.ParamSpec { return nil }
func (o reshapeOp) MACs() int              { return 0 }

func (o reshapeOp) Split(i, n int) op.Op { return reshapeOp{o.from, o.shape, op.Share{I: i, N: n}} }

func (o reshapeOp) View(bool) bool { return true }

func (o reshapeOp) Forward(c *op.Call) { move(c.Y, c.X[0], o.Share) }

func (o reshapeOp) BackwardReads() (x, y bool) { return false, false }

func (o reshapeOp) Backward(c *op.Call) {
	if c.DX[0].Data != nil {
		move(c.DX[0], c.DY, o.Share)
	}
}

// move copies a share, if the two are not the same memory.
func move(to, from op.Block, s op.Share) {
	if lo, hi := s.Of(len(to.Data)); lo < hi && &to.Data[0] != &from.Data[0] {
		copy(to.Data[lo:hi], from.Data[lo:hi])
	}
}

// ReadsPacked: packed maps of one pixel each are a vector, if they have no border.
func (o reshapeOp) ReadsPacked() (border int, ok bool) {
	return 0, len(o.from) == 3 && o.from[1]*o.from[2] == 1
}

// Planar moves the elements from the layout of x to that of y. It has no steps if the layouts are
// the same.
func (o reshapeOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	from, to := in[0], op.PlanesOf(o.shape)
	if isDense(from) && isDense(to) {
		return nil, true
	}
	// Runs of elements that follow one another in x.
	run := from.H * from.W
	at := func(i int) int { return i / run * from.Plane }
	if from.Packed {
		run, at = op.Lanes, func(i int) int { return from.Row(i, 0) }
	}
	one := to.Channels == 1 // all write a part of it
	return []op.PlanarStep{{To: to, Mixes: true, Scatters: one, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		size := to.H * to.W
		i, hi := to.Share(s)
		i, hi = i*size, hi*size
		if one {
			i, hi = s.Of(size)
		}
		for i < hi {
			n := min(hi-i, run-i%run, size-i%size)
			copy(y[i/size*to.Plane+i%size:][:n], x[0][at(i-i%run)+i%run:])
			i += n
		}
	}}}, true
}

// isDense reports whether the elements are contiguous.
func isDense(p op.Planes) bool {
	if p.Packed {
		return p.H*p.W == 1 && p.Border == 0
	}
	return p.Channels == 1 || p.Plane == p.H*p.W
}
