package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// matMulToGemm: (N, K) times a constant (K, M) is Gemm.
func matMulToGemm(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 || f.Consts[n.Inputs[1]] == nil || len(f.Dims(n.Inputs[0])) != 2 || len(f.Consts[n.Inputs[1]].Dims) != 2 || !f.IsFloat(n.Inputs[0]) {
		return false
	}
	f.replace(&graph.Node{OpType: "Gemm", Name: n.Name, Inputs: n.Inputs}, n)
	return true
}

// fuseGemmBias: what is added to a Gemm without a bias is its bias.
func fuseGemmBias(f *fuser, n *graph.Node) bool {
	c, x, ok := f.constantAndRest(n)
	if !ok {
		return false
	}
	g := f.inner(x, "Gemm")
	if g == nil || len(g.Inputs) > 2 && g.Inputs[2] != "" || !f.perChannel(c, x) {
		return false
	}
	if beta, err := g.Float("beta", 1); err != nil || beta != 1 {
		return false
	}
	f.replace(&graph.Node{OpType: "Gemm", Name: g.Name, Attrs: g.Attrs, Inputs: []string{g.Inputs[0], g.Inputs[1], f.vector(c)}}, n, g)
	return true
}

// plainGemm takes the factors alpha and beta into the weight and the bias, and gives a bias
// of one number one for each output.
func plainGemm(f *fuser, n *graph.Node) bool {
	alpha, err1 := n.Float("alpha", 1)
	beta, err2 := n.Float("beta", 1)
	y := f.Dims(n.Outputs[0])
	if err1 != nil || err2 != nil || len(n.Inputs) < 2 || f.Consts[n.Inputs[1]] == nil || len(y) != 2 {
		return false
	}
	weight, bias, ok := n.Inputs[1], "", true
	if len(n.Inputs) > 2 && n.Inputs[2] != "" && beta != 0 {
		bias = n.Inputs[2]
		if f.Consts[bias] == nil {
			return false
		}
		if dims := f.Consts[bias].Dims; ir.Volume(ir.ToInts(dims)) == 1 && (len(dims) == 0 || y[1] > 1) {
			bias, ok = constfold.Calculate(f.Graph, "Expand", nil, bias, f.AddInts(n.Outputs[0]+".bias", y[1]))
		}
		if ok && beta != 1 {
			bias, ok = constfold.Calculate(f.Graph, "Mul", nil, bias, f.number(n, "beta", beta))
		}
	}
	if ok && alpha != 1 {
		weight, ok = constfold.Calculate(f.Graph, "Mul", nil, weight, f.number(n, "alpha", alpha))
	}
	inputs := []string{n.Inputs[0], weight}
	if bias != "" {
		inputs = append(inputs, bias)
	}
	if !ok || slices.Equal(inputs, n.Inputs) && alpha == 1 && beta == 1 {
		return false
	}
	g := f.CopyOf(n)
	g.Inputs = inputs
	ir.UnsetAttr(g, "alpha", "beta")
	f.replace(g, n)
	return true
}

// number enters a setting of a node as a constant.
func (f *fuser) number(n *graph.Node, what string, v float32) string {
	return f.AddConstant(graph.Float32Tensor("", nil, []float32{v}), n.Outputs[0]+"."+what)
}
