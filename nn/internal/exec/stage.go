package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// stage is the part of a run between two points at which the statistics of all blocks are
// merged. Without synchronized layers there is only one.
type stage struct {
	begins       bool // samples are loaded
	forward      nodeRange
	readsOutputs bool // outputs are read and seeds written, after forward
	backward     nodeRange
	ends         bool // gradients of inputs are complete
	// synchronized is the node whose statistics are computed at the end, −1 for none; back is
	// set for backward statistics.
	synchronized int
	back         bool
}

// nodeRange is the nodes lo…hi−1.
type nodeRange struct{ lo, hi int }

// stages divides the passes of n nodes into stages, at nodes that are synchronized in the
// forward and the backward pass.
func stages(forward, backward []int, n int) (list []stage) {
	at := 0
	for _, i := range forward {
		list = append(list, stage{forward: nodeRange{at, i}, synchronized: i})
		at = i
	}
	last := stage{forward: nodeRange{at, n}, readsOutputs: true, synchronized: -1}
	end := n
	for i := len(backward) - 1; i >= 0; i-- {
		last.backward = nodeRange{backward[i] + 1, end}
		last.synchronized, last.back = backward[i], true
		list = append(list, last)
		last, end = stage{synchronized: -1}, backward[i]+1
	}
	last.backward, last.ends = nodeRange{0, end}, true
	list = append(list, last)
	list[0].begins = true
	return list
}

// synchronized lists the nodes that need statistics of the batch, forward and backward.
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
