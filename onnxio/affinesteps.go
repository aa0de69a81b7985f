package onnxio

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// step is a node that is arithmetic with a constant.
type step struct {
	n *graph.Node
	affine
}

// longestRescaling bounds the steps that become one layer, and with it the work for a file
// of many.
const longestRescaling = 24

// stepsFrom lists the steps of arithmetic that begin with a node and follow each other, each
// read by the next alone.
func (af *affineLayers) stepsFrom(n *graph.Node, a affine) []step {
	steps := []step{{n, a}}
	shape := af.shape(a.x)
	for len(steps) < longestRescaling {
		last := steps[len(steps)-1]
		out := last.n.Outputs[0]
		readers := af.Readers[out]
		if len(readers) != 1 || af.isOutput(out) || af.acts.claimed[readers[0]] || af.matches[readers[0]] != nil {
			break
		}
		next, ok, err := af.affineOf(readers[0], out, shape)
		if !ok || err != nil || af.asWritten && !(last.n.OpType == "Mul" && readers[0].OpType == "Add" && last.n.Name == scaledName(readers[0].Name)) {
			break
		}
		steps = append(steps, step{readers[0], next})
	}
	return steps
}

// fixed enters steps as layers whose numbers stay as they are.
func (af *affineLayers) fixed(steps []step) {
	x := steps[0].x
	shape := af.shape(x)
	for len(steps) > 0 {
		total, n := rescaling{}, 0
		for n < len(steps) {
			next, ok := total.then(steps[n].affine)
			if !ok && n > 0 {
				break
			}
			total, n = next, n+1
		}
		if !af.asWritten {
			total = total.plain()
		}
		last := af.joined(steps[:n], x)
		for _, s := range steps[1:] {
			af.acts.claimed[s.n] = true
		}
		af.add(last, af.rescaled(total, x, shape), nil)
		if x, steps = last.Outputs[0], steps[n:]; af.layerOf[x] == "" {
			return // it was refused
		}
		if af.asWritten {
			continue
		}
		af.notes = append(af.notes, fmt.Sprintf("layer %s: its numbers are fixed; training leaves them as they are", af.layerOf[x]))
	}
}

// joined is a node that stands for steps from x on.
func (af *affineLayers) joined(steps []step, x string) *graph.Node {
	last := steps[len(steps)-1].n
	n := &graph.Node{Name: last.Name, OpType: last.OpType, Inputs: []string{x}, Outputs: last.Outputs[:1]}
	for _, s := range steps {
		if s.constant != "" {
			n.Inputs = append(n.Inputs, s.constant)
		}
		af.clean.From[n] = append(af.clean.From[n], af.clean.From[s.n]...)
	}
	return n
}

// rescaling is x·s + t, put together from steps.
type rescaling struct{ s, t numbers }

// numbers are a tensor, nil where there is none.
type numbers struct {
	shape nn.Shape
	v     []float64
}

func numbersOf(v []float32, dims nn.Shape) numbers {
	if v == nil {
		return numbers{}
	}
	n := numbers{dims, float64s(v)}
	if len(v) != dims.Size() { // the one factor of what is subtracted from many
		n.shape = nn.Shape{}
	}
	return n
}

// then is the rescaling with one more step. ok is false if there were more numbers than
// either has, or such large or small ones that the steps might overflow where the whole does
// not.
func (r rescaling) then(a affine) (next rescaling, ok bool) {
	next = r
	times, plus := func(x, y float64) float64 { return x * y }, func(x, y float64) float64 { return x + y }
	ok1, ok2, ok3 := true, true, true
	s, t := numbersOf(a.s, a.dims), numbersOf(a.t, a.dims)
	if s.v != nil {
		next.s, ok1 = next.s.with(s, times)
		if next.t.v != nil {
			next.t, ok2 = next.t.with(s, times)
		}
	}
	if t.v != nil {
		next.t, ok3 = next.t.with(t, plus)
	}
	if r.t.v != nil && s.v != nil && next.t.largest() > maxMoved {
		return r, false // x·s + t would lose what (x − m)·s has, where m is much larger than 1/s
	}
	for _, n := range []numbers{r.s, r.t, s, t, next.s, next.t} {
		ok1 = ok1 && n.moderate()
	}
	return next, ok1 && ok2 && ok3
}

// largest is the largest magnitude.
func (n numbers) largest() (m float64) {
	for _, v := range n.v {
		m = max(m, math.Abs(v))
	}
	return m
}

// moderate reports whether no product of a few of the numbers leaves float32.
func (n numbers) moderate() bool {
	return !slices.ContainsFunc(n.v, func(v float64) bool { return !(math.Abs(v) <= 1e18) || v != 0 && math.Abs(v) < 1e-18 })
}

// with puts two tensors together, element by element.
func (n numbers) with(m numbers, f func(x, y float64) float64) (numbers, bool) {
	if n.v == nil {
		return m, true
	}
	both := numbers{shape: shapeinfer.Broadcast(n.shape, m.shape)}
	size := both.shape.Size()
	if size > max(len(n.v), len(m.v)) {
		return numbers{}, false
	}
	x, y := elementwise.Pick(n.v, elementwise.Index(n.shape, both.shape)), elementwise.Pick(m.v, elementwise.Index(m.shape, both.shape))
	both.v = make([]float64, size)
	for i := range both.v {
		both.v[i] = f(x[min(i, len(x)-1)], y[min(i, len(y)-1)])
	}
	return both, true
}

// plain leaves out a product by 1 or a sum with 0, unless there is nothing else.
func (r rescaling) plain() rescaling {
	differs := func(n numbers, from float64) bool {
		return slices.ContainsFunc(n.v, func(x float64) bool { return x != from })
	}
	if r.t.v != nil && !differs(r.s, 1) {
		r.s = numbers{}
	}
	if r.s.v != nil && !differs(r.t, 0) {
		r.t = numbers{}
	}
	return r
}
