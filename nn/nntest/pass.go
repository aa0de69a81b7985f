package nntest

import (
	"fmt"
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// pass is a forward and a backward pass of the layer on a batch, without a network.
type pass struct {
	*fixture
	parts  []op.Op // shares of the work on a block, or the whole Op
	blocks []*block
	calls  []*op.Call
	total  []float64 // statistics of the batch, if the layer is synchronized
}

// newPass loads n samples. There is one share if the Op is not a Splitter.
func (b *fixture) newPass(training bool, shares, n int) *pass {
	p := &pass{fixture: b, parts: []op.Op{b.op}}
	if s, ok := b.op.(op.Splitter); ok && shares > 1 {
		p.parts = p.parts[:0]
		for i := range shares {
			p.parts = append(p.parts, s.Split(i, shares))
		}
	}
	for lo := 0; lo < n; lo += nn.Lanes {
		hi := min(lo+nn.Lanes, n)
		k := b.load(lo, hi)
		c := b.call(k)
		if training {
			c.Training = &op.Training{Key: op.Mix(uint64(lo)), First: lo, Samples: hi - lo}
		}
		if len(p.parts) > 1 {
			c.Barrier = newBarrier(len(p.parts))
		}
		p.blocks, p.calls = append(p.blocks, k), append(p.calls, c)
	}
	return p
}

// shares calls f for all shares of the work concurrently.
func (p *pass) shares(f func(o op.Op)) {
	if len(p.parts) == 1 {
		f(p.parts[0])
		return
	}
	var wg sync.WaitGroup
	for _, o := range p.parts {
		wg.Go(func() { f(o) })
	}
	wg.Wait()
}

// synchronized returns the Op if it needs statistics of the batch in this pass.
func (p *pass) synchronized() (op.Synchronized, bool) {
	s, ok := p.op.(op.Synchronized)
	return s, ok && p.calls[0].Training != nil
}

func (p *pass) forward() {
	if s, ok := p.synchronized(); ok {
		var all [][]float64
		for _, c := range p.calls {
			c.Training.BlockForward = nans(s.NumStatistics())
			p.shares(func(o op.Op) { o.(op.Synchronized).ForwardStatistics(c, c.Training.BlockForward) })
			all = append(all, c.Training.BlockForward)
		}
		p.total = nans(s.NumStatistics())
		s.MergeForward(all, p.total)
		for _, c := range p.calls {
			c.Training.Forward = p.total
		}
	}
	for _, c := range p.calls {
		p.shares(func(o op.Op) { o.Forward(c) })
	}
}

func (p *pass) backward() {
	if s, ok := p.synchronized(); ok {
		sum := make([]float64, s.NumStatistics())
		for _, c := range p.calls {
			t := c.Training
			t.Backward, t.BlockBackward = sum, make([]float64, len(sum))
			p.shares(func(o op.Op) { o.(op.Synchronized).BackwardStatistics(c, t.BlockBackward) })
			for i, v := range t.BlockBackward {
				sum[i] += v
			}
		}
	}
	for _, c := range p.calls {
		p.shares(func(o op.Op) { o.Backward(c) })
	}
}

// run runs forward and backward.
func (p *pass) run() *pass {
	p.forward()
	p.backward()
	return p
}

// same returns an error unless outputs and gradients have the bits of another pass.
func (p *pass) same(want *pass) error {
	for i, k := range p.blocks {
		if !slices.Equal(k.y.Data, want.blocks[i].y.Data) {
			return fmt.Errorf("the output changes")
		}
	}
	return p.sameGradients(want)
}

func (p *pass) sameGradients(want *pass) error {
	for i, k := range p.blocks {
		for j, dx := range k.dx {
			if !slices.Equal(dx.Data, want.blocks[i].dx[j].Data) {
				return fmt.Errorf("the gradient of input %d changes", j)
			}
		}
		for j, dw := range k.dw {
			if !slices.Equal(dw, want.blocks[i].dw[j]) {
				return fmt.Errorf("the gradient of %s changes", p.op.Params()[j].Name)
			}
		}
	}
	return nil
}

// modes calls f for inference and for training. It returns the first error, with the name of the
// mode.
func modes(f func(training bool) error) error {
	for _, training := range []bool{false, true} {
		if err := f(training); err != nil {
			return fmt.Errorf("%s, %w", modeName(training), err)
		}
	}
	return nil
}

func modeName(training bool) string {
	if training {
		return "in training"
	}
	return "in inference"
}

// barrier implements op.Barrier.
type barrier struct {
	sync.Mutex
	passed               *sync.Cond
	size, arrived, round int
}

func newBarrier(size int) *barrier {
	b := &barrier{size: size}
	b.passed = sync.NewCond(b)
	return b
}

func (b *barrier) Wait() {
	b.Lock()
	defer b.Unlock()
	if b.arrived++; b.arrived == b.size {
		b.arrived = 0
		b.round++
		b.passed.Broadcast()
		return
	}
	for round := b.round; b.round == round; {
		b.passed.Wait()
	}
}
