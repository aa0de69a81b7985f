package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// matMulToGemm: (N, K) times a constant (K, M) is Gemm.
func matMulToGemm(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 || w.consts[n.Inputs[1]] == nil || len(w.dims(n.Inputs[0])) != 2 || len(w.consts[n.Inputs[1]].Dims) != 2 || !w.isFloat(n.Inputs[0]) {
		return false
	}
	w.replace(&graph.Node{OpType: "Gemm", Name: n.Name, Inputs: n.Inputs}, n)
	return true
}

// mergeGemmBias: what is added to a Gemm without a bias is its bias.
func mergeGemmBias(w *work, n *graph.Node) bool {
	c, x, ok := w.constantAndRest(n)
	if !ok {
		return false
	}
	g := w.inner(x, "Gemm")
	if g == nil || len(g.Inputs) > 2 && g.Inputs[2] != "" || !w.perChannel(c, x) {
		return false
	}
	if beta, err := g.Float("beta", 1); err != nil || beta != 1 {
		return false
	}
	w.replace(&graph.Node{OpType: "Gemm", Name: g.Name, Attrs: g.Attrs, Inputs: []string{g.Inputs[0], g.Inputs[1], w.vector(c)}}, n, g)
	return true
}

// plainGemm takes the factors alpha and beta into the weight and the bias, and gives a bias
// of one number one for each output.
func plainGemm(w *work, n *graph.Node) bool {
	alpha, err1 := n.Float("alpha", 1)
	beta, err2 := n.Float("beta", 1)
	y := w.dims(n.Outputs[0])
	if err1 != nil || err2 != nil || len(n.Inputs) < 2 || w.consts[n.Inputs[1]] == nil || len(y) != 2 {
		return false
	}
	weight, bias, ok := n.Inputs[1], "", true
	if len(n.Inputs) > 2 && n.Inputs[2] != "" && beta != 0 {
		bias = n.Inputs[2]
		if w.consts[bias] == nil {
			return false
		}
		if dims := w.consts[bias].Dims; volume(toInts(dims)) == 1 && (len(dims) == 0 || y[1] > 1) {
			bias, ok = w.calculated("Expand", nil, bias, w.ints(n.Outputs[0]+".bias", y[1]))
		}
		if ok && beta != 1 {
			bias, ok = w.calculated("Mul", nil, bias, w.number(n, "beta", beta))
		}
	}
	if ok && alpha != 1 {
		weight, ok = w.calculated("Mul", nil, weight, w.number(n, "alpha", alpha))
	}
	inputs := []string{n.Inputs[0], weight}
	if bias != "" {
		inputs = append(inputs, bias)
	}
	if !ok || slices.Equal(inputs, n.Inputs) && alpha == 1 && beta == 1 {
		return false
	}
	g := w.copyOf(n)
	g.Inputs = inputs
	unset(g, "alpha", "beta")
	w.replace(g, n)
	return true
}

// number enters a setting of a node as a constant.
func (w *work) number(n *graph.Node, what string, v float32) string {
	return w.constant(graph.Float32Tensor("", nil, []float32{v}), n.Outputs[0]+"."+what)
}
