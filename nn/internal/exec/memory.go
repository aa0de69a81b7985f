package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// blockMemory is the memory plan of a block: the buffers of all values and gradients.
//
// Times are numbered from 0, the first node's Forward, to n, when outputs are read and seeds
// are written, to 2n, the first node's Backward. Gradients of inputs are read at 2n + 1.
type blockMemory struct {
	*flow
	buffers []*buffer
	values  []*buffer // by index of the value; nil if not computed
	grads   []*buffer // likewise; nil if not wanted
	// dx is the buffer that Backward writes for each node and input; nil if not wanted. If add is
	// set it is added to the gradient of the input afterwards. If accumulate is set it is that
	// gradient, to which Backward adds.
	dx [][]target
	// scratch is the scratch memory of each node, forward and backward; nil for none.
	scratch [2][]*buffer
	// kept is what each node keeps for its Backward; nil for nothing.
	kept []*buffer
	size int // of the arena, in float32
}

type target struct {
	*buffer
	add, accumulate bool
}

func planMemory(f *flow) *blockMemory {
	m := &blockMemory{
		flow: f, values: make([]*buffer, f.numValues()), grads: make([]*buffer, f.numValues()),
		dx: make([][]target, len(f.Nodes)), kept: make([]*buffer, len(f.Nodes)),
		scratch: [2][]*buffer{make([]*buffer, len(f.Nodes)), make([]*buffer, len(f.Nodes))},
	}
	m.planValues()
	m.planGradients()
	m.planScratch()
	m.planKept()
	m.size = place(m.buffers)
	return m
}

func (m *blockMemory) backTime(i int) int { return 2*len(m.Nodes) - i }

func (m *blockMemory) outputTime() int { return len(m.Nodes) }

func (m *blockMemory) endTime() int { return 2*len(m.Nodes) + 1 }

func (m *blockMemory) add(size, first, last int) *buffer {
	b := &buffer{size: roundUp(size), first: first, last: last}
	m.buffers = append(m.buffers, b)
	return b
}

// planValues assigns buffers to values. An output reuses the buffer of its input if the layer
// can work in place and the input is not read later: the less memory a block uses, the more of
// it stays in the cache.
func (m *blockMemory) planValues() {
	last := m.lastReads()
	for k := range m.Inputs {
		i := m.index(Input(k))
		m.values[i] = m.add(m.Inputs[k].Size()*op.Lanes, -1, last[i])
	}
	for i, node := range m.Nodes {
		if !m.computed[i] {
			continue
		}
		if from := m.index(node.In[0]); m.overwritesInput(i, m.values[from]) {
			m.values[i] = m.values[from]
		} else {
			m.values[i] = m.add(node.Op.Shape().Size()*op.Lanes, i, i)
		}
		m.values[i].extend(last[i])
	}
}

// overwritesInput reports whether the output of node i may have the buffer of its input.
func (m *blockMemory) overwritesInput(i int, in *buffer) bool {
	if m.isView(i) {
		return true
	}
	o, ok := m.Nodes[i].Op.(op.InPlace)
	if !ok || !o.InPlace() || in.last > i {
		return false
	}
	for _, other := range m.Nodes[i].In[1:] {
		if m.values[m.index(other)] == in {
			return false
		}
	}
	return true
}

func (m *blockMemory) isView(i int) bool {
	o, ok := m.Nodes[i].Op.(op.View)
	return ok && o.View(m.cfg.Training)
}

// lastReads finds the time of the last read of each value.
func (m *blockMemory) lastReads() []int {
	last := make([]int, m.numValues())
	for _, v := range m.cfg.Outputs {
		last[m.index(v)] = m.outputTime()
	}
	for i, node := range m.Nodes {
		if !m.computed[i] {
			continue
		}
		time := i
		readsX, readsY := true, true
		if r, ok := node.Op.(op.BackwardReader); ok {
			readsX, readsY = r.BackwardReads()
		}
		if m.back(i) && readsX {
			time = m.backTime(i)
		}
		if m.back(i) && readsY {
			last[i] = max(last[i], m.backTime(i))
		}
		for _, in := range node.In {
			last[m.index(in)] = max(last[m.index(in)], time)
		}
		last[i] = max(last[i], i)
	}
	return last
}

// planGradients assigns buffers to gradients. Of the nodes that read a value, the last comes
// first in the backward pass: it overwrites the gradient of the value, the others add to it. A
// layer that can work in place reuses the buffer of its output's gradient.
func (m *blockMemory) planGradients() {
	for _, v := range m.cfg.Seeds {
		if i := m.index(v); m.hasGradient(v) && m.grads[i] == nil {
			m.grads[i] = m.add(m.shape(v).Size()*op.Lanes, m.outputTime(), m.outputTime())
		}
	}
	for i := len(m.Nodes) - 1; i >= 0; i-- {
		time, dy := m.backTime(i), m.grads[i]
		if dy != nil {
			dy.extend(time)
		}
		if !m.back(i) {
			continue
		}
		m.dx[i] = make([]target, len(m.Nodes[i].In))
		for k, in := range m.Nodes[i].In {
			if v := m.index(in); m.wanted[v] {
				m.dx[i][k] = m.planDX(i, k, time, dy)
				m.grads[v].extend(time)
			}
		}
	}
	for _, v := range m.cfg.Gradients {
		if g := m.grads[m.index(v)]; g != nil && v < 0 {
			g.extend(m.endTime())
		}
	}
}

// planDX plans where node i writes the gradient of input k. dy, the gradient of its output, is not
// read later.
func (m *blockMemory) planDX(i, k, time int, dy *buffer) target {
	node := m.Nodes[i]
	in := node.In[k]
	v := m.index(in)
	t := target{add: m.grads[v] != nil}
	o, inPlace := node.Op.(op.InPlace)
	if a, ok := node.Op.(op.Accumulator); ok && t.add && k == 0 && a.Accumulates() {
		return target{buffer: m.grads[v], accumulate: true}
	}
	if k == 0 && (inPlace && o.InPlace() || m.isView(i)) {
		t.buffer = dy
	} else {
		t.buffer = m.add(m.shape(in).Size()*op.Lanes, time, time)
	}
	if !t.add {
		m.grads[v] = t.buffer
	}
	return t
}

// planScratch assigns buffers for scratch memory.
func (m *blockMemory) planScratch() {
	for i, node := range m.Nodes {
		s, ok := node.Op.(op.Scratcher)
		if !ok || !m.computed[i] || s.Scratch() == 0 {
			continue
		}
		m.scratch[0][i] = m.add(s.Scratch(), i, i)
		if m.back(i) {
			m.scratch[1][i] = m.add(s.Scratch(), m.backTime(i), m.backTime(i))
		}
	}
}

// planKept assigns buffers for what nodes keep from Forward to Backward.
func (m *blockMemory) planKept() {
	for i, node := range m.Nodes {
		if k, ok := node.Op.(op.Keeper); ok && m.back(i) && k.Keeps() > 0 {
			m.kept[i] = m.add(k.Keeps(), i, m.backTime(i))
		}
	}
}
