package parity

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A framework that works in place records for a value what a later operator wrote over it, as
// PyTorch does if the recorder makes no copy: a convolution has then what the ReLU behind it gives.

// overwrittenBy is the value that was recorded in the place of one, which node i gives as x: that of
// an elementwise operator behind it, which the recorded tensor is, or for which the very same was
// recorded. "" if there is none.
func (v *valueWalk) overwrittenBy(i int, name string, x *reference.Tensor) (string, error) {
	if v.ahead == nil {
		v.ahead = newLookahead(v)
	}
	in, r := v.ahead.from(name, x), v.recorded[name]
	defer in.drop()
	over, again := map[string]bool{name: true}, ""
	for _, n := range v.model.Graph.Nodes[i+1:] {
		if !schema.Elementwise(n.OpType) || !slices.ContainsFunc(n.Inputs, func(name string) bool { return over[name] }) {
			continue
		}
		by := n.Outputs[0]
		y, err := in.value(by)
		var limit *reference.LimitError
		switch {
		case errors.As(err, &limit):
			return again, nil
		case err != nil:
			return "", err
		case y == nil || y.Floats == nil || !slices.Equal(y.Shape, x.Shape):
			continue
		}
		over[by] = true
		if other, ok := v.recorded[by]; again == "" && ok && sameData(other.x, r.x) {
			again = by
		}
		if v.agrees(r, y) {
			return by, nil
		}
	}
	return again, nil
}

// agrees reports whether a value is what was recorded, in either order of axes.
func (v *valueWalk) agrees(r recordedValue, y *reference.Tensor) bool {
	got := rounded(y)
	x := r.as(got, v.tol)
	return x != nil && v.tol.Share(got, x) <= 1
}

// leaveOverwritten lists what was recorded for a value as that of another, by.
func (v *valueWalk) leaveOverwritten(r recordedValue, by string) {
	as := by
	if other, ok := v.recorded[by]; ok {
		as = other.name
	}
	v.unplaced = append(v.unplaced, Unplaced{Name: r.name, Shape: r.x.Shape, value: r.x,
		Why: fmt.Sprintf("%s has overwritten it in place: record a copy, as y.detach().clone()", as)})
}

// lookahead computes values that the walk has not reached.
type lookahead struct {
	walk  *valueWalk
	meter *reference.Meter       // of its own: what is looked for must not end the walk
	by    map[string]*graph.Node // the node that gives a value
}

func newLookahead(v *valueWalk) *lookahead {
	l := &lookahead{walk: v, meter: v.newMeter(), by: map[string]*graph.Node{}}
	for _, n := range v.model.Graph.Nodes {
		for _, out := range n.Outputs {
			l.by[out] = n
		}
	}
	return l
}

// ahead are the values behind one.
type ahead struct {
	*lookahead
	values map[string]*reference.Tensor
	left   int // nodes that may still be run
}

func (l *lookahead) from(name string, x *reference.Tensor) *ahead {
	return &ahead{lookahead: l, values: map[string]*reference.Tensor{name: x}, left: mostAhead}
}

// value is one of the reference's, or what follows from them; nil if that is too far.
func (a *ahead) value(name string) (*reference.Tensor, error) {
	if x := a.values[name]; x != nil {
		return x, nil
	}
	if x := a.walk.fed[name]; x != nil || name == "" {
		return x, nil
	}
	n := a.by[name]
	if n == nil || a.left == 0 {
		return nil, nil
	}
	a.left--
	in := make([]*reference.Tensor, len(n.Inputs))
	for k, name := range n.Inputs {
		x, err := a.value(name)
		if err != nil || x == nil && name != "" {
			return nil, err
		}
		in[k] = x
	}
	out, err := a.meter.Eval(n, a.walk.model.Opset(n.Domain), in)
	if err != nil {
		return nil, err
	}
	for k, name := range n.Outputs {
		if name != "" {
			a.meter.Hold(out[k])
			a.values[name] = out[k]
		}
	}
	return a.values[name], nil
}

// drop forgets the values.
func (a *ahead) drop() {
	for _, x := range a.values {
		a.meter.Free(x)
	}
}
