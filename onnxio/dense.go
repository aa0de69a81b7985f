package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// denseFormat: layer.Dense is Gemm with its weight (Out, N) transposed, as PyTorch's
// Linear is written. Gemm with the weight (N, Out) as it stands is read too.
var denseFormat = LayerFormat{
	Layer:     layer.Dense{},
	Operators: []string{"Gemm"},

	Write: func(w *LayerWriter) error {
		w.Result("Gemm", w.Operands(), graph.IntAttr("transB", 1))
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(2, 3, "alpha", "beta", "transA", "transB"); err != nil {
			return nil, err
		}
		alpha, err1 := n.Float("alpha", 1)
		beta, err2 := n.Float("beta", 1)
		transA, err3 := n.Int("transA", 0)
		transB, err4 := n.Int("transB", 0)
		w, dims, err5 := n.Values(n.Input(1), "weight")
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			return nil, err
		}
		if alpha != 1 || beta != 1 || transA != 0 {
			return nil, fmt.Errorf("attributes alpha %v, beta %v, transA %d: a Dense layer needs 1, 1 and 0", alpha, beta, transA)
		}
		if len(dims) != 2 {
			return nil, fmt.Errorf("its weight has shape %v, need two axes", dims)
		}
		if transB == 0 {
			rows, cols := dims[0], dims[1]
			w, dims = w.then(func(v []float32) { copy(v, transposed(v, rows, cols)) }), nn.Shape{cols, rows}
		}
		if x := n.Shape(n.Input(0)); len(x) != 1 || x[0] != dims[1] {
			return nil, fmt.Errorf("its input has shape %s, the weight needs (N, %d)", x.Batched(), dims[1])
		}
		r := &FoundLayer{Inputs: []string{n.Input(0)}, Params: map[string]Values{"weight": w}}
		bias := n.Input(2) != ""
		r.Layer = layer.Dense{Out: dims[0], NoBias: !bias}
		if bias {
			b, bdims, err := n.Values(n.Input(2), "bias")
			if err != nil {
				return nil, err
			}
			if bdims.Size() != dims[0] || len(bdims) < 1 || len(bdims) > 2 || bdims[len(bdims)-1] != dims[0] {
				return nil, fmt.Errorf("its bias has shape %v, the weight needs (%d)", bdims, dims[0])
			}
			r.Params["bias"] = b
		}
		return r, nil
	},
}

// transposed turns a row-major (rows, cols) matrix around.
func transposed(w []float32, rows, cols int) []float32 {
	t := make([]float32, len(w))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = w[i*cols+j]
		}
	}
	return t
}
