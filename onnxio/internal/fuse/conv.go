package fuse

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
)

// fuseConvBias: what is added to a convolution, one value for each channel, is its bias
// or changes it.
func fuseConvBias(f *fuser, n *graph.Node) bool {
	c, x, ok := f.constantAndRest(n)
	if !ok || !f.perChannel(c, x) {
		return false
	}
	conv := f.inner(x, "Conv")
	if conv == nil {
		conv = f.inner(x, "ConvTranspose")
	}
	if conv == nil {
		return false
	}
	bias := f.vector(c)
	if len(conv.Inputs) > 2 && conv.Inputs[2] != "" {
		if f.Consts[conv.Inputs[2]] == nil {
			return false
		}
		if bias, ok = f.sum(conv.Inputs[2], bias); !ok {
			return false
		}
	}
	m := *conv
	m.Inputs = []string{conv.Inputs[0], conv.Inputs[1], bias}
	f.replace(&m, n, conv)
	return true
}

// fuseSubBias: what is subtracted from a convolution or a Gemm is added with the other
// sign. Nothing else is touched: x − mean begins a batch normalisation.
func fuseSubBias(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 || f.Consts[n.Inputs[1]] == nil || f.inner(n.Inputs[0], "Gemm") == nil {
		return false
	}
	c, ok := constfold.Calculate(f.Graph, "Neg", nil, n.Inputs[1])
	if !ok {
		return false
	}
	f.replace(&graph.Node{OpType: "Add", Name: n.Name, Inputs: []string{n.Inputs[0], c}}, n)
	return true
}

// sum enters the sum of two constants.
func (f *fuser) sum(a, b string) (string, bool) {
	return constfold.Calculate(f.Graph, "Add", nil, a, b)
}
