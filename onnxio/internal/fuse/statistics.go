package fuse

import (
	"math"
	"slices"
)

// Batch normalisation in inference is y = (x − μ)·γ/√(σ² + ε) + β. Exporters that write it
// as arithmetic on constants have computed part of that: γ/√(σ² + ε) at least, often
// β − μ·γ/√(σ² + ε) too. The constants remember what they were computed from (work.made),
// so μ, σ², γ, β and ε are found again where the file still holds them (trace.go), and are
// taken if they give the same numbers. Where it holds only x·s + t there are no statistics
// that training could go on from: the scale and the shift become part of the weights in
// front, or stay the arithmetic that they are.

// scale is what a constant s = γ/√(σ² + ε) was computed from.
type scale struct {
	gamma, variance string // "" where there is none
	eps             float32
}

// scaleOf finds what s = γ·(1/√(σ² + ε)) or γ/√(σ² + ε) was computed from. What it finds
// gives s again.
func (f *fuser) scaleOf(s string) (scale, bool) {
	want := f.Floats(s)
	for _, sc := range f.scales(s) {
		if sc.gamma != "" {
			sc.gamma = f.source(sc.gamma, s)
		}
		sc.variance = f.source(sc.variance, s)
		gamma, variance := f.Floats(sc.gamma), f.Floats(sc.variance)
		same := len(variance) == len(want) && (sc.gamma == "" || len(gamma) == len(want))
		for i := 0; same && i < len(want); i++ {
			got := 1 / math.Sqrt(variance[i]+float64(sc.eps))
			if gamma != nil {
				got *= gamma[i]
			}
			same = near(got, want[i], want[i])
		}
		if same {
			return sc, true
		}
	}
	return scale{}, false
}

// scales are what s may have been computed from: of two constants in σ² + ε the one that
// is a number in the graph is rather ε.
func (f *fuser) scales(s string) (all []scale) {
	if mul := f.computedBy(s, "Mul"); mul != nil {
		for k := range 2 {
			for _, sc := range f.inverseRoots(mul.Inputs[k]) {
				if sc.gamma == "" {
					sc.gamma = mul.Inputs[1-k]
					all = append(all, sc)
				}
			}
		}
	}
	return append(all, f.inverseRoots(s)...)
}

// inverseRoots are the σ² and ε of 1/√(σ² + ε), or of γ/√(σ² + ε).
func (f *fuser) inverseRoots(c string) (all []scale) {
	var gamma, below string
	if r := f.computedBy(c, "Reciprocal"); r != nil {
		below = r.Inputs[0]
	} else if d := f.computedBy(c, "Div"); d != nil {
		below = d.Inputs[1]
		if !f.IsScalar(d.Inputs[0], 1) {
			gamma = d.Inputs[0]
		}
	} else {
		return nil
	}
	root := f.computedBy(below, "Sqrt")
	if root == nil {
		return nil
	}
	add := f.computedBy(root.Inputs[0], "Add")
	if add == nil {
		return nil
	}
	for k := range 2 {
		if eps, ok := f.Scalar(add.Inputs[k]); ok && eps > 0 && eps < 0.1 {
			all = append(all, scale{gamma: gamma, variance: add.Inputs[1-k], eps: float32(eps)})
		}
	}
	if len(all) == 2 && len(f.Roots[add.Inputs[0]]) > 0 {
		slices.Reverse(all)
	}
	return all
}

// shiftOf finds the μ and β of t = β − μ·s, however it was computed: −μ·s + β, β − μ·s. ""
// stands for no β. What it finds gives t again.
func (f *fuser) shiftOf(t, s string) (mean, beta string, ok bool) {
	mean, beta, ok = f.shiftFrom(t, s)
	if !ok {
		return "", "", false
	}
	mean = f.source(mean, t)
	if beta != "" {
		beta = f.source(beta, t)
	}
	m, b, by, want := f.Floats(mean), f.Floats(beta), f.Floats(s), f.Floats(t)
	if len(m) != len(want) || len(by) != len(want) || beta != "" && len(b) != len(want) {
		return "", "", false
	}
	for i, v := range want {
		product, got := m[i]*by[i], -m[i]*by[i]
		if b != nil {
			got += b[i]
		}
		if !near(got, v, math.Abs(v)+math.Abs(product)) {
			return "", "", false
		}
	}
	return mean, beta, true
}

func (f *fuser) shiftFrom(t, s string) (mean, beta string, ok bool) {
	if add := f.computedBy(t, "Add"); add != nil {
		for k := range 2 {
			if mean, ok := f.meanTimes(add.Inputs[k], s, true); ok {
				return mean, add.Inputs[1-k], true
			}
		}
	}
	if sub := f.computedBy(t, "Sub"); sub != nil {
		if mean, ok := f.meanTimes(sub.Inputs[1], s, false); ok {
			return mean, sub.Inputs[0], true
		}
	}
	mean, ok = f.meanTimes(t, s, true)
	return mean, "", ok
}

// meanTimes finds the μ of μ·s, or of −μ·s.
func (f *fuser) meanTimes(c, s string, negative bool) (mean string, ok bool) {
	if neg := f.computedBy(c, "Neg"); neg != nil && negative {
		return f.meanTimes(neg.Inputs[0], s, false)
	}
	mul := f.computedBy(c, "Mul")
	if mul == nil {
		return "", false
	}
	for k := range 2 {
		if f.beginning(mul.Inputs[1-k]) != f.beginning(s) {
			continue
		}
		if !negative {
			return mul.Inputs[k], true
		}
		if neg := f.computedBy(mul.Inputs[k], "Neg"); neg != nil {
			return neg.Inputs[0], true
		}
	}
	return "", false
}

// near reports whether two numbers are the same but for rounding on a scale.
func near(a, b, scale float64) bool { return math.Abs(a-b) <= 1e-5*math.Abs(scale) }
