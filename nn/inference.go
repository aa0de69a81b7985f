package nn

import "fmt"

// Forward runs the network on a tensor of shape (N, …) and returns its output, the
// batch axis first. It is safe for concurrent use.
func (n *Network) Forward(x *Tensor) (*Tensor, error) {
	if len(x.Shape) == 0 || !Shape(x.Shape[1:]).Equal(n.input) {
		return nil, fmt.Errorf("the network takes %s, got %v", n.input.Batched(), Shape(x.Shape))
	}
	if err := x.check(); err != nil {
		return nil, err
	}
	count := x.Shape[0]
	y := NewTensor(append([]int{count}, n.OutputShape()...)...)
	if n.forwardAlone(x, y) {
		return y, nil
	}
	n.eachBlock(count, 0, func(p *pass, b int) {
		p.x.SetSamples(x, b*Lanes)
	}, func(p *pass, b int) {
		for l := range min(Lanes, count-b*Lanes) {
			p.result().Sample(l, y.Sample(b*Lanes+l))
		}
	})
	return y, nil
}

// Evaluate gives loss and accuracy over a whole data set. workers is the number of
// goroutines, 0 for one a processor; it does not change the result. It is safe for
// concurrent use.
func (n *Network) Evaluate(data Samples, loss Loss, workers int) (Stats, error) {
	return n.EvaluateEach(data, loss, workers, func([]int, Block) {})
}

// EvaluateEach is Evaluate that also shows the outputs on the way: see gets those of the
// samples idx, one in each of the first lanes, of up to Lanes samples at a time. Several
// goroutines call it at once, for different samples.
func (n *Network) EvaluateEach(data Samples, loss Loss, workers int, see func(idx []int, out Block)) (Stats, error) {
	if err := n.checkSamples(data, loss); err != nil {
		return Stats{}, err
	}
	stats := make([]Stats, blocks(data.Len()))
	n.eachBlock(data.Len(), workers, func(p *pass, b int) {
		data.Fill(p.x, rangeOf(b, data.Len()))
	}, func(p *pass, b int) {
		idx := rangeOf(b, data.Len())
		stats[b] = p.judge(data, idx, loss, Block{}, 0)
		see(idx, p.result())
	})
	st := sumStats(stats)
	if st.Samples > 0 && st.Weight == 0 {
		return Stats{}, errWeightless
	}
	return st, nil
}

// Predict gives the output for every sample of a data set, (N, …). It is safe for
// concurrent use.
func (n *Network) Predict(data Samples, workers int) (*Tensor, error) {
	if got := data.Shape(); !got.Equal(n.input) {
		return nil, fmt.Errorf("the network takes samples of shape %v, the data has %v", n.input, got)
	}
	y := NewTensor(append([]int{data.Len()}, n.OutputShape()...)...)
	n.eachBlock(data.Len(), workers, func(p *pass, b int) {
		data.Fill(p.x, rangeOf(b, data.Len()))
	}, func(p *pass, b int) {
		for l, i := range rangeOf(b, data.Len()) {
			p.result().Sample(l, y.Sample(i))
		}
	})
	return y, nil
}

// eachBlock carries the blocks of count samples forward. before gives one its samples,
// after takes its result.
func (n *Network) eachBlock(count, workers int, before, after func(p *pass, b int)) {
	w, ok := n.walkers.Get().(*walkers)
	if !ok || w.crew.size != workersOr(workers) {
		w = newWalkers(n, workers)
	}
	w.before, w.after = before, after
	w.run(blocks(count))
	w.before, w.after = nil, nil // keep nothing alive
	n.walkers.Put(w)
}

// rangeOf lists the samples of block b of a data set.
func rangeOf(b, count int) []int {
	idx := make([]int, 0, Lanes)
	for i := b * Lanes; i < min((b+1)*Lanes, count); i++ {
		idx = append(idx, i)
	}
	return idx
}

// ArgMax is the index of the largest value, the first of equal ones. The class that a
// network's output stands for is Output.Class, which knows single outputs too.
func ArgMax(v []float32) int {
	best := 0
	for k := range v {
		if v[k] > v[best] {
			best = k
		}
	}
	return best
}
