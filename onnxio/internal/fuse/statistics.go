package fuse

import (
	"math"
	"slices"
)

// scale is what a constant s = γ/√(σ² + ε) was computed from.
type scale struct {
	gamma, variance string // "" where there is none
	eps             float32
}

// scaleOf finds what s = γ·(1/√(σ² + ε)) or γ/√(σ² + ε) was computed from. What it finds
// gives s again.
func (c constants) scaleOf(s string) (scale, bool) {
	want := c.Floats(s)
	for _, sc := range c.scales(s) {
		if sc.gamma != "" {
			sc.gamma = c.source(sc.gamma, s)
		}
		sc.variance = c.source(sc.variance, s)
		gamma, variance := c.Floats(sc.gamma), c.Floats(sc.variance)
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
func (c constants) scales(s string) (all []scale) {
	if mul := c.computedBy(s, "Mul"); mul != nil {
		for k := range 2 {
			for _, sc := range c.inverseRoots(mul.Inputs[k]) {
				if sc.gamma == "" {
					sc.gamma = mul.Inputs[1-k]
					all = append(all, sc)
				}
			}
		}
	}
	return append(all, c.inverseRoots(s)...)
}

// inverseRoots are the σ² and ε of 1/√(σ² + ε), or of γ/√(σ² + ε).
func (c constants) inverseRoots(of string) (all []scale) {
	var gamma, below string
	if r := c.computedBy(of, "Reciprocal"); r != nil {
		below = r.Inputs[0]
	} else if d := c.computedBy(of, "Div"); d != nil {
		below = d.Inputs[1]
		if !c.IsScalar(d.Inputs[0], 1) {
			gamma = d.Inputs[0]
		}
	} else {
		return nil
	}
	root := c.computedBy(below, "Sqrt")
	if root == nil {
		return nil
	}
	add := c.computedBy(root.Inputs[0], "Add")
	if add == nil {
		return nil
	}
	for k := range 2 {
		if eps, ok := c.Scalar(add.Inputs[k]); ok && eps > 0 && eps < 0.1 {
			all = append(all, scale{gamma: gamma, variance: add.Inputs[1-k], eps: float32(eps)})
		}
	}
	if len(all) == 2 && len(c.Roots[add.Inputs[0]]) > 0 {
		slices.Reverse(all)
	}
	return all
}

// shiftOf finds the μ and β of t = β − μ·s, however it was computed: −μ·s + β, β − μ·s. ""
// stands for no β. What it finds gives t again.
func (c constants) shiftOf(t, s string) (mean, beta string, ok bool) {
	mean, beta, ok = c.shiftFrom(t, s)
	if !ok {
		return "", "", false
	}
	mean = c.source(mean, t)
	if beta != "" {
		beta = c.source(beta, t)
	}
	m, b, by, want := c.Floats(mean), c.Floats(beta), c.Floats(s), c.Floats(t)
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

func (c constants) shiftFrom(t, s string) (mean, beta string, ok bool) {
	if add := c.computedBy(t, "Add"); add != nil {
		for k := range 2 {
			if mean, ok := c.meanTimes(add.Inputs[k], s, true); ok {
				return mean, add.Inputs[1-k], true
			}
		}
	}
	if sub := c.computedBy(t, "Sub"); sub != nil {
		if mean, ok := c.meanTimes(sub.Inputs[1], s, false); ok {
			return mean, sub.Inputs[0], true
		}
	}
	mean, ok = c.meanTimes(t, s, true)
	return mean, "", ok
}

// meanTimes finds the μ of μ·s, or of −μ·s.
func (c constants) meanTimes(product, s string, negative bool) (mean string, ok bool) {
	if neg := c.computedBy(product, "Neg"); neg != nil && negative {
		return c.meanTimes(neg.Inputs[0], s, false)
	}
	mul := c.computedBy(product, "Mul")
	if mul == nil {
		return "", false
	}
	for k := range 2 {
		if c.beginning(mul.Inputs[1-k]) != c.beginning(s) {
			continue
		}
		if !negative {
			return mul.Inputs[k], true
		}
		if neg := c.computedBy(mul.Inputs[k], "Neg"); neg != nil {
			return neg.Inputs[0], true
		}
	}
	return "", false
}

// near reports whether two finite numbers are the same but for rounding on a scale.
func near(a, b, scale float64) bool {
	d := math.Abs(a - b)
	return d <= math.MaxFloat64 && d <= 1e-5*math.Abs(scale)
}
