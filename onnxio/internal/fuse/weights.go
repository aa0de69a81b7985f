package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
)

// intoWeights takes a scale and a shift behind a convolution, a Gemm or a normalisation into
// its weight and bias, as exporters do with the normalisation behind a layer: it is what
// can still be learned where the file no longer tells the statistics.
func (f *fuser) intoWeights(last *graph.Node, x, s, shift string, others ...*graph.Node) bool {
	layer := f.weighted(x)
	if layer == nil {
		return false
	}
	s, shift = f.vector(s), f.vector(shift)
	weight, ok1 := f.scaledRows(layer, s)
	bias, ok2 := f.scaledBias(layer, s, shift)
	if !ok1 || !ok2 {
		return false
	}
	m := *layer
	m.Inputs = slices.Clone(layer.Inputs)
	m.Inputs = append(m.Inputs[:1], append([]string{weight, bias}, m.Inputs[min(3, len(m.Inputs)):]...)...)
	f.replace(&m, last, append(others, layer)...)
	return true
}

// weighted is the node with a constant weight that makes x, if nothing else reads x.
func (f *fuser) weighted(x string) *graph.Node {
	for _, op := range []string{"Conv", "Gemm", "BatchNormalization"} {
		layer := f.inner(x, op)
		if layer != nil && len(layer.Inputs) > 1 && f.Consts[layer.Inputs[1]] != nil {
			return layer
		}
	}
	return nil
}

// meanIntoWeights is intoWeights for (x − μ)·s + β, which is x·s + (β − μ·s).
func (f *fuser) meanIntoWeights(last *graph.Node, s, beta string, mul, sub *graph.Node) bool {
	if f.weighted(sub.Inputs[0]) == nil {
		return false
	}
	s, beta = f.vector(s), f.vector(beta)
	product, ok := constfold.Calculate(f.Graph, "Mul", nil, f.vector(sub.Inputs[1]), s)
	if !ok {
		return false
	}
	shift, ok := constfold.Calculate(f.Graph, "Sub", nil, beta, product)
	return ok && f.intoWeights(last, sub.Inputs[0], s, shift, mul, sub)
}

// scaledBias is the bias of a layer times s, plus shift.
func (f *fuser) scaledBias(layer *graph.Node, s, shift string) (string, bool) {
	if len(layer.Inputs) < 3 || layer.Inputs[2] == "" {
		return shift, true
	}
	if f.Consts[layer.Inputs[2]] == nil {
		return "", false
	}
	scaled, ok := constfold.Calculate(f.Graph, "Mul", nil, layer.Inputs[2], s)
	if !ok {
		return "", false
	}
	return f.sum(scaled, shift)
}

// scaledRows is the weight of a layer with the weights of each output times a value.
func (f *fuser) scaledRows(layer *graph.Node, s string) (string, bool) {
	weight := f.Consts[layer.Inputs[1]]
	axis := 0
	if layer.OpType == "Gemm" {
		transB, err1 := layer.Int("transB", 0)
		alpha, err2 := layer.Float("alpha", 1)
		beta, err3 := layer.Float("beta", 1)
		if err1 != nil || err2 != nil || err3 != nil || alpha != 1 || beta != 1 {
			return "", false
		}
		if transB == 0 {
			axis = 1
		}
	}
	if len(weight.Dims) <= axis || weight.Dims[axis] != f.Consts[s].Dims[0] {
		return "", false
	}
	along := *f.Consts[s]
	along.Dims = slices.Repeat([]int64{1}, len(weight.Dims))
	along.Dims[axis] = weight.Dims[axis]
	return constfold.Calculate(f.Graph, "Mul", nil, layer.Inputs[1], f.AddConstant(&along, s, s))
}
