package nn

// pass is the memory of one block's walk through a network.
type pass struct {
	net *Network
	x   Block   // the network's input
	out []Block // of each node
	// The rest is there only in training.
	grad []Block // of each node's output
	seen []bool  // whether grad holds something already
}

func newPass(n *Network) *pass {
	p := &pass{net: n, x: NewBlock(n.input), out: make([]Block, len(n.nodes))}
	p.newOutputs()
	return p
}

// forTraining adds what a walk back needs.
func (p *pass) forTraining() *pass {
	n := p.net
	p.grad = make([]Block, len(n.nodes))
	p.seen = make([]bool, len(n.nodes))
	p.newGradients()
	return p
}

func (p *pass) inputs(node *Node) []Block {
	in := make([]Block, len(node.in))
	for k, i := range node.in {
		in[k] = p.x
		if i >= 0 {
			in[k] = p.out[i]
		}
	}
	return in
}

// result is the network's output.
func (p *pass) result() Block { return p.out[len(p.out)-1] }

// forward computes every node's output from p.x.
func (p *pass) forward() {
	for i, node := range p.net.nodes {
		node.op.Forward(node.weights, p.inputs(node), p.out[i])
	}
}

// backward adds the gradient of the parameters to dw, given the gradient of the
// result in p.grad of the last node.
func (p *pass) backward(dw Weights) {
	clear(p.seen)
	for i := len(p.net.nodes) - 1; i >= 0; i-- {
		node := p.net.nodes[i]
		dx := make([]Block, len(node.in))
		var shares []int // inputs that another reader has given a gradient before
		for k, from := range node.in {
			switch {
			case !node.back[k]:
			case p.seen[from]:
				dx[k] = NewBlock(p.grad[from].Shape)
				shares = append(shares, k)
			default:
				dx[k] = p.grad[from]
				p.seen[from] = true
			}
		}
		own := dw[node.first : node.first+len(node.Params)]
		node.op.Backward(node.weights, own, p.inputs(node), p.out[i], p.grad[i], dx)
		for _, k := range shares {
			add(p.grad[node.in[k]].Data, dx[k].Data)
		}
	}
}

// add: y[i] += x[i]
func add(y, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}
