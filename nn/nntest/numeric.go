package nntest

import (
	"fmt"
	"math"
)

// Tolerances, by norm: ‖got − want‖ ≤ tolerance · ‖want‖. float32 rounds to 6e−8. Correct layers
// have errors below 6e−7 in these small cases of hundreds of terms. A wrong tap, a missing
// sample or a doubled lane has an error above 1e−2.
const (
	forwardTolerance  = 1e-6
	gradientTolerance = 1e-5
)

// step is the step of the central differences. Their error, step²·f‴/6 + 1e−16·f/step, is near
// 1e−10.
const step = 1e-5

func checkForward(b *fixture, r *report) error {
	var got, want []float64
	for s, y := range b.run(samples).y {
		f := b.Formula(wide(b.w), wide(b.x[s]))
		if len(f) != len(y) {
			return fmt.Errorf("output of %d values, the formula gives %d", len(y), len(f))
		}
		got = append(got, wide([][]float32{y})[0]...)
		want = append(want, f...)
	}
	r.forward = distance(got, want)
	if !(r.forward <= forwardTolerance) {
		return fmt.Errorf("forward is %.1e from the formula, need %.0e; %s", r.forward, forwardTolerance, worst(got, want))
	}
	return nil
}

func checkGradients(b *fixture, r *report) error {
	want := b.differences()
	for _, n := range []int{1, 3, 16, 17} {
		got := b.run(n)
		for p, spec := range b.op.Params() {
			if !spec.Role.Trained() {
				continue
			}
			sum := make([]float64, len(b.w[p]))
			for s := range n {
				for j, v := range want[s].dw[p] {
					sum[j] += v
				}
			}
			name := fmt.Sprintf("gradient of %s over %d samples", spec.Name, n)
			if err := r.compare(name, wide(got.dw)[p], sum); err != nil {
				return err
			}
		}
		for i := range b.In {
			var a, d []float64
			for s := range n {
				a = append(a, wide(got.dx[s])[i]...)
				d = append(d, want[s].dx[i]...)
			}
			if err := r.compare(fmt.Sprintf("gradient of input %d, %d samples", i, n), a, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *report) compare(what string, got, want []float64) error {
	d := distance(got, want)
	r.gradient = max(r.gradient, d)
	r.values += len(want)
	if !(d <= gradientTolerance) {
		return fmt.Errorf("%s is %.1e from finite differences, need %.0e; %s", what, d, gradientTolerance, worst(got, want))
	}
	return nil
}

// gradients are one sample's finite differences of Σ dy·formula.
type gradients struct{ dw, dx [][]float64 }

func (b *fixture) differences() []gradients {
	all := make([]gradients, samples)
	w := wide(b.w)
	for s := range all {
		x, dy := wide(b.x[s]), wide([][]float32{b.dy[s]})[0]
		project := func() (sum float64) {
			for i, y := range b.Formula(w, x) {
				sum += dy[i] * y
			}
			return sum
		}
		all[s] = gradients{dw: partials(w, project), dx: partials(x, project)}
	}
	return all
}

// partials are the partial derivatives of f with respect to all values of v, by central
// differences.
func partials(v [][]float64, f func() float64) [][]float64 {
	d := make([][]float64, len(v))
	for i, row := range v {
		d[i] = make([]float64, len(row))
		for j, at := range row {
			row[j] = at + step
			up := f()
			row[j] = at - step
			d[i][j] = (up - f()) / (2 * step)
			row[j] = at
		}
	}
	return d
}

func wide(v [][]float32) [][]float64 {
	w := make([][]float64, len(v))
	for i, row := range v {
		w[i] = make([]float64, len(row))
		for j, x := range row {
			w[i][j] = float64(x)
		}
	}
	return w
}

// distance is ‖a − b‖/‖b‖, or ‖a − b‖ if b is zero up to the error of finite differences.
func distance(a, b []float64) float64 {
	var d, n float64
	for i := range b {
		d += (a[i] - b[i]) * (a[i] - b[i])
		n += b[i] * b[i]
	}
	if n < 1e-16 {
		n = 1
	}
	return math.Sqrt(d / n)
}

// worst describes the element with the largest error.
func worst(got, want []float64) string {
	k, far := 0, -1.0
	for i := range want {
		if d := math.Abs(got[i] - want[i]); d > far || math.IsNaN(d) {
			k, far = i, d
		}
	}
	if len(want) == 0 {
		return "no elements"
	}
	return fmt.Sprintf("element %d of %d is %g, want %g", k, len(want), got[k], want[k])
}
