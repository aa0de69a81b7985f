package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// A stage is what all blocks of a batch do between two points at which their statistics are
// merged. Without layers that need statistics over the batch there is but one.
type stage struct {
	begins       bool
	forward      nodes
	readsOutputs bool // outputs are read and seeds written
	backward     nodes
	ends         bool // gradients of inputs are there
	// synchronized is the node for which blocks are summed up at the end, −1 for none; back
	// is for which direction.
	synchronized int
	back         bool
}

// nodes are those from lo to hi−1.
type nodes struct{ lo, hi int }

// stages cuts the way of n nodes at those that are synchronized, forward and, some of them,
// back.
func stages(forward, backward []int, n int) (list []stage) {
	at := 0
	for _, i := range forward {
		list = append(list, stage{forward: nodes{at, i}, synchronized: i})
		at = i
	}
	turn := stage{forward: nodes{at, n}, readsOutputs: true, synchronized: -1}
	end := n
	for i := len(backward) - 1; i >= 0; i-- {
		turn.backward = nodes{backward[i] + 1, end}
		turn.synchronized, turn.back = backward[i], true
		list = append(list, turn)
		turn, end = stage{synchronized: -1}, backward[i]+1
	}
	turn.backward, turn.ends = nodes{0, end}, true
	list = append(list, turn)
	list[0].begins = true
	return list
}

// synchronized lists the nodes that need statistics over the batch, forward and back.
func (f *flow) synchronized() (forward, backward []int) {
	if !f.cfg.Training {
		return nil, nil
	}
	for i, node := range f.Nodes {
		if _, ok := node.Op.(op.Synchronized); ok && f.computed[i] {
			forward = append(forward, i)
			if f.back(i) {
				backward = append(backward, i)
			}
		}
	}
	return forward, backward
}
