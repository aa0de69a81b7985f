package rewrite

import "github.com/gonn-toolkit/gonn/onnxio/graph"

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
