package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Batch normalisation in inference is y = (x − μ)·γ/√(σ² + ε) + β. Exporters that write it
// as arithmetic on constants have computed part of that: γ/√(σ² + ε) at least, often
// β − μ·γ/√(σ² + ε) too. The constants remember what they were computed from (work.made),
// so μ, σ², γ, β and ε are found again where the file still holds them. Where it holds only
// s = γ/√(σ² + ε), γ is taken as s and σ² as 1 − ε, and where it holds only x·s + t, μ is
// taken as 0: the same function, but training goes on from other statistics. Result.Guessed
// names these.

// scale is what a constant s = γ/√(σ² + ε) was computed from.
type scale struct {
	gamma, variance string // "" where there is none, and where it is not known
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
	if sub := w.inner(x, "Sub"); sub != nil && w.consts[sub.Inputs[1]] != nil && w.perChannel(sub.Inputs[1], sub.Inputs[0]) {
		return w.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, beta, mul, sub)
	}
	mean, shift, ok := w.shiftOf(beta, s)
	if !ok {
		if w.intoWeights(n, x, s, beta, mul) {
			return true
		}
		mean, shift = w.filled(n, "mean", w.dims(x)[1], 0), beta
	}
	return w.batchNorm(n, x, mean, s, shift, mul)
}

// mergeBatchNormBare: (x − μ)·s, without a β, if nothing is added behind it.
func mergeBatchNormBare(w *work, n *graph.Node) bool {
	s, x, ok := w.constantAndRest(n)
	if !ok || !w.perChannel(s, x) || w.addsBehind(n.Outputs[0]) {
		return false
	}
	sub := w.inner(x, "Sub")
	if sub == nil || w.consts[sub.Inputs[1]] == nil || !w.perChannel(sub.Inputs[1], sub.Inputs[0]) {
		return false
	}
	return w.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, "", sub)
}

// addsBehind tells whether a constant for each channel is added to a value.
func (w *work) addsBehind(value string) bool {
	return slices.ContainsFunc(w.readers[value], func(n *graph.Node) bool {
		c, _, ok := w.constantAndRest(n)
		return n.OpType == "Add" && ok && w.perChannel(c, value)
	})
}

// batchNorm replaces the nodes by one BatchNormalization.
func (w *work) batchNorm(last *graph.Node, x, mean, s, beta string, others ...*graph.Node) bool {
	channels := w.dims(x)[1]
	sc, ok := w.scaleOf(s)
	if !ok {
		sc = scale{gamma: s, eps: 1e-3}
		w.guessed = append(w.guessed, last.Outputs[0])
	}
	if sc.variance == "" {
		sc.variance = w.filled(last, "variance", channels, 1-sc.eps)
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

// source follows a constant back through nodes that only moved its elements, which for one
// value a channel leaves their order as it was.
func (w *work) source(constant string) string {
	for {
		if o := w.origin[constant]; o != "" {
			constant = o
			continue
		}
		n := w.made[constant]
		if n == nil || len(n.Inputs) == 0 || w.consts[n.Inputs[0]] == nil {
			return constant
		}
		switch n.OpType {
		case "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Identity", "Cast", "Flatten":
			constant = n.Inputs[0]
		default:
			return constant
		}
	}
}

// computedBy is the node with operator op that computed a constant, nil if it was another.
func (w *work) computedBy(constant, op string) *graph.Node {
	if n := w.made[w.source(constant)]; n != nil && n.OpType == op {
		return n
	}
	return nil
}

// scaleOf finds what s = γ·(1/√(σ² + ε)) or γ/√(σ² + ε) was computed from.
func (w *work) scaleOf(s string) (scale, bool) {
	if mul := w.computedBy(s, "Mul"); mul != nil {
		for k := range 2 {
			if sc, ok := w.inverseRoot(mul.Inputs[k]); ok && sc.gamma == "" {
				sc.gamma = w.source(mul.Inputs[1-k])
				return sc, true
			}
		}
	}
	return w.inverseRoot(s)
}

// inverseRoot finds the σ² and ε of 1/√(σ² + ε), or of γ/√(σ² + ε).
func (w *work) inverseRoot(c string) (scale, bool) {
	var gamma, below string
	if r := w.computedBy(c, "Reciprocal"); r != nil {
		below = r.Inputs[0]
	} else if d := w.computedBy(c, "Div"); d != nil {
		below = d.Inputs[1]
		if !w.is(d.Inputs[0], 1) {
			gamma = w.source(d.Inputs[0])
		}
	} else {
		return scale{}, false
	}
	root := w.computedBy(below, "Sqrt")
	if root == nil {
		return scale{}, false
	}
	add := w.computedBy(root.Inputs[0], "Add")
	if add == nil {
		return scale{}, false
	}
	for k := range 2 {
		if eps, ok := w.scalar(add.Inputs[k]); ok && eps > 0 && eps < 0.1 {
			return scale{gamma: gamma, variance: w.source(add.Inputs[1-k]), eps: float32(eps)}, true
		}
	}
	return scale{}, false
}

// shiftOf finds the μ and β of t = β − μ·s, however it was computed: −μ·s + β, β − μ·s. ""
// stands for no β.
func (w *work) shiftOf(t, s string) (mean, beta string, ok bool) {
	if add := w.computedBy(t, "Add"); add != nil {
		for k := range 2 {
			if mean, ok := w.meanTimes(add.Inputs[k], s, true); ok {
				return mean, w.source(add.Inputs[1-k]), true
			}
		}
	}
	if sub := w.computedBy(t, "Sub"); sub != nil {
		if mean, ok := w.meanTimes(sub.Inputs[1], s, false); ok {
			return mean, w.source(sub.Inputs[0]), true
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
		if w.source(mul.Inputs[1-k]) != w.source(s) {
			continue
		}
		if !negative {
			return w.source(mul.Inputs[k]), true
		}
		if neg := w.computedBy(mul.Inputs[k], "Neg"); neg != nil {
			return w.source(neg.Inputs[0]), true
		}
	}
	return "", false
}
