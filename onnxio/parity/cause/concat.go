package cause

import (
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// concatOrder tries to join the inputs of a concatenation in other orders: all of up to four, else
// those with two exchanged.
func concatOrder(p *place) {
	if p.node == nil {
		return
	}
	l, ok := p.node.Layer.(layer.Concat)
	n := len(p.node.Inputs)
	if !ok || n < 2 {
		return
	}
	var orders [][]int
	if n <= 4 {
		orders = permutations(n)
	} else if p.affordable(n * n / 2) {
		for _, a := range swaps(n) {
			orders = append(orders, a.order)
		}
	}
	for _, order := range orders {
		p.try(value{kind: "concat-order", text: "its inputs are joined in another order: it should be " + strings.Join(inOrder(p.node.Inputs, order), ", "),
			compute: func(values batch) (*nn.Tensor, error) { return apply(l, nil, inOrder(p.inputs(values), order)...) }})
	}
}

// inOrder takes element order[i] for place i.
func inOrder[T any](list []T, order []int) []T {
	out := make([]T, len(list))
	for i, o := range order {
		out[i] = list[o]
	}
	return out
}
