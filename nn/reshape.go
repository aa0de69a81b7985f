package nn

import (
	"fmt"
	"slices"
)

// Reshape gives the elements of a sample, in C, H, W order, other axes: a vector (C·H·W)
// becomes a map (C, H, W), or a map one of other sizes. The gradient goes back as it is.
//
// Keras counts the elements of a map in H, W, C order: there the columns of a Dense in front
// are permuted against this, as the rows of one behind a Flatten are.
//
// PyTorch: Unflatten, view. Keras: Reshape. ONNX: Reshape to (0, C, H, W).
type Reshape struct {
	// Shape is the shape of the result: {C, H, W}, or {A, B, 0} for two axes. For one axis
	// there is Flatten.
	Shape [3]int
}

func (Reshape) Kind() string { return "Reshape" }
func (Reshape) Stem() string { return "reshape" }

func (r Reshape) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	to := slices.Clone(Shape(r.Shape[:]))
	if to[2] == 0 {
		to = to[:2]
	}
	if err := to.check(maxMap); err != nil {
		return nil, fmt.Errorf("Shape %v: %w; need two or three sizes of at least 1", r.Shape, err)
	}
	if to.Size() != in[0].Size() {
		return nil, fmt.Errorf("Shape is %v, but the input %v has %d elements", r.Shape, in[0], in[0].Size())
	}
	return reshapeOp{to}, nil
}

// reshapeOp is a block in another shape: its values lie in C, H, W order already, and in a
// network x and y have the same memory.
type reshapeOp struct{ shape Shape }

func (o reshapeOp) Shape() Shape        { return o.shape }
func (o reshapeOp) Params() []ParamSpec { return nil }
func (o reshapeOp) MACs() int           { return 0 }

func (o reshapeOp) alias() {}

func (o reshapeOp) Forward(_ Weights, x []Block, y Block) { move(y, x[0]) }

func (o reshapeOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data != nil {
		move(dx[0], dy)
	}
}

// move copies what does not lie there already.
func move(to, from Block) {
	if &to.Data[0] != &from.Data[0] {
		copy(to.Data, from.Data)
	}
}

// single moves the elements from where they are in the maps of x to where those of y have
// them.
func (o reshapeOp) single(x layout) ([]singleStep, bool) {
	y := layoutOf(o.shape)
	return []singleStep{{to: y, mixes: true, run: func(s share, _ Weights, from, to []float32) {
		each, size := x.h*x.w, y.h*y.w
		i, hi := s.of(y.channels)
		i, hi = i*size, hi*size
		if y.channels == 1 { // the next step waits for all of it
			i, hi = s.of(size)
		}
		for i < hi {
			n := min(hi-i, each-i%each, size-i%size)
			copy(to[i/size*y.plane+i%size:][:n], from[i/each*x.plane+i%each:])
			i += n
		}
	}}}, true
}
