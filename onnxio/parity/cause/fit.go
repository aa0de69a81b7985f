package cause

import (
	"cmp"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

const (
	mostUnknowns = 160
	fitSteps     = 12
)

// race is a fit of numbers by least squares on the targets (Levenberg 1944, Marquardt 1963), with
// differences in place of derivatives. Fits begin at all places with a step, and only the best
// ones are finished.
type race struct {
	p            *place
	make         func(x []float64) value
	values, want batch
	separate     int
	start        float64 // sum of squares at the start
	*minimum
	row   int            // of the table
	tried map[string]int // after the first step
	found []hit
}

// fit begins a fit of the numbers of a corrected value. It does nothing if the targets have too
// few numbers to decide.
func (p *place) fit(make func(x []float64) value, from []float64) {
	n := len(from)
	if n == 0 || p.stopped() {
		return
	}
	r := &race{p: p, make: make, row: p.row, separate: p.separate(n)}
	if r.values, r.want = p.fitSamples(n); r.values == nil {
		return
	}
	m := newMinimum(r.residual, from)
	if m == nil {
		return
	}
	r.minimum, r.start = m, m.cost
	if r.step(r.separate) {
		p.races = append(p.races, r)
	}
}

func (r *race) residual(x []float64) []float64 {
	if r.p.stopped() {
		return nil
	}
	v := r.make(x)
	r.p.tried[v.kind]++
	y, err := v.compute(r.values)
	if err != nil {
		return nil
	}
	return r.p.residual(y, r.values, r.want)
}

const finished = 8 // fits

// promising are the fits that have lessened their error most, as a share of what any fit of as
// many numbers would. The better half makes more steps until few are left.
func (s *search) promising(all []*race) []*race {
	for {
		slices.SortStableFunc(all, func(a, b *race) int { return cmp.Compare(a.left(), b.left()) })
		if len(all) <= finished {
			return all
		}
		all = all[:max(finished, len(all)/2)]
		s.each(len(all), func(i int) {
			all[i].resume()
			all[i].step(all[i].separate)
			all[i].step(all[i].separate)
			all[i].p.patch = nil
		})
	}
}

// left is the share of the error that a fit has left.
func (r *race) left() float64 {
	free := 1 - float64(len(r.x))/float64(len(r.r)+1)
	return r.cost / r.start / max(free, 1e-3)
}

// resume gives the fit a place of its own, as a place may have several fits.
func (r *race) resume() {
	p := *r.p
	p.patch, p.tried, p.found = p.st.patch(p.name), map[string]int{}, nil
	r.p = &p
}

// finish makes the steps that are left and tries the result.
func (r *race) finish() {
	r.resume()
	p := r.p
	r.descend()
	if r.cost < 1e-2*r.start && !p.direct() {
		r.refine()
	}
	v := r.make(r.x)
	v.unknowns = len(r.x)
	p.row = r.row
	p.try(v)
	r.tried, r.found = p.tried, p.found
}

// descend makes steps until they help no more.
func (r *race) descend() {
	for k := 0; k < fitSteps || k < 3*fitSteps && r.cost < 1e-2*r.start; k++ {
		if !r.step(r.separate) {
			return
		}
	}
}

// refine goes on with all samples, since the first ones may not determine all numbers.
func (r *race) refine() {
	r.values, r.want = r.p.st.values, r.p.st.want
	if m := newMinimum(r.residual, r.x); m != nil {
		r.minimum = m
		r.descend()
	}
}

// fitSamples are the samples with which n numbers are fitted: enough of them for half as many
// equations again; nil if there are not enough.
func (p *place) fitSamples(n int) (values, want batch) {
	st := p.st
	equations := 0
	for _, t := range st.targets {
		equations += len(st.want[t].Data) / st.want[t].Shape[0]
	}
	samples := st.want[st.targets[0]].Shape[0]
	if p.direct() && n > mostUnknowns { // elements are fitted separately
		return st.values, st.want
	}
	if n > mostUnknowns || 2*samples*equations < 3*n+8 {
		return nil, nil
	}
	take := max(4, (2*n+8+equations-1)/equations)
	if p.direct() {
		take = max(1, take/4)
	}
	const most = 4e8 // multiply–accumulates of a step
	take = min(samples, max(take, int(most/float64(n*p.macs()))))
	if take == samples {
		return st.values, st.want
	}
	some := st.worstSamples(take)
	return st.values.gather(some), st.want.gather(some)
}

// separate is the number of elements of a sample that one unknown acts on, if each acts on its
// own elements of the only target: then one evaluation gives all derivatives. It is 0 otherwise.
func (p *place) separate(n int) int {
	if !p.direct() || len(p.st.targets) != 1 || n == 1 {
		return 0
	}
	want := p.st.want[p.name]
	size := len(want.Data) / want.Shape[0]
	if size%n != 0 || p.input {
		return 0
	}
	return size / n
}

// residual is the difference of the targets from the reference, on the scale of each; nil if
// there is none, and if it is not finite. Probabilities of a softmax are compared by their
// logarithms: they hardly change where a logit is much larger than the others.
func (p *place) residual(y *nn.Tensor, values, want batch) []float64 {
	out := p.patch.run(y, values)
	if out == nil {
		return nil
	}
	var r []float64
	for _, t := range p.st.targets {
		got, ref := out[t], want[t]
		if len(got.Data) != len(ref.Data) {
			return nil
		}
		of := func(v float32) float64 { return float64(v) }
		if node := p.whole.c.Net.Node(t); node != nil && isSoftmax(node) {
			of = func(v float32) float64 { return math.Log(max(float64(v), 1e-30)) }
		}
		scale := 1e-30
		for _, v := range ref.Data {
			scale = max(scale, math.Abs(of(v)))
		}
		for i, v := range got.Data {
			d := (of(v) - of(ref.Data[i])) / scale
			if math.IsNaN(d) || math.IsInf(d, 0) {
				return nil
			}
			r = append(r, d)
		}
	}
	return r
}

// minimum is a search for the minimum of the sum of squares of a function.
type minimum struct {
	f       func([]float64) []float64
	x, r    []float64
	cost    float64
	damping float64
	done    bool
}

// newMinimum returns nil if f has no value at the start.
func newMinimum(f func([]float64) []float64, from []float64) *minimum {
	m := &minimum{f: f, x: slices.Clone(from), damping: 1e-3}
	if m.r = f(m.x); m.r == nil {
		return nil
	}
	m.cost = squares(m.r)
	return m
}

// step makes a step of Levenberg's and Marquardt's method. It returns false at the end.
func (m *minimum) step(separate int) bool {
	if m.done {
		return false
	}
	m.done = true
	j := jacobian(m.f, m.x, m.r, separate)
	if j == nil {
		return false
	}
	for range 6 {
		d := j.solve(m.r, m.damping)
		if d == nil {
			return false
		}
		next := make([]float64, len(m.x))
		for i := range next {
			next[i] = m.x[i] - d[i]
		}
		r := m.f(next)
		if cost := squares(r); r != nil && cost < m.cost {
			m.done = cost > m.cost*0.999 || cost < 1e-16*float64(len(r))
			m.x, m.r, m.cost, m.damping = next, r, cost, m.damping/10
			return true
		}
		m.damping = max(m.damping, 1e-9) * 10
	}
	return false
}

func squares(r []float64) float64 {
	s := 0.0
	for _, v := range r {
		s += v * v
	}
	return s
}

// equations are the derivatives of the residuals.
type equations interface {
	// solve gives the damped least-squares step for residuals; nil if there is none.
	solve(r []float64, damping float64) []float64
}

// jacobian computes derivatives by differences; nil if f has no value nearby.
func jacobian(f func([]float64) []float64, x, r []float64, separate int) equations {
	step := func(v float64) float64 { return 1e-3 * max(0.1, math.Abs(v)) }
	if separate > 0 {
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = v + step(v)
		}
		m := f(moved)
		if m == nil {
			return nil
		}
		d := &diagonal{unknowns: len(x), run: separate, of: make([]float64, len(r))}
		for k := range r {
			i := k / separate % len(x)
			d.of[k] = (m[k] - r[k]) / step(x[i])
		}
		return d
	}
	j := &dense{rows: len(r)}
	moved := append([]float64(nil), x...)
	for i, v := range x {
		moved[i] = v + step(v)
		m := f(moved)
		moved[i] = v
		if m == nil {
			return nil
		}
		column := make([]float64, len(r))
		for k := range r {
			column[k] = (m[k] - r[k]) / step(v)
		}
		j.columns = append(j.columns, column)
	}
	return j
}
