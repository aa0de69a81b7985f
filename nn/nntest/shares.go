package nntest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// checkShares: shares have the bits of the whole Op. Values that no share writes stay NaN. If two
// shares write the same value, its gradient is added twice, or the race detector finds it.
func checkShares(b *fixture, _ *report) error {
	split, ok := b.op.(op.Splitter)
	if !ok {
		return nil
	}
	if _, ok := b.op.(op.Synchronized); ok {
		if _, ok := split.Split(0, 2).(op.Synchronized); !ok {
			return errors.New("Synchronized, but its shares are not")
		}
	}
	return modes(func(training bool) error {
		want := b.newPass(training, 1, samples).run()
		for _, n := range []int{2, 3, 7} {
			p := b.newPass(training, n, samples)
			for _, k := range p.blocks {
				for _, v := range append(slices.Clone(k.dx), k.y) {
					fill(v.Data, nan)
				}
			}
			p.forward()
			if err := p.sameStatistics(want); err != nil {
				return fmt.Errorf("%d shares give other bits than the whole: %w", n, err)
			}
			p.backward()
			if err := p.same(want); err != nil {
				return fmt.Errorf("%d shares give other bits than the whole: %w", n, err)
			}
			if err := p.sharesMerge(); err != nil {
				return err
			}
		}
		return nil
	})
}

// sameStatistics compares the statistics of the blocks and of the batch.
func (p *pass) sameStatistics(want *pass) error {
	if _, ok := p.synchronized(); !ok {
		return nil
	}
	for i, c := range p.calls {
		if !slices.Equal(c.Training.BlockForward, want.calls[i].Training.BlockForward) {
			return fmt.Errorf("the statistics of block %d change", i)
		}
	}
	if !slices.Equal(p.total, want.total) {
		return errors.New("the statistics of the batch change")
	}
	return nil
}

// sharesMerge: MergeForward and UpdateRunning of a share are those of the whole Op.
func (p *pass) sharesMerge() error {
	whole, ok := p.synchronized()
	if !ok {
		return nil
	}
	var all [][]float64
	for _, c := range p.calls {
		all = append(all, c.Training.BlockForward)
	}
	want := clones(p.w)
	whole.UpdateRunning(want, p.total)
	for i, part := range p.parts {
		s := part.(op.Synchronized)
		total, got := nans(len(p.total)), clones(p.w)
		if s.MergeForward(all, total); !slices.Equal(total, p.total) {
			return fmt.Errorf("MergeForward of share %d of %d is not that of the whole", i, len(p.parts))
		}
		s.UpdateRunning(got, p.total)
		for j := range got {
			if !slices.Equal(got[j], want[j]) {
				return fmt.Errorf("UpdateRunning of share %d of %d is not that of the whole", i, len(p.parts))
			}
		}
	}
	return nil
}

func clones(w op.Weights) op.Weights {
	c := make(op.Weights, len(w))
	for i := range w {
		c[i] = slices.Clone(w[i])
	}
	return c
}
