package activation

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Layer is a layer that applies one function of the table to every element.
// The zero value of the fields after Value is the usual choice.
//
// A learned parameter is shared as Sharing says; its gradient is the sum over all
// elements (and samples) that share it.
type Layer struct {
	Func *Func
	// Value is the fixed parameter, as it is: 0 is 0, since only Parse knows Func.Default. It is
	// ignored for other kinds.
	Value float32
	// Sharing says which elements share a learned parameter.
	Sharing Sharing
	// Start is the value that a learned parameter starts from; nil leaves it to the
	// initialiser.
	Start *float32
	// Kink chooses the derivative where a function has a kink and the frameworks
	// differ: that of PReLU at x = 0 is the slope in PyTorch, and 0 in Keras, which
	// computes relu(x) − α·relu(−x). The documentation of each function gives its own.
	Kink op.Semantics
}

// Kind is the function's name, as Parse reads it.
func (a Layer) Kind() string {
	if a.Func == nil {
		return "activation"
	}
	return a.Func.Name
}
func (Layer) Stem() string { return "act" }

func (a Layer) WithSemantics(s op.Semantics) op.Layer {
	a.Kink = s
	return a
}

func (a Layer) TrainsAs() (op.Semantics, bool) {
	return a.Kink, a.Func != nil && a.Func.BackwardKeras != nil
}

func (a Layer) Bind(in []op.Shape) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	if a.Func == nil {
		return nil, errors.New("it has no function: take a row of activation.Funcs, or activation.Parse")
	}
	if err := a.Func.check(); err != nil {
		return nil, fmt.Errorf("its function is not complete: %w", err)
	}
	o := &layerOp{act: a, shape: in[0], runs: []Run{{Hi: in[0].Size()}}}
	o.backward = a.Func.Backward
	if a.Kink == op.Keras && a.Func.BackwardKeras != nil {
		o.backward = a.Func.BackwardKeras
	}
	switch a.Func.Arg {
	case Fixed:
		if err := a.checkValue(); err != nil {
			return nil, err
		}
		o.fixed = []float32{a.Value}
	case Learned:
		var err error
		if o.runs, o.param, err = a.Sharing.Runs(in[0]); err != nil {
			return nil, err
		}
		o.apart = apart(o.runs, o.param.Size())
	}
	o.back = o.runs
	return o, nil
}

type layerOp struct {
	act      Layer
	shape    op.Shape
	backward func(dx, dy, x, a, da []float32)
	fixed    []float32 // the parameter that is not learned, if there is one
	param    op.Shape  // of the learned parameter
	runs     []Run     // which elements share which of its values
	back     []Run     // the same in the backward pass
	apart    bool      // no two runs share a value
}

func (o *layerOp) Shape() op.Shape { return o.shape }
func (o *layerOp) MACs() int       { return 0 }

func (o *layerOp) Params() []op.ParamSpec {
	if o.act.Func.Arg != Learned {
		return nil
	}
	return []op.ParamSpec{{
		Name: o.act.Func.Param, Shape: o.param, Role: o.act.Func.Role,
		FanIn: 1, FanOut: 1, Start: o.act.Start,
	}}
}

// InPlace reports whether Forward may be given x as y and Backward dy as dx.
func (o *layerOp) InPlace() bool { return true }

// Split cuts maps by rows, as convolutions do, so that a goroutine reads what it has computed
// itself. In the backward pass the elements that share a value of a learned parameter stay
// together, since they add to one gradient.
func (o *layerOp) Split(i, n int) op.Op {
	part := *o
	stretches := o.stretches(i, n)
	part.runs = cutRuns(o.runs, stretches)
	switch {
	case o.act.Func.Arg != Learned || o.apart && len(o.runs) == 1 && o.runs[0].Each:
		part.back = part.runs
	case o.apart:
		part.back = o.back[len(o.back)*i/n : len(o.back)*(i+1)/n]
	case i > 0:
		part.back = nil
	}
	return &part
}

// stretches are the elements of share i of n, from number lo on and below hi.
func (o *layerOp) stretches(i, n int) (list [][2]int) {
	if len(o.shape) != 3 || o.shape[1] < n {
		size := o.shape.Size()
		return [][2]int{{size * i / n, size * (i + 1) / n}}
	}
	h, w := o.shape[1], o.shape[2]
	for c := range o.shape[0] {
		list = append(list, [2]int{(c*h + h*i/n) * w, (c*h + h*(i+1)/n) * w})
	}
	return list
}

func (o *layerOp) Forward(c *op.Call) {
	for _, r := range o.runs {
		i, j := r.Lo*op.Lanes, r.Hi*op.Lanes
		a := o.fixed
		if o.act.Func.Arg == Learned {
			a = r.Of(c.W[0])
		}
		o.act.Func.Forward(c.Y.Data[i:j], c.X[0].Data[i:j], a)
	}
}

func (o *layerOp) BackwardReads() (x, y bool) { return true, false }

func (o *layerOp) Backward(c *op.Call) {
	w, dw, x, dy, dx := c.W, c.DW, c.X, c.DY, c.DX
	learned := o.act.Func.Arg == Learned && dw[0] != nil // its gradient is wanted
	if dx[0].Data == nil && !learned {
		return
	}
	for _, r := range o.back {
		i, j := r.Lo*op.Lanes, r.Hi*op.Lanes
		var d []float32 // nil if only the parameter's gradient is wanted
		if dx[0].Data != nil {
			d = dx[0].Data[i:j]
		}
		a, da := o.fixed, []float32(nil)
		if o.act.Func.Arg == Learned {
			a = r.Of(w[0])
		}
		if learned {
			da = r.Of(dw[0])
		}
		o.backward(d, dy.Data[i:j], x[0].Data[i:j], a, da)
	}
}
