package nn

// inPlaceOp is an Op whose Backward may be given dy's memory as that of dx: element i of
// dx depends on element i of dy alone.
type inPlaceOp interface{ InPlace() bool }

// aliasOp is an Op whose output is its input in another shape, so that both may have
// the same memory, and so may their gradients.
type aliasOp interface{ alias() }

// newOutputs gives every node's output its memory. The less a walk goes through, the
// more of it stays in the cache.
func (p *pass) newOutputs() {
	for i, node := range p.net.nodes {
		if _, ok := node.op.(aliasOp); ok && node.in[0] >= 0 {
			p.out[i] = Block{Shape: node.Shape, Data: p.out[node.in[0]].Data}
			continue
		}
		p.out[i] = NewBlock(node.Shape)
	}
}

// newGradients likewise: a layer overwrites the gradient of its output with that of its
// input if it can and no other layer reads this input.
func (p *pass) newGradients() {
	readers := make([]int, len(p.net.nodes))
	for _, node := range p.net.nodes {
		for _, from := range node.in {
			if from >= 0 {
				readers[from]++
			}
		}
	}
	for i := len(p.net.nodes) - 1; i >= 0; i-- {
		if p.grad[i].Data == nil {
			p.grad[i] = NewBlock(p.net.nodes[i].Shape)
		}
		node := p.net.nodes[i]
		from := node.in[0]
		_, alias := node.op.(aliasOp)
		op, ok := node.op.(inPlaceOp)
		if len(node.in) == 1 && from >= 0 && readers[from] == 1 && (alias || ok && op.InPlace()) {
			p.grad[from] = Block{Shape: p.net.nodes[from].Shape, Data: p.grad[i].Data}
		}
	}
}
