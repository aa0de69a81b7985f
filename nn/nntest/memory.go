package nntest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// checkBackwardReads: blocks that Backward does not declare may have been overwritten.
func checkBackwardReads(b *fixture, _ *report) error {
	r, ok := b.op.(op.BackwardReader)
	if !ok {
		return nil
	}
	readsX, readsY := r.BackwardReads()
	return modes(func(training bool) error {
		want := b.newPass(training, 1, samples).run()
		p := b.newPass(training, 1, samples)
		p.forward()
		for _, k := range p.blocks {
			if !readsY {
				fill(k.y.Data, nan)
			}
			for _, x := range k.x {
				if !readsX {
					fill(x.Data, nan)
				}
			}
		}
		p.backward()
		if err := p.sameGradients(want); err != nil {
			return fmt.Errorf("Backward reads more than BackwardReads says (inputs %v, output %v): %w when the rest is overwritten", readsX, readsY, err)
		}
		return nil
	})
}

// checkInPlace: the output may overwrite the first input, and the gradient of that input the
// gradient of the output.
func checkInPlace(b *fixture, _ *report) error {
	o, ok := b.op.(op.InPlace)
	if !ok || !o.InPlace() {
		return nil
	}
	if b.op.Shape().Size() != b.In[0].Size() {
		return fmt.Errorf("InPlace, but the input is %v and the output %v", b.In[0], b.op.Shape())
	}
	return modes(func(training bool) error {
		want := b.newPass(training, 1, samples).run()
		for _, shares := range []int{1, 3} {
			p := b.newPass(training, shares, samples)
			for i, k := range p.blocks {
				k.y.Data = k.x[0].Data
				p.calls[i].Y = k.y
			}
			p.forward()
			for i, k := range p.blocks {
				if !slices.Equal(k.y.Data, want.blocks[i].y.Data) {
					return fmt.Errorf("InPlace, but the output changes when it has the memory of the input (%d shares)", len(p.parts))
				}
			}
			p = b.newPass(training, shares, samples)
			for _, k := range p.blocks {
				k.dx[0].Data = k.dy.Data // of the call too
			}
			p.forward()
			p.backward()
			if err := p.sameGradients(want); err != nil {
				return fmt.Errorf("InPlace, but %w when that of the input has the memory of the output's (%d shares)", err, len(p.parts))
			}
		}
		return nil
	})
}

// checkView: the output equals the input, and so do their gradients.
func checkView(b *fixture, _ *report) error {
	v, ok := b.op.(op.View)
	if !ok {
		return nil
	}
	return modes(func(training bool) error {
		if !v.View(training) {
			return nil
		}
		p := b.newPass(training, 1, samples).run()
		for _, k := range p.blocks {
			if !slices.Equal(k.y.Data, k.x[0].Data) {
				return errors.New("View, but the output is not the input")
			}
			if !slices.Equal(k.dx[0].Data, k.dy.Data) {
				return errors.New("View, but the gradient of the input is not that of the output")
			}
		}
		return nil
	})
}

// checkScratch: the contents of the scratch memory before a call do not matter.
func checkScratch(b *fixture, _ *report) error {
	s, ok := b.op.(op.Scratcher)
	if !ok {
		return nil
	}
	if n := s.Scratch(); n < 0 {
		return fmt.Errorf("Scratch is %d", n)
	}
	return modes(func(training bool) error {
		want := b.newPass(training, 1, samples).run()
		for _, shares := range []int{1, 3} {
			p := b.newPass(training, shares, samples)
			p.spoilScratch()
			p.forward()
			p.spoilScratch()
			p.backward()
			if err := p.same(want); err != nil {
				return fmt.Errorf("%w when the scratch held NaN before (%d shares)", err, len(p.parts))
			}
		}
		return nil
	})
}

func (p *pass) spoilScratch() {
	for _, c := range p.calls {
		fill(c.Scratch, nan)
	}
}

var nan = float32(math.NaN())

func nans(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}
