package nn

import "github.com/gonn-toolkit/gonn/nn/op"

// Grads are gradients by parameter, each with the length of Param.Data. Parameters that are not
// trained have none.
type Grads map[*Param][]float32

// Of returns the gradients of params, in order; nil for those that have none.
func (g Grads) Of(params []*Param) [][]float32 {
	list := make([][]float32, len(params))
	for i, p := range params {
		list[i] = g[p]
	}
	return list
}

// gradsOf maps the gradients of all nodes to the parameters; nil ones are left out.
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
