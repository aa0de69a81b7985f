package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// recurrentOps walk along sequences and keep a state. Shapes, with layout 0:
//
//	x [steps, batch, inputs], W [directions, gates·hidden, inputs],
//	R [directions, gates·hidden, hidden], biases [directions, 2·gates·hidden],
//	states [directions, batch, hidden], y [steps, directions, batch, hidden]
//
// With layout 1 the batch is the first axis of x, y and states.
var recurrentOps = map[string]op{
	"RNN":  func(c *call) ([]*Tensor, error) { return c.recur(rnnCell, 1, 1) },
	"GRU":  func(c *call) ([]*Tensor, error) { return c.recur(gruCell, 3, 1) },
	"LSTM": func(c *call) ([]*Tensor, error) { return c.recur(lstmCell, 4, 2) },
}

// cell takes one step of one sample: it moves the state, h and (of an LSTM) c, on by
// input x.
type cell func(d *direction, x, h, c []float64)

// direction is one of the one or two ways along a sequence, with parameters of its own.
type direction struct {
	reverse  bool
	w, r     []float64
	wb, rb   []float64 // biases
	peephole []float64 // for the gates i, o and f of an LSTM
	acts     []func(float64) float64
	linear   bool // linear_before_reset of a GRU
	coupled  bool // input_forget of an LSTM
}

// recurrence is a walk along sequences.
type recurrence struct {
	steps, batch, inputs, hidden int
	directions                   []*direction
	batchFirst                   bool
	lengths                      []int64 // of the samples
	x                            []float64
}

// recur runs an operator with that many gates and tensors of state: its results are y and
// the last states.
func (c *call) recur(f cell, gates, states int) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	p, err := c.recurrence(x, gates, states)
	if err == nil {
		err = c.err
	}
	if err != nil {
		return nil, err
	}
	var state [2][]float64
	for k := range states {
		t, err := c.orZeros(5+k, p.stateShape())
		if err != nil {
			return nil, err
		}
		state[k] = slices.Clone(t)
	}
	y, err := newTensor(x.Type, p.yShape()...)
	if err != nil {
		return nil, err
	}
	if err := p.run(c, f, state, y.Floats); err != nil {
		return nil, err
	}
	out := []*Tensor{y}
	for k := range states {
		out = append(out, FromFloat64s(x.Type, p.stateShape(), state[k]))
	}
	return out, nil
}

// recurrence reads the parameters.
func (c *call) recurrence(x *Tensor, gates, states int) (*recurrence, error) {
	names := []string{"forward", "reverse", "bidirectional"}
	way := slices.Index(names, c.string("direction", names...))
	count := 1 + way/2
	if _, err := c.inputs(3); err != nil {
		return nil, err
	}
	r, err := c.floats(2)
	if err != nil {
		return nil, err
	}
	if len(x.Shape) != 3 || len(r.Shape) != 3 {
		return nil, fmt.Errorf("inputs 0 and 2 have shapes %v and %v, they must have 3 axes", x.Shape, r.Shape)
	}
	p := &recurrence{steps: x.Shape[0], batch: x.Shape[1], inputs: x.Shape[2], hidden: r.Shape[2], batchFirst: c.flag("layout", false), x: x.Floats}
	if p.batchFirst {
		p.steps, p.batch = p.batch, p.steps
	}
	if h := c.count("hidden_size", p.hidden, 0); h != p.hidden {
		return nil, fmt.Errorf("attribute \"hidden_size\" is %d, input 2 has shape %v", h, r.Shape)
	}
	n := gates * p.hidden
	shapes := map[int][]int{1: {count, n, p.inputs}, 2: {count, n, p.hidden}, 3: {count, 2 * n}}
	if states == 2 {
		shapes[7] = []int{count, 3 * p.hidden}
	}
	all := map[int][]float64{}
	for k, shape := range shapes {
		if all[k], err = c.orZeros(k, shape); err != nil {
			return nil, err
		}
	}
	acts, err := c.cellFunctions(gates, count)
	if err != nil {
		return nil, err
	}
	for k := range count {
		d := &direction{reverse: way == 1 || k == 1, linear: c.flag("linear_before_reset", false), coupled: c.flag("input_forget", false)}
		d.w, d.r = part(all[1], k, count), part(all[2], k, count)
		d.wb, d.rb = part(all[3], 2*k, 2*count), part(all[3], 2*k+1, 2*count)
		d.peephole = part(all[7], k, count)
		d.acts = acts[k*len(acts)/count : (k+1)*len(acts)/count]
		p.directions = append(p.directions, d)
	}
	p.lengths, err = c.lengths(p.steps, p.batch)
	return p, err
}

// part is number k of n equal parts.
func part(v []float64, k, n int) []float64 { return v[k*len(v)/n : (k+1)*len(v)/n] }

// lengths is input 4, the length of each sample; all steps if it is left out.
func (c *call) lengths(steps, batch int) ([]int64, error) {
	t := c.optional(4)
	if t == nil {
		return slices.Repeat([]int64{int64(steps)}, batch), nil
	}
	if !slices.Equal(t.Shape, []int{batch}) || t.Type != graph.Int32 && t.Type != graph.Int64 {
		return nil, fmt.Errorf("input 4 has shape %v and element type %v, it must hold the lengths of %d sequences", t.Shape, t.Type, batch)
	}
	for _, n := range t.Ints {
		if n < 0 || n > int64(steps) {
			return nil, fmt.Errorf("a sequence is to have length %d of %d", n, steps)
		}
	}
	return t.Ints, nil
}

func (p *recurrence) stateShape() []int {
	if p.batchFirst {
		return []int{p.batch, len(p.directions), p.hidden}
	}
	return []int{len(p.directions), p.batch, p.hidden}
}

func (p *recurrence) yShape() []int {
	if p.batchFirst {
		return []int{p.batch, p.steps, len(p.directions), p.hidden}
	}
	return []int{p.steps, len(p.directions), p.batch, p.hidden}
}

// run takes every sample along every direction. Behind its end y stays zero.
func (p *recurrence) run(c *call, f cell, state [2][]float64, y []float64) error {
	n := len(p.directions)
	for k, d := range p.directions {
		for b := range p.batch {
			at := (k*p.batch + b) * p.hidden
			if p.batchFirst {
				at = (b*n + k) * p.hidden
			}
			h, kept := state[0][at:][:p.hidden], state[1]
			if kept != nil {
				kept = kept[at:][:p.hidden]
			}
			for step := range int(p.lengths[b]) {
				t := step
				if d.reverse {
					t = int(p.lengths[b]) - 1 - step
				}
				xAt, yAt := t*p.batch+b, (t*n+k)*p.batch+b
				if p.batchFirst {
					xAt, yAt = b*p.steps+t, (b*p.steps+t)*n+k
				}
				if err := c.did((len(d.w) + len(d.r))); err != nil {
					return err
				}
				f(d, p.x[xAt*p.inputs:][:p.inputs], h, kept)
				copy(y[yAt*p.hidden:], h)
			}
		}
	}
	return nil
}
