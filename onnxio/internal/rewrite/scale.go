package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// intoWeights takes a scale and a shift behind a convolution, a Gemm or a normalisation into
// its weight and bias, as exporters do with the normalisation behind a layer: it is what
// can still be learned where the file no longer tells the statistics.
func (w *work) intoWeights(last *graph.Node, x, s, shift string, others ...*graph.Node) bool {
	layer := w.weighted(x)
	if layer == nil {
		return false
	}
	s, shift = w.vector(s), w.vector(shift)
	weight, ok1 := w.scaledRows(layer, s)
	bias, ok2 := w.scaledBias(layer, s, shift)
	if !ok1 || !ok2 {
		return false
	}
	m := *layer
	m.Inputs = slices.Clone(layer.Inputs)
	m.Inputs = append(m.Inputs[:1], append([]string{weight, bias}, m.Inputs[min(3, len(m.Inputs)):]...)...)
	w.replace(&m, last, append(others, layer)...)
	return true
}

// weighted is the node with a constant weight that makes x, if nothing else reads x.
func (w *work) weighted(x string) *graph.Node {
	for _, op := range []string{"Conv", "Gemm", "BatchNormalization"} {
		layer := w.inner(x, op)
		if layer != nil && len(layer.Inputs) > 1 && w.consts[layer.Inputs[1]] != nil {
			return layer
		}
	}
	return nil
}

// meanIntoWeights is intoWeights for (x − μ)·s + β, which is x·s + (β − μ·s).
func (w *work) meanIntoWeights(last *graph.Node, s, beta string, mul, sub *graph.Node) bool {
	if w.weighted(sub.Inputs[0]) == nil {
		return false
	}
	s, beta = w.vector(s), w.vector(beta)
	product, ok := w.calculated("Mul", nil, w.vector(sub.Inputs[1]), s)
	if !ok {
		return false
	}
	shift, ok := w.calculated("Sub", nil, beta, product)
	return ok && w.intoWeights(last, sub.Inputs[0], s, shift, mul, sub)
}

// scaledBias is the bias of a layer times s, plus shift.
func (w *work) scaledBias(layer *graph.Node, s, shift string) (string, bool) {
	if len(layer.Inputs) < 3 || layer.Inputs[2] == "" {
		return shift, true
	}
	if w.consts[layer.Inputs[2]] == nil {
		return "", false
	}
	scaled, ok := w.calculated("Mul", nil, layer.Inputs[2], s)
	if !ok {
		return "", false
	}
	return w.sum(scaled, shift)
}

// scaledRows is the weight of a layer with the weights of each output times a value.
func (w *work) scaledRows(layer *graph.Node, s string) (string, bool) {
	weight := w.consts[layer.Inputs[1]]
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
	if len(weight.Dims) <= axis || weight.Dims[axis] != w.consts[s].Dims[0] {
		return "", false
	}
	along := *w.consts[s]
	along.Dims = slices.Repeat([]int64{1}, len(weight.Dims))
	along.Dims[axis] = weight.Dims[axis]
	return w.calculated("Mul", nil, layer.Inputs[1], w.constant(&along, s, s))
}
