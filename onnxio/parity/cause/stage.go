package cause

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// stage is a part of the network in which a cause is searched: from given values to targets,
// whose values the reference has.
type stage struct {
	c       *Case
	inside  map[string]bool // layers that are computed
	targets []string
	want    batch
	values  batch // of the given values, and of the layers inside as the network computes them
	before  float64

	few     []int // samples of the first look
	fewer   batch // values of those
	fewWant batch
}

const firstLook = 1 // samples

// newStage makes a stage. values has the given values and those of the layers inside.
func newStage(c *Case, inside map[string]bool, values batch, targets []string, want batch) *stage {
	st := &stage{c: c, inside: inside, targets: targets, want: want, values: values}
	st.before = st.errorOf(values, want)
	st.few = st.worstSamples(firstLook)
	st.fewer, st.fewWant = values.gather(st.few), want.gather(st.few)
	return st
}

// errorOf is the largest error of the targets.
func (st *stage) errorOf(got, want batch) float64 {
	worst := 0.0
	for _, t := range st.targets {
		worst = max(worst, st.c.errorOf(got[t], want[t]))
	}
	return worst
}

// worstSamples are the n samples with the largest differences, in order.
func (st *stage) worstSamples(n int) []int {
	t := st.targets[0]
	got, want := st.values[t], st.want[t]
	samples := want.Shape[0]
	n = min(n, samples)
	diff := make([]float64, samples)
	if nn.Shape(got.Shape).Equal(want.Shape) {
		for i := range diff {
			diff[i] = distance(got.Sample(i), want.Sample(i))
		}
	}
	return largest(diff, n)
}

// distance is the largest difference of two vectors, infinite if one is not a number.
func distance(a, b []float32) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	return d
}

// largest are the indices of the n largest numbers, in ascending order.
func largest(v []float64, n int) []int {
	taken := make([]bool, len(v))
	for range min(n, len(v)) {
		best := -1
		for i, x := range v {
			if !taken[i] && (best < 0 || x > v[best]) {
				best = i
			}
		}
		taken[best] = true
	}
	var idx []int
	for i := range v {
		if taken[i] {
			idx = append(idx, i)
		}
	}
	return idx
}

// behind are the layers inside that depend on a value.
func (st *stage) behind(name string) map[string]bool {
	dependent := map[string]bool{}
	for _, node := range st.c.Net.Nodes() {
		if !st.inside[node.Name] {
			continue
		}
		for _, in := range node.Inputs {
			if in == name || dependent[in] {
				dependent[node.Name] = true
			}
		}
	}
	delete(dependent, name)
	return dependent
}

// patch computes the targets with another value in place of a layer's or a given one.
type patch struct {
	st     *stage
	name   string
	behind map[string]bool
	made   map[string]*section // by shape of the value; nil if the rest does not take it
}

func (st *stage) patch(name string) *patch {
	return &patch{st: st, name: name, behind: st.behind(name), made: map[string]*section{}}
}

// section is the part of the network behind a value of a shape; nil if there is none.
func (p *patch) section(shape nn.Shape) *section {
	key := shape.String()
	s, ok := p.made[key]
	if !ok {
		from := func(n string) bool { return p.behind[n] }
		s, _ = newSection(p.st.c.Net, map[string]nn.Shape{p.name: shape}, from, p.st.targets)
		p.made[key] = s
	}
	return s
}

// run computes the targets with y in place of the value, from the other values; nil if the
// layers behind do not take it.
func (p *patch) run(y *nn.Tensor, values batch) batch {
	if y == nil {
		return nil
	}
	s := p.section(y.Shape[1:])
	if s == nil {
		return nil
	}
	out, err := s.run(func(name string) *nn.Tensor {
		if name == p.name {
			return y
		}
		return values[name]
	})
	if err != nil {
		return nil
	}
	for _, t := range p.st.targets {
		if t == p.name {
			out[t] = y
		} else if out[t] == nil {
			out[t] = values[t]
		}
	}
	return out
}

// error is the error of the targets with y in place of the value.
func (p *patch) error(y *nn.Tensor, values, want batch) float64 {
	out := p.run(y, values)
	if out == nil {
		return math.Inf(1)
	}
	return p.st.errorOf(out, want)
}
