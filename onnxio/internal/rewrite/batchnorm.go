package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
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

// mergeBatchNorm: (x − μ)·s + β, or x·s + t.
func mergeBatchNorm(w *work, n *graph.Node) bool {
	beta, product, ok := w.constantAndRest(n)
	if !ok || !w.perChannel(beta, product) {
		return false
	}
	mul := w.inner(product, "Mul")
	if mul == nil {
		return false
	}
	s, x, ok := w.constantAndRest(mul)
	if !ok || !w.perChannel(s, x) {
		return false
	}
	if sub := w.subtraction(x); sub != nil {
		return w.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, beta, mul, sub) || w.meanIntoWeights(n, s, beta, mul, sub)
	}
	if mean, shift, ok := w.shiftOf(beta, s); ok && w.batchNorm(n, x, mean, s, shift, mul) {
		return true
	}
	return w.intoWeights(n, x, s, beta, mul)
}

// mergeBatchNormBare: (x − μ)·s, without a β, if nothing is added behind it.
func mergeBatchNormBare(w *work, n *graph.Node) bool {
	s, x, ok := w.constantAndRest(n)
	if !ok || !w.perChannel(s, x) || w.addsBehind(n.Outputs[0]) {
		return false
	}
	sub := w.subtraction(x)
	return sub != nil && w.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, "", sub)
}

// subtraction is the node that makes x by subtracting a constant for each channel, if
// nothing else reads x.
func (w *work) subtraction(x string) *graph.Node {
	sub := w.inner(x, "Sub")
	if sub == nil || w.consts[sub.Inputs[1]] == nil || !w.perChannel(sub.Inputs[1], sub.Inputs[0]) {
		return nil
	}
	return sub
}

// addsBehind reports whether a constant for each channel is added to a value.
func (w *work) addsBehind(value string) bool {
	return slices.ContainsFunc(w.readers[value], func(n *graph.Node) bool {
		c, _, ok := w.constantAndRest(n)
		return n.OpType == "Add" && w.linked(n) && ok && w.perChannel(c, value)
	})
}

// batchNorm replaces the nodes by one BatchNormalization, if the file still holds the
// variance that s was computed from.
func (w *work) batchNorm(last *graph.Node, x, mean, s, beta string, others ...*graph.Node) bool {
	channels := w.dims(x)[1]
	sc, ok := w.scaleOf(s)
	if !ok {
		return false
	}
	if sc.gamma == "" {
		sc.gamma = w.filled(last, "scale", channels, 1)
	}
	if beta == "" {
		beta = w.filled(last, "shift", channels, 0)
	}
	w.replace(&graph.Node{OpType: "BatchNormalization", Name: last.Name,
		Inputs: []string{x, w.vector(sc.gamma), w.vector(beta), w.vector(mean), w.vector(sc.variance)},
		Attrs:  []*graph.Attr{graph.FloatAttr("epsilon", sc.eps)}}, last, others...)
	return true
}

// filled enters a constant of equal numbers.
func (w *work) filled(n *graph.Node, what string, count int, v float32) string {
	t := graph.Float32Tensor("", []int64{int64(count)}, slices.Repeat([]float32{v}, count))
	return w.constant(t, n.Outputs[0]+"."+what)
}

// scaleOf finds what s = γ·(1/√(σ² + ε)) or γ/√(σ² + ε) was computed from. What it finds
// gives s again.
func (w *work) scaleOf(s string) (scale, bool) {
	want := w.floats(s)
	for _, sc := range w.scales(s) {
		if sc.gamma != "" {
			sc.gamma = w.source(sc.gamma, s)
		}
		sc.variance = w.source(sc.variance, s)
		gamma, variance := w.floats(sc.gamma), w.floats(sc.variance)
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
func (w *work) scales(s string) (all []scale) {
	if mul := w.computedBy(s, "Mul"); mul != nil {
		for k := range 2 {
			for _, sc := range w.inverseRoots(mul.Inputs[k]) {
				if sc.gamma == "" {
					sc.gamma = mul.Inputs[1-k]
					all = append(all, sc)
				}
			}
		}
	}
	return append(all, w.inverseRoots(s)...)
}

// inverseRoots are the σ² and ε of 1/√(σ² + ε), or of γ/√(σ² + ε).
func (w *work) inverseRoots(c string) (all []scale) {
	var gamma, below string
	if r := w.computedBy(c, "Reciprocal"); r != nil {
		below = r.Inputs[0]
	} else if d := w.computedBy(c, "Div"); d != nil {
		below = d.Inputs[1]
		if !w.is(d.Inputs[0], 1) {
			gamma = d.Inputs[0]
		}
	} else {
		return nil
	}
	root := w.computedBy(below, "Sqrt")
	if root == nil {
		return nil
	}
	add := w.computedBy(root.Inputs[0], "Add")
	if add == nil {
		return nil
	}
	for k := range 2 {
		if eps, ok := w.scalar(add.Inputs[k]); ok && eps > 0 && eps < 0.1 {
			all = append(all, scale{gamma: gamma, variance: add.Inputs[1-k], eps: float32(eps)})
		}
	}
	if len(all) == 2 && len(w.roots[add.Inputs[0]]) > 0 {
		slices.Reverse(all)
	}
	return all
}

// shiftOf finds the μ and β of t = β − μ·s, however it was computed: −μ·s + β, β − μ·s. ""
// stands for no β. What it finds gives t again.
func (w *work) shiftOf(t, s string) (mean, beta string, ok bool) {
	mean, beta, ok = w.shiftFrom(t, s)
	if !ok {
		return "", "", false
	}
	mean = w.source(mean, t)
	if beta != "" {
		beta = w.source(beta, t)
	}
	m, b, by, want := w.floats(mean), w.floats(beta), w.floats(s), w.floats(t)
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

func (w *work) shiftFrom(t, s string) (mean, beta string, ok bool) {
	if add := w.computedBy(t, "Add"); add != nil {
		for k := range 2 {
			if mean, ok := w.meanTimes(add.Inputs[k], s, true); ok {
				return mean, add.Inputs[1-k], true
			}
		}
	}
	if sub := w.computedBy(t, "Sub"); sub != nil {
		if mean, ok := w.meanTimes(sub.Inputs[1], s, false); ok {
			return mean, sub.Inputs[0], true
		}
	}
	mean, ok = w.meanTimes(t, s, true)
	return mean, "", ok
}

// meanTimes finds the μ of μ·s, or of −μ·s.
func (w *work) meanTimes(c, s string, negative bool) (mean string, ok bool) {
	if neg := w.computedBy(c, "Neg"); neg != nil && negative {
		return w.meanTimes(neg.Inputs[0], s, false)
	}
	mul := w.computedBy(c, "Mul")
	if mul == nil {
		return "", false
	}
	for k := range 2 {
		if w.beginning(mul.Inputs[1-k]) != w.beginning(s) {
			continue
		}
		if !negative {
			return mul.Inputs[k], true
		}
		if neg := w.computedBy(mul.Inputs[k], "Neg"); neg != nil {
			return neg.Inputs[0], true
		}
	}
	return "", false
}

// near reports whether two numbers are the same but for rounding on a scale.
func near(a, b, scale float64) bool { return math.Abs(a-b) <= 1e-5*math.Abs(scale) }
