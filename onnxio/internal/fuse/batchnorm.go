package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Batch normalisation in inference is y = (x − μ)·γ/√(σ² + ε) + β. Exporters that write it
// as arithmetic on constants have computed part of that: γ/√(σ² + ε) at least, often
// β − μ·γ/√(σ² + ε) too. The constants remember what they were computed from (provenance.go),
// so μ, σ², γ, β and ε are found again where the file still holds them (statistics.go), and
// are taken if they give the same numbers. Where it holds only x·s + t there are no statistics
// that training could go on from: the scale and the shift become part of the weights in
// front, or stay the arithmetic that they are.

// fuseBatchNorm: (x − μ)·s + β, or x·s + t.
func fuseBatchNorm(f *fuser, n *graph.Node) bool {
	beta, product, ok := f.constantAndRest(n)
	if !ok || !f.perChannel(beta, product) {
		return false
	}
	mul := f.inner(product, "Mul")
	if mul == nil {
		return false
	}
	s, x, ok := f.constantAndRest(mul)
	if !ok || !f.perChannel(s, x) {
		return false
	}
	if sub := f.subtraction(x); sub != nil {
		return f.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, beta, mul, sub) || f.meanIntoWeights(n, s, beta, mul, sub)
	}
	if mean, shift, ok := (constants{f.Graph}).shiftOf(beta, s); ok && f.batchNorm(n, x, mean, s, shift, mul) {
		return true
	}
	return f.intoWeights(n, x, s, beta, mul)
}

// fuseBatchNormBare: (x − μ)·s, without a β, if nothing is added behind it.
func fuseBatchNormBare(f *fuser, n *graph.Node) bool {
	s, x, ok := f.constantAndRest(n)
	if !ok || !f.perChannel(s, x) || f.addsBehind(n.Outputs[0]) {
		return false
	}
	sub := f.subtraction(x)
	return sub != nil && f.batchNorm(n, sub.Inputs[0], sub.Inputs[1], s, "", sub)
}

// subtraction is the node that makes x by subtracting a constant for each channel, if
// nothing else reads x.
func (f *fuser) subtraction(x string) *graph.Node {
	sub := f.inner(x, "Sub")
	if sub == nil || f.Consts[sub.Inputs[1]] == nil || !f.perChannel(sub.Inputs[1], sub.Inputs[0]) {
		return nil
	}
	return sub
}

// addsBehind reports whether a constant for each channel is added to a value.
func (f *fuser) addsBehind(value string) bool {
	return slices.ContainsFunc(f.Readers[value], func(n *graph.Node) bool {
		c, _, ok := f.constantAndRest(n)
		return n.OpType == "Add" && f.Linked(n) && ok && f.perChannel(c, value)
	})
}

// batchNorm replaces the nodes by one BatchNormalization, if the file still holds the
// variance that s was computed from.
func (f *fuser) batchNorm(last *graph.Node, x, mean, s, beta string, others ...*graph.Node) bool {
	channels := f.Dims(x)[1]
	sc, ok := constants{f.Graph}.scaleOf(s)
	if !ok {
		return false
	}
	if sc.gamma == "" {
		sc.gamma = f.filled(last, "scale", channels, 1)
	}
	if beta == "" {
		beta = f.filled(last, "shift", channels, 0)
	}
	f.replace(&graph.Node{OpType: "BatchNormalization", Name: last.Name,
		Inputs: []string{x, f.vector(sc.gamma), f.vector(beta), f.vector(mean), f.vector(sc.variance)},
		Attrs:  []*graph.Attr{graph.FloatAttr("epsilon", sc.eps)}}, last, others...)
	return true
}

// filled enters a constant of equal numbers.
func (f *fuser) filled(n *graph.Node, what string, count int, v float32) string {
	t := graph.Float32Tensor("", []int64{int64(count)}, slices.Repeat([]float32{v}, count))
	return f.AddConstant(t, n.Outputs[0]+"."+what)
}
