package nn

import "time"

// A layout tells how the feature maps of one sample lie in memory when it goes through
// a network alone: each map's pixels side by side, the maps plane floats apart, which
// are whole vectors. What lies between holds no pixel.
type layout struct {
	channels, h, w int
	plane          int
	together       int // channels that only one goroutine can compute, of all those there are
}

func newLayout(channels, h, w int) layout {
	return layout{channels, h, w, (h*w + Lanes - 1) / Lanes * Lanes, 1}
}

func layoutOf(s Shape) layout {
	if len(s) == 3 {
		return newLayout(s[0], s[1], s[2])
	}
	return newLayout(1, 1, s.Size())
}

// buffer is memory for maps in a layout.
func (l layout) buffer() []float32 { return make([]float32, l.channels*l.plane+slack) }

// fill writes maps in C, H, W order into a buffer, read reads them.
func (l layout) fill(buffer, maps []float32) {
	for c := range l.channels {
		copy(buffer[c*l.plane:], maps[c*l.h*l.w:][:l.h*l.w])
	}
}

func (l layout) read(buffer, maps []float32) {
	for c := range l.channels {
		copy(maps[c*l.h*l.w:][:l.h*l.w], buffer[c*l.plane:])
	}
}

// slack is how far behind its last plane a buffer may be read.
const slack = 2 * Lanes

// share is what goroutine i of n, which work on one sample together, does.
type share struct{ i, n int }

// of cuts a number of things.
func (s share) of(total int) (lo, hi int) { return s.i * total / s.n, (s.i + 1) * total / s.n }

// channels cuts the channels of a layout.
func (s share) channels(l layout) (lo, hi int) {
	lo, hi = s.of(l.channels / l.together)
	return lo * l.together, hi * l.together
}

// singleOp is an Op that can also work on one sample alone. Sixteen lanes would do
// sixteen times the work for it.
type singleOp interface {
	// single plans for an input of a layout. false: this Op cannot.
	single(x layout) ([]singleStep, bool)
}

// singleStep computes maps y from maps x, of which it may read up to slack floats behind
// the last plane.
type singleStep struct {
	to  layout // of y
	run func(s share, w Weights, x, y []float32)
	// mixes reports whether a share reads more than the channels of x that are its own, so
	// that it must wait for the others.
	mixes bool

	weights Weights
	y       []float32
}

// single is the memory and the plan of a sample's way through a network. A network
// whose layers can all do it, in a chain, has a pool of them.
type single struct {
	in    layout
	x     []float32
	steps []singleStep

	crew  *crew
	most  int // goroutines that there is work for
	team  team
	job   func(worker int)
	count int
	ended time.Time        // when the last sample was through
	took  [2]time.Duration // a sample lately, alone and shared
}

// newSingle is nil if the network cannot run one sample alone.
func newSingle(n *Network) *single {
	at := layoutOf(n.input)
	s := &single{in: at, x: at.buffer(), crew: newCrew(0)}
	for i, node := range n.nodes {
		op, ok := node.op.(singleOp)
		if !ok || len(node.in) != 1 || node.in[0] != i-1 {
			return nil
		}
		steps, ok := op.single(at)
		if !ok {
			return nil
		}
		for _, step := range steps {
			step.weights, step.y = node.weights, step.to.buffer()
			step.mixes = len(s.steps) > 0 && (step.mixes || at.channels == 1)
			s.steps = append(s.steps, step)
			at = step.to
		}
	}
	s.most = min(s.crew.size, 1+n.MACs()/macsPerMember)
	s.job = s.walk
	return s
}

// forward computes y from x, both in C, H, W order, with so many goroutines, which do not
// change the result.
func (s *single) forward(x, y []float32, workers int) {
	start := time.Now()
	s.in.fill(s.x, x)
	s.team.size = int32(workers)
	s.crew.all(workers, s.job)
	s.note(workers, start)
	last := s.steps[len(s.steps)-1]
	last.to.read(last.y, y)
}

// walk does a share of all steps.
func (s *single) walk(worker int) {
	part, from := share{worker, int(s.team.size)}, s.x
	for _, step := range s.steps {
		if step.mixes {
			s.team.wait()
		}
		step.run(part, step.weights, from, step.y)
		from = step.y
	}
}

// workers is how many goroutines share the next sample: one if others in this process
// need the processors, or if the others of the crew would have to be woken, which takes
// longer than a small network. Where samples follow each other closely they are woken for
// the next one. Sharing pays where processors are near each other; where a cache line
// takes long from one to another it may not. So what took less time lately is done, and
// now and then the other.
func (s *single) workers() int {
	if s.most == 1 || walking.Load() > 1 {
		return 1
	}
	s.count++
	trying := s.count%256 >= 248 // long enough to wake somebody
	if sharing := s.took[1] <= s.took[0]; sharing == trying {
		return 1
	}
	if s.crew.looking(s.most) {
		return s.most
	}
	if time.Since(s.ended) < closely {
		s.crew.rouse(s.most)
	}
	return 1
}

// note keeps how long a sample took, alone and shared.
func (s *single) note(workers int, start time.Time) {
	s.ended = time.Now()
	took := &s.took[min(workers-1, 1)]
	if d := s.ended.Sub(start); *took == 0 {
		*took = d
	} else {
		*took += (min(d, 2**took) - *took) / 8 // whoever was interrupted says little
	}
}

// closely is the time between two samples up to which goroutines that wait for the next
// still look for it.
const closely = 100 * time.Microsecond

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
	walking.Add(1)
	defer walking.Add(-1)
	for i := range count {
		s.forward(x.Sample(i), y.Sample(i), s.workers())
	}
	return true
}
