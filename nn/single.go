package nn

// A layout tells how the feature maps of one sample lie in memory when it goes through
// a network alone: row by row, the rows pitch floats apart, the channels plane floats.
// What lies between the end of a row and the next is rubbish.
type layout struct {
	channels, h, w int
	pitch, plane   int
}

// newLayout has whole vectors in each plane.
func newLayout(channels, h, w, pitch int) layout {
	n := (h-1)*pitch + w
	return layout{channels, h, w, pitch, (n + Lanes - 1) / Lanes * Lanes}
}

// layoutOf has no gaps between rows.
func layoutOf(s Shape) layout {
	if len(s) == 3 {
		return newLayout(s[0], s[1], s[2], s[2])
	}
	return newLayout(1, 1, s.Size(), s.Size())
}

// dense tells that the values lie side by side.
func (l layout) dense() bool {
	return (l.h == 1 || l.pitch == l.w) && (l.channels == 1 || l.plane == l.h*l.w)
}

// rows calls f with each row's position in memory and in C, H, W order.
func (l layout) rows(f func(at, i int)) {
	for c := range l.channels {
		for y := range l.h {
			f(c*l.plane+y*l.pitch, (c*l.h+y)*l.w)
		}
	}
}

// singleOp is an Op that can also work on one sample alone. Sixteen lanes would do
// sixteen times the work for it.
type singleOp interface {
	// single plans for an input of a layout and gives the output's, and what runs: f
	// computes y, of which it may write more than the map, from x, of which it may read
	// up to slack floats behind the last plane. false: this Op cannot.
	single(x layout) (y layout, f func(w Weights, x, y []float32), ok bool)
}

// slack is how far behind its last plane a buffer may be read.
const slack = 2 * Lanes

// single is the memory and the plan of a sample's way through a network. A network
// whose layers can all do it, in a chain, has a pool of them.
type single struct {
	net   *Network
	in    layout
	x     []float32
	steps []singleStep
	out   layout
}

type singleStep struct {
	run func(w Weights, x, y []float32)
	y   []float32
}

// newSingle is nil if the network cannot run one sample alone.
func newSingle(n *Network) *single {
	s := &single{net: n, in: layoutOf(n.input)}
	s.x = make([]float32, s.in.channels*s.in.plane+slack)
	at := s.in
	for i, node := range n.nodes {
		op, ok := node.op.(singleOp)
		if !ok || len(node.in) != 1 || node.in[0] != i-1 {
			return nil
		}
		y, run, ok := op.single(at)
		if !ok {
			return nil
		}
		s.steps = append(s.steps, singleStep{run, make([]float32, y.channels*y.plane+slack)})
		at = y
	}
	s.out = at
	return s
}

// forward computes y from x, both in C, H, W order.
func (s *single) forward(x, y []float32) {
	s.in.rows(func(at, i int) { copy(s.x[at:at+s.in.w], x[i:]) })
	from := s.x
	for i, step := range s.steps {
		step.run(s.net.nodes[i].weights, from, step.y)
		from = step.y
	}
	s.out.rows(func(at, i int) { copy(y[i:i+s.out.w], from[at:]) })
}

// fewSamples is up to how many samples go through a network one by one: a block of
// sixteen takes as long as about eight alone.
const fewSamples = 6

// forwardAlone runs a few samples one by one; false if the network cannot.
func (n *Network) forwardAlone(x, y *Tensor) bool {
	count := x.Shape[0]
	s := n.alone.Get().(*single)
	defer n.alone.Put(s)
	if s == nil || count > fewSamples {
		return false
	}
	for i := range count {
		s.forward(x.Sample(i), y.Sample(i))
	}
	return true
}
