package cause

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// denseTransposed tries a weight (Out, N) that is stored as (N, Out).
func denseTransposed(p *place) {
	w, dims := p.matrix()
	if w == nil {
		return
	}
	text := "its weight is not transposed: it is stored as (inputs, outputs) and read as (outputs, inputs)"
	order := []int{1, 0}
	p.with("dense-transposed", text, "weight", reorder(w, dims, order))
	if dims[0] != dims[1] {
		p.with("dense-transposed", text, "weight", reorderBack(w, dims, order))
	}
	m := p.flattened()
	if len(m) != 3 {
		return
	}
	// In Keras the rows are in the order H, W, C when it transposes.
	full, last := []int{dims[0], m[0], m[1], m[2]}, []int{0, 2, 3, 1}
	keras := reorderBack(w, full, last)
	p.with("dense-transposed", text, "weight", reorder(reorder(keras, dims, order), full, last))
	p.with("dense-transposed", text, "weight", reorder(reorderBack(keras, dims, order), full, last))
}

// matrix is the weight of a dense layer and its two dimensions; nil for other layers.
func (p *place) matrix() ([]float32, []int) {
	if p.node == nil {
		return nil, nil
	}
	if _, ok := p.node.Layer.(layer.Dense); !ok {
		return nil, nil
	}
	return p.node.Params[0].Data, p.node.Params[0].Shape
}

// denseRows tries the rows behind a map in other orders of its axes.
func denseRows(p *place) {
	w, dims := p.matrix()
	if w == nil {
		return
	}
	m := p.flattened()
	if m == nil {
		return
	}
	full := append([]int{dims[0]}, m...)
	names := []string{"channels", "height", "width"}[:len(m)]
	for _, order := range permutations(len(m)) {
		axes := []int{0}
		for _, o := range order {
			axes = append(axes, o+1)
		}
		text := "the rows of its weight are in another order than those of the map in front: " + ordered(names, order)
		p.with("dense-rows", text, "weight", reorder(w, full, axes))
		p.with("dense-rows", text, "weight", reorderBack(w, full, axes))
	}
}

// flattened is the shape of the map whose elements are the node's inputs; nil if there is none.
func (p *place) flattened() nn.Shape {
	net, at := p.whole.c.Net, p.node.Inputs[0]
	size := shapeOf(net, at).Size()
	for {
		s := shapeOf(net, at)
		if s.Size() != size {
			return nil
		}
		if len(s) > 1 {
			return s
		}
		node := net.Node(at)
		if node == nil || len(node.Inputs) != 1 || len(node.Params) > 0 && !elementwise(node) {
			return nil
		}
		at = node.Inputs[0]
	}
}

// elementwise reports whether a layer works on each element by itself.
func elementwise(node *nn.Node) bool {
	_, act := asActivation(node)
	return act
}
