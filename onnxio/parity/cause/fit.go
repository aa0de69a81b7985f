package cause

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

const (
	mostUnknowns = 160
	fitSteps     = 12
)

// fit finds numbers for a corrected value by least squares on the targets (Levenberg 1944,
// Marquardt 1963), with differences in place of derivatives, and tries the result. It does
// nothing if the targets have too few numbers to decide.
func (p *place) fit(make func(x []float64) value, from []float64) {
	n := len(from)
	if n == 0 || p.stopped() {
		return
	}
	values, want := p.fitSamples(n)
	if values == nil {
		return
	}
	residual := func(x []float64) []float64 {
		if p.stopped() {
			return nil
		}
		v := make(x)
		p.tried[v.kind]++
		y, err := v.compute(values)
		if err != nil {
			return nil
		}
		return p.residual(y, values, want)
	}
	x, ok := leastSquares(residual, from, p.separate(n))
	if ok {
		p.try(make(x))
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
	take := min(samples, (2*n+8+equations-1)/equations)
	if take <= len(st.few) {
		return st.fewer, st.fewWant
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
// there is none, and if it is not finite.
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
		scale := 1e-30
		for _, v := range ref.Data {
			scale = max(scale, math.Abs(float64(v)))
		}
		for i, v := range got.Data {
			d := (float64(v) - float64(ref.Data[i])) / scale
			if math.IsNaN(d) || math.IsInf(d, 0) {
				return nil
			}
			r = append(r, d)
		}
	}
	return r
}

// leastSquares minimises the sum of squares of f from a start. separate is that of place. It
// returns false if f has no value at the start.
func leastSquares(f func([]float64) []float64, from []float64, separate int) ([]float64, bool) {
	x := append([]float64(nil), from...)
	r := f(x)
	if r == nil {
		return nil, false
	}
	cost, damping := squares(r), 1e-3
	for range fitSteps {
		j := jacobian(f, x, r, separate)
		if j == nil {
			return x, true
		}
		better := false
		for range 6 {
			next, nr, ncost := step(f, j, x, r, damping)
			if nr == nil || !(ncost < cost) {
				damping = max(damping, 1e-9) * 10
				continue
			}
			better = true
			done := ncost > cost*0.999 || ncost < 1e-16*float64(len(r))
			x, r, cost, damping = next, nr, ncost, damping/10
			if done {
				return x, true
			}
			break
		}
		if !better {
			break
		}
	}
	return x, true
}

func step(f func([]float64) []float64, j equations, x, r []float64, damping float64) ([]float64, []float64, float64) {
	d := j.solve(r, damping)
	if d == nil {
		return nil, nil, 0
	}
	next := make([]float64, len(x))
	for i := range x {
		next[i] = x[i] - d[i]
	}
	nr := f(next)
	return next, nr, squares(nr)
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
