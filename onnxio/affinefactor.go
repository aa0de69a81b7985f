package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// enterMultiple enters an activation and the factor behind it: as a part of the weights of
// the layers that read the result, if these do alone, else as arithmetic.
func (af *affineLayers) enterMultiple(n *graph.Node, m *match) {
	act, err := m.recovered(af.importer)
	if err != nil {
		af.refuse(n, err)
		return
	}
	y := n.Outputs[0]
	if af.weighed(y) {
		af.add(n, act, nil)
		af.factors[y] = m.factor
		return
	}
	behind := oneNumber([]float32{m.factor}, nil)
	behind.x = af.step(n, m.x, "act", func(step *graph.Node) {
		af.matches[step] = m
		af.add(step, act, nil)
	})
	if af.layerOf[behind.x] != "" { // else it is refused
		af.arithmetic(n, behind)
	}
}

// weighed reports whether all that read a value are layers that have weights for it.
func (af *affineLayers) weighed(value string) bool {
	readers := af.Readers[value]
	return len(readers) > 0 && !af.isOutput(value) && !slices.ContainsFunc(readers, func(r *graph.Node) bool {
		weighs := r.OpType == "Conv" || r.OpType == "ConvTranspose" || r.OpType == "Gemm"
		return !weighs || !r.Standard() || len(registeredFor(r)) > 0 || r.Inputs[0] != value || len(r.Inputs) < 2 || af.consts[r.Inputs[1]] == nil || slices.Contains(r.Inputs[1:], value)
	})
}

// takeFactor takes the factor of what a layer reads into its weights.
func (af *affineLayers) takeFactor(n *graph.Node, r *FoundLayer) {
	if len(r.Inputs) != 1 || af.factors[r.Inputs[0]] == 0 {
		return
	}
	c := af.factors[r.Inputs[0]]
	r.Params["weight"] = r.Params["weight"].then(func(dst []float32) {
		for i := range dst {
			dst[i] *= c
		}
	})
	af.notes = append(af.notes, fmt.Sprintf("%s: the factor %g behind layer %s is part of its weights now", n.Label(), c, af.layerOf[r.Inputs[0]]))
}
