package nn

// A leg is the part of a block's walk between two layers that couple the samples of a
// batch. Without such layers, and when a network only answers, there is but one.
type leg struct {
	begins   bool
	forward  nodes
	turns    bool // the loss and the backward pass follow
	backward nodes
	couples  int // the node for which blocks are summed up at the end; −1 for none
	back     bool
}

// nodes are those from lo to hi−1.
type nodes struct{ lo, hi int }

// legs cuts a walk. coupled are the nodes that couple samples.
func legs(coupled []int, n int) (list []leg) {
	at := 0
	for _, c := range coupled {
		list = append(list, leg{forward: nodes{at, c}, couples: c})
		at = c
	}
	turn := leg{forward: nodes{at, n}, turns: true, couples: -1}
	end := n
	for i := len(coupled) - 1; i >= 0; i-- {
		turn.backward = nodes{coupled[i] + 1, end}
		turn.couples, turn.back = coupled[i], true
		list = append(list, turn)
		turn, end = leg{couples: -1}, coupled[i]+1
	}
	turn.backward = nodes{0, end}
	list = append(list, turn)
	list[0].begins = true
	return list
}

// coupled lists the nodes that couple samples.
func (n *Network) coupled() (list []int) {
	for i, node := range n.nodes {
		if _, ok := node.op.(coupledOp); ok {
			list = append(list, i)
		}
	}
	return list
}

// couple joins what the blocks have been summed up to.
func (w *walkers) couple(l *leg) {
	way := 0
	if l.back {
		way = 1
	}
	w.sums = w.sums[:0]
	for b := range w.blocks {
		w.sums = append(w.sums, w.passes[b].training[l.couples].own[way])
	}
	total := w.totals[l.couples][way]
	if !l.back {
		w.net.nodes[l.couples].op.(coupledOp).JoinForward(w.sums, total)
		return
	}
	clear(total)
	for _, own := range w.sums {
		for i, v := range own {
			total[i] += v
		}
	}
}

// follow lets running statistics follow those of the batch that has been walked.
func (w *walkers) follow() {
	for i, total := range w.totals {
		if node := w.net.nodes[i]; total[0] != nil {
			node.op.(coupledOp).Follow(node.weights, total[0])
		}
	}
}
