package nn

// Grads holds gradients by the parameter they belong to, each as long as the parameter's
// Data.
type Grads map[*Param][]float32

// Of lists the gradients of params in their order; nil stands for one that g lacks.
func (g Grads) Of(params []*Param) [][]float32 {
	list := make([][]float32, len(params))
	for i, p := range params {
		list[i] = g[p]
	}
	return list
}

// gradsOf assigns the parameters of n their parts of flat, one after the other.
func (n *Network) gradsOf(flat []float32) Grads {
	g := Grads{}
	for i, part := range n.split(flat) {
		g[n.params[i]] = part
	}
	return g
}
