package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarValue is the memory and layout of a value.
type planarValue struct {
	*planarBuffer
	planes op.Planes
	step   int // the last that writes it; −1 for inputs
	// scattered is set if shares of its channels are not those by which it was written.
	scattered bool
	unpacked  *planarValue // of a packed value, once an op has read it
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
	*planarGraph
	borders  []int // of each value, if it is packed
	observed map[Value]bool
	waited   int // the last step with a barrier before it; 0 for the start
}

// planSteps plans all steps. It reports whether all layers can run on a single sample.
func (r *planarRun) planSteps() bool {
	g, ok := newPlanarGraph(r.flow)
	if !ok {
		return false
	}
	p := &planarPlan{planarRun: r, planarGraph: g, borders: g.borders(r.flow), observed: map[Value]bool{}}
	for _, v := range r.cfg.Observed {
		p.observed[v] = true
	}
	for k, s := range r.Inputs {
		i, planes := r.index(Input(k)), op.PlanesOf(s)
		r.values[i] = planarValue{planarBuffer: r.add(planes.Size(), -1), planes: planes, step: -1}
		r.values[i].pending = p.uses[i]
	}
	for i, n := range g.nodes {
		if n != nil && !p.plan(i, n) {
			return false
		}
	}
	var all cost
	for _, c := range r.costs {
		all.single, all.block = all.single+c.single, all.block+c.block
	}
	r.maxSamples, r.maxBehind = all.samplesBelowBlock(), all.samplesBehindBlocks()
	return true
}

func (r *planarRun) add(size, time int) *planarBuffer {
	b := &planarBuffer{buffer: buffer{size: roundUp(size), first: time, last: time}, mixed: -1}
	r.buffers = append(r.buffers, &b.buffer)
	return b
}

// plan adds the steps of node i. It reports whether the node can run on a single sample.
func (p *planarPlan) plan(i int, n *planarNode) bool {
	packed := false
	if r, ok := n.op.(op.PackedReader); ok {
		_, packed = r.ReadsPacked()
	}
	var in []op.Planes
	var from []planarValue
	for _, v := range n.in {
		value := p.read(&p.values[p.index(v)], packed)
		in, from = append(in, value.planes), append(from, value)
	}
	steps, ok := n.op.Planar(in, p.borders[i])
	if !ok || len(steps) == 0 && !n.view {
		return false
	}
	p.macs += n.op.MACs()
	p.costs[i] = n.estimate(steps)
	for _, s := range steps {
		from[0] = p.step(n.weights, s, from)
	}
	y := from[0]
	if len(steps) == 0 {
		y = y.view(op.PlanesOf(n.op.Shape()))
	}
	y.pending += p.uses[i]
	p.values[i] = y
	p.observe(Value(i))
	return true
}

// read counts a read of a value, and unpacks it for ops that do not read packed inputs.
func (p *planarPlan) read(v *planarValue, packed bool) planarValue {
	v.pending--
	if packed || !v.planes.Packed {
		return *v
	}
	if v.unpacked != nil {
		v.unpacked.pending--
		return *v.unpacked
	}
	u := p.step(nil, unpack(v.planes), []planarValue{*v})
	u.pending = v.pending
	v.unpacked = &u
	return u
}

// unpack is a step from a packed layout to planes.
func unpack(from op.Planes) op.PlanarStep {
	to := op.NewPlanes(from.Channels, from.H, from.W)
	to.Grain = op.Lanes
	m := kernel.PackedMaps{C: from.Channels, H: from.H, W: from.W, Border: from.Border}
	return op.PlanarStep{To: to, Mixes: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		kernel.UnpackMaps(y, x[0], to.Plane, &m, kernel.Range{Lo: lo / op.Lanes, Hi: hi / op.Lanes})
	}}
}

// step adds a step of a node with these weights and returns its output.
func (p *planarPlan) step(w op.Weights, s op.PlanarStep, from []planarValue) planarValue {
	time := len(p.steps)
	step := planarStep{PlanarStep: s, weights: p.weights.add(w, s.Prepare)}
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
		to.bordered = s.To
	}
	for _, v := range from {
		if s.Mixes || v.scattered {
			v.mixed = time
		}
	}
	step.to = &to.buffer
	p.steps = append(p.steps, step)
	return planarValue{planarBuffer: to, planes: s.To, step: time, scattered: s.Scatters}
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
