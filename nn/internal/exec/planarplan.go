package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarValue is the memory and layout of a value.
type planarValue struct {
	*planarBuffer
	planes op.Planes
	step   int // the last that writes it; −1 for inputs
	// scattered is set if shares of its channels are not those by which it was written.
	scattered bool
}

// planarBuffer is the memory of a value and of those that are computed in place.
type planarBuffer struct {
	buffer
	pending int // number of reads that are not planned yet, as an output too
	mixed   int // the last step in which shares read channels of others; −1 for none
}

// planarPlan is the state while the steps of a planarRun are planned.
type planarPlan struct {
	*planarRun
	uses     []int // number of reads of each value, as an output too
	observed map[Value]bool
	waited   int // the last step with a barrier before it; 0 for the start
	single   float64
	block    float64
}

// planSteps plans all steps. It reports whether all layers can run on a single sample.
func (r *planarRun) planSteps() bool {
	p := &planarPlan{planarRun: r, uses: make([]int, r.numValues()), observed: map[Value]bool{}}
	for _, v := range r.cfg.Observed {
		p.observed[v] = true
	}
	for i, node := range r.Nodes {
		if r.computed[i] {
			for _, v := range node.In {
				p.uses[r.index(v)]++
			}
		}
	}
	for _, v := range r.cfg.Outputs {
		p.uses[r.index(v)]++
	}
	for k, s := range r.Inputs {
		i, planes := r.index(Input(k)), op.PlanesOf(s)
		r.values[i] = planarValue{planarBuffer: r.add(planes.Size(), -1), planes: planes, step: -1}
		r.values[i].pending = p.uses[i]
	}
	for i := range r.Nodes {
		if r.computed[i] && !p.plan(i) {
			return false
		}
	}
	r.maxSamples = p.samplesBelowBlock()
	return true
}

func (r *planarRun) add(size, time int) *planarBuffer {
	b := &planarBuffer{buffer: buffer{size: roundUp(size), first: time, last: time}, mixed: -1}
	r.buffers = append(r.buffers, &b.buffer)
	return b
}

// plan adds the steps of a node. It reports whether the node can run on a single sample.
func (p *planarPlan) plan(i int) bool {
	node := p.Nodes[i]
	o, ok := node.Op.(op.Planar)
	if !ok {
		return false
	}
	var in []op.Planes
	var from []planarValue
	for _, v := range node.In {
		value := p.values[p.index(v)]
		value.pending--
		in, from = append(in, value.planes), append(from, value)
	}
	steps, ok := o.Planar(in)
	if !ok || len(steps) == 0 && !isView(o) {
		return false
	}
	p.macs += node.Op.MACs()
	p.estimate(node.Op, steps)
	for _, s := range steps {
		from = []planarValue{p.step(i, s, from)}
	}
	y := from[0]
	if len(steps) == 0 {
		y = y.view(op.PlanesOf(node.Op.Shape()))
	}
	y.pending += p.uses[i]
	p.values[i] = y
	p.observe(Value(i))
	return true
}

// isView reports whether the output is the input, in inference.
func isView(o op.Op) bool {
	v, ok := o.(op.View)
	return ok && v.View(false)
}

// step adds a step of node i and returns its output.
func (p *planarPlan) step(i int, s op.PlanarStep, from []planarValue) planarValue {
	time := len(p.steps)
	step := planarStep{PlanarStep: s, weights: p.Nodes[i].Weights}
	for _, v := range from {
		step.from = append(step.from, &v.buffer)
		step.wait = step.wait || (s.Mixes || v.scattered) && v.step >= p.waited
		v.extend(time)
	}
	if step.wait {
		p.waited = time
	}
	to := from[0].planarBuffer
	if !p.overwrites(s, from) {
		to = p.add(s.To.Size()+s.Scratch, time)
	}
	for _, v := range from {
		if s.Mixes || v.scattered {
			v.mixed = time
		}
	}
	step.to = &to.buffer
	p.steps = append(p.steps, step)
	return planarValue{to, s.To, time, s.Scatters}
}

// overwrites reports whether a step writes over its first input: the step allows it, the input
// is not read later, and no other member of the team may still be reading it.
func (p *planarPlan) overwrites(s op.PlanarStep, from []planarValue) bool {
	x := from[0]
	again := slices.ContainsFunc(from[1:], func(v planarValue) bool { return v.planarBuffer == x.planarBuffer })
	return s.InPlace && !s.Mixes && !again && x.pending == 0 && x.mixed < p.waited && s.To.Size()+s.Scratch <= x.size
}

// view is the same memory in another shape.
func (v planarValue) view(planes op.Planes) planarValue {
	if from := v.planes; from.Channels == planes.Channels && from.H == planes.H && from.W == planes.W {
		return v
	}
	v.planes, v.scattered = planes, true
	return v
}

// observe has a value observed after the last step so far, if it is one of Config.Observed.
func (p *planarPlan) observe(v Value) {
	if !p.observed[v] {
		return
	}
	if n := len(p.steps); n > 0 {
		p.steps[n-1].observed = append(p.steps[n-1].observed, v)
		p.values[p.index(v)].extend(n - 1)
		return
	}
	p.observedFirst = append(p.observedFirst, v)
}

// extendLifetimes extends the lifetimes of outputs to the end, and of all buffers to the next
// barrier, since a member of a team may still read them when another is ahead.
func (r *planarRun) extendLifetimes() {
	for _, v := range r.cfg.Outputs {
		r.values[r.index(v)].extend(len(r.steps))
	}
	next := make([]int, len(r.steps)+1) // the last step before the next barrier
	next[len(r.steps)] = len(r.steps)
	for i := len(r.steps) - 1; i >= 0; i-- {
		next[i] = next[i+1]
		if i+1 < len(r.steps) && r.steps[i+1].wait {
			next[i] = i
		}
	}
	for _, b := range r.buffers {
		if b.last >= 0 && b.last < len(next) {
			b.last = next[b.last]
		}
	}
}
