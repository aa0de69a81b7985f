package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// pass is the memory of one block's walk through a network, and the plan of who reads
// and writes what of it.
type pass struct {
	net    *Network
	x      Block     // the network's input
	out    []Block   // of each node
	in     [][]Block // of each node: what it reads
	labels [Lanes]int
	// The rest is there only in training.
	grad []Block   // of each node's output
	dx   [][]Block // of each node: where the gradients of its inputs go
	sums [][]sum   // of each node: what is to be added after it

	training []*Training // of each node that does something else in training
}

// sum is the gradient that a node gives to an output which another reader has given one
// before.
type sum struct{ to, from []float32 }

func newPass(n *Network) *pass {
	p := &pass{net: n, x: NewBlock(n.input), out: make([]Block, len(n.nodes)), in: make([][]Block, len(n.nodes))}
	p.newOutputs()
	for i, node := range n.nodes {
		for _, from := range node.in {
			if from < 0 {
				p.in[i] = append(p.in[i], p.x)
			} else {
				p.in[i] = append(p.in[i], p.out[from])
			}
		}
	}
	return p
}

// forTraining adds what a walk back needs. totals are what batches add up to, of nodes
// that couple samples.
func (p *pass) forTraining(totals [][2][]float64) *pass {
	nodes := p.net.nodes
	p.training = make([]*Training, len(nodes))
	for i, node := range nodes {
		if _, ok := node.op.(trainingOp); !ok {
			continue
		}
		t := &Training{Forward: totals[i][0], Backward: totals[i][1]}
		t.own = [2][]float64{make([]float64, len(t.Forward)), make([]float64, len(t.Backward))}
		p.training[i] = t
	}
	p.grad = make([]Block, len(nodes))
	p.newGradients()
	p.dx = make([][]Block, len(nodes))
	p.sums = make([][]sum, len(nodes))
	seen := make([]bool, len(nodes)) // whether the walk back has been there
	for i := len(nodes) - 1; i >= 0; i-- {
		p.dx[i] = make([]Block, len(nodes[i].in))
		for k, from := range nodes[i].in {
			switch {
			case !nodes[i].back[k]:
			case seen[from]:
				p.dx[i][k] = NewBlock(p.grad[from].Shape)
				p.sums[i] = append(p.sums[i], sum{p.grad[from].Data, p.dx[i][k].Data})
			default:
				p.dx[i][k] = p.grad[from]
				seen[from] = true
			}
		}
	}
	return p
}

// result is the network's output.
func (p *pass) result() Block { return p.out[len(p.out)-1] }

// forward does a member's share of computing the output of some nodes.
func (p *pass) forward(m member, some nodes) {
	for i := some.lo; i < some.hi; i++ {
		if op, w := m.ops[i], p.net.nodes[i].weights; op != nil {
			if t := p.trains(i); t != nil {
				op.(trainingOp).ForwardTraining(t, w, p.in[i], p.out[i])
			} else {
				op.Forward(w, p.in[i], p.out[i])
			}
		}
		m.team.wait()
	}
}

// backward does a member's share of adding the gradient of the parameters of some nodes
// to dw, given the gradient of the result in p.grad of the last node.
func (p *pass) backward(m member, some nodes, dw Weights) {
	for i := some.hi - 1; i >= some.lo; i-- {
		node := p.net.nodes[i]
		own := dw[node.first : node.first+len(node.Params)]
		if op := m.ops[i]; op != nil {
			if t := p.trains(i); t != nil {
				op.(trainingOp).BackwardTraining(t, node.weights, own, p.in[i], p.out[i], p.grad[i], p.dx[i])
			} else {
				op.Backward(node.weights, own, p.in[i], p.out[i], p.grad[i], p.dx[i])
			}
		}
		m.team.wait()
		if len(p.sums[i]) == 0 {
			continue
		}
		if m.i == 0 {
			for _, s := range p.sums[i] {
				kernel.Add(s.to, s.from)
			}
		}
		m.team.wait()
	}
}

// trains is what node i is told in training; nil if that is nothing.
func (p *pass) trains(i int) *Training {
	if p.training == nil {
		return nil
	}
	return p.training[i]
}

// sumUp sums the block up for the node at the end of a leg.
func (p *pass) sumUp(l *leg) {
	i := l.couples
	op, t := p.net.nodes[i].op.(coupledOp), p.training[i]
	if l.back {
		op.SumBackward(t, p.in[i], p.grad[i], t.own[1])
	} else {
		op.SumForward(t, p.in[i], t.own[0])
	}
}
