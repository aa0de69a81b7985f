package nn

import "github.com/gonn-toolkit/gonn/nn/op"

// Grads holds gradients by the parameter they belong to, each as long as the parameter's
// Data. Parameters that are not trained have none.
type Grads map[*Param][]float32

// Of lists the gradients of params in their order; nil stands for one that g lacks.
func (g Grads) Of(params []*Param) [][]float32 {
	list := make([][]float32, len(params))
	for i, p := range params {
		list[i] = g[p]
	}
	return list
}

// gradsOf assigns the trained parameters of n the gradients of its nodes.
func (n *Network) gradsOf(nodes []op.Weights) Grads {
	g := Grads{}
	for i, node := range n.nodes {
		for k, p := range node.Params {
			if nodes[i][k] != nil {
				g[p] = nodes[i][k]
			}
		}
	}
	return g
}
