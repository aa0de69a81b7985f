package nntest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
)

func checkBind(b *fixture, _ *report) error {
	if op, err := b.Layer.Bind(nil); err == nil || op != nil {
		return fmt.Errorf("Bind without inputs gives %v and error %v, need an error alone", op, err)
	}
	var names []string
	for _, p := range b.op.Params() {
		if p.Name == "" || slices.Contains(names, p.Name) {
			return fmt.Errorf("parameter names %q and %q: need names that differ", names, p.Name)
		}
		names = append(names, p.Name)
		if p.Shape.Size() < 1 || p.FanIn < 1 || p.FanOut < 1 {
			return fmt.Errorf("parameter %s of shape %v has fan-in %d and fan-out %d, need at least 1", p.Name, p.Shape, p.FanIn, p.FanOut)
		}
	}
	return nil
}

// checkNeighbours: a sample has the same bits alone in a block and among others.
func checkNeighbours(b *fixture, _ *report) error {
	together := b.run(samples)
	for s := range samples {
		k := b.load(s, s+1)
		b.forwardBackward(k)
		same := slices.Equal(lane(k.y, 0), together.y[s])
		for i := range b.In {
			same = same && slices.Equal(lane(k.dx[i], 0), together.dx[s][i])
		}
		if !same {
			return fmt.Errorf("sample %d alone gives another output or input gradient than among others", s)
		}
	}
	return nil
}

func checkBackwardContract(b *fixture, _ *report) error {
	k := b.load(0, nn.Lanes)
	b.forwardBackward(k)

	again := b.load(0, nn.Lanes) // with garbage where Backward must overwrite
	for _, d := range again.dx {
		fill(d.Data, float32(math.NaN()))
	}
	b.forwardBackward(again)
	b.op.Backward(b.call(again))
	for i := range k.dx {
		if !slices.Equal(k.dx[i].Data, again.dx[i].Data) {
			return fmt.Errorf("Backward does not overwrite the gradient of input %d", i)
		}
	}
	for p, spec := range b.op.Params() {
		twice := make([]float64, len(k.dw[p]))
		for j, v := range k.dw[p] {
			twice[j] = 2 * float64(v)
		}
		if d := distance(wide(again.dw)[p], twice); !(d <= forwardTolerance) {
			return fmt.Errorf("Backward does not add to the gradient of %s: a second call leaves it %.1e from twice the first", spec.Name, d)
		}
	}
	return errors.Join(b.untouched(again), b.unwanted(k))
}

// untouched returns an error if a run has changed blocks or parameters that it may only read.
func (b *fixture) untouched(k *block) error {
	fresh, err := newFixture(b.Case)
	if err != nil {
		return err
	}
	was := fresh.load(0, nn.Lanes)
	same := slices.Equal(k.dy.Data, was.dy.Data)
	for i := range k.x {
		same = same && slices.Equal(k.x[i].Data, was.x[i].Data)
	}
	for p := range b.w {
		same = same && slices.Equal(b.w[p], fresh.w[p])
	}
	if !same {
		return errors.New("Forward or Backward changes its inputs, parameters or output gradient")
	}
	return nil
}

// unwanted leaves out the gradient of one input after the other.
func (b *fixture) unwanted(k *block) error {
	for i := range b.In {
		one := b.load(0, nn.Lanes)
		one.dx[i].Data = nil
		b.forwardBackward(one)
		for p, spec := range b.op.Params() {
			if !slices.Equal(one.dw[p], k.dw[p]) {
				return fmt.Errorf("the gradient of %s changes when that of input %d is not wanted", spec.Name, i)
			}
		}
		for j := range b.In {
			if j != i && !slices.Equal(one.dx[j].Data, k.dx[j].Data) {
				return fmt.Errorf("the gradient of input %d changes when that of input %d is not wanted", j, i)
			}
		}
	}
	return nil
}

// checkEmptyLanes: lanes without a sample may hold any values, but no output gradient. They must
// not change any gradient.
func checkEmptyLanes(b *fixture, _ *report) error {
	const n = 3
	clean, dirty := b.load(0, n), b.load(0, n)
	for _, x := range dirty.x {
		for i := range x.Data {
			if i%nn.Lanes >= n {
				x.Data[i] = 1000 - float32(i%7)*300
			}
		}
	}
	b.forwardBackward(clean)
	b.forwardBackward(dirty)
	for p, spec := range b.op.Params() {
		if !slices.Equal(clean.dw[p], dirty.dw[p]) {
			return fmt.Errorf("lanes without a sample leak into the gradient of %s", spec.Name)
		}
	}
	for i, dx := range dirty.dx {
		for j, v := range dx.Data {
			if j%nn.Lanes >= n && v != 0 {
				return fmt.Errorf("the gradient of input %d is %g in a lane without a sample, need 0", i, v)
			}
		}
	}
	return nil
}

// checkConcurrent: many goroutines on one Op get the same bits as one.
func checkConcurrent(b *fixture, _ *report) error {
	want := b.load(0, nn.Lanes)
	b.forwardBackward(want)
	blocks := make([]*block, 8)
	var wg sync.WaitGroup
	for g := range blocks {
		blocks[g] = b.load(0, nn.Lanes)
		wg.Go(func() { b.forwardBackward(blocks[g]) })
	}
	wg.Wait()
	for _, k := range blocks {
		if !k.equal(want) {
			return errors.New("eight goroutines on one Op give other bits than one")
		}
	}
	return nil
}

// equal reports whether two blocks have the same outputs and gradients, to the bit.
func (k *block) equal(other *block) bool {
	same := slices.Equal(k.y.Data, other.y.Data)
	for i := range k.dx {
		same = same && slices.Equal(k.dx[i].Data, other.dx[i].Data)
	}
	for p := range k.dw {
		same = same && slices.Equal(k.dw[p], other.dw[p])
	}
	return same
}

func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}
