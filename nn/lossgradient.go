package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// LossGradient compares outputs y, of shape (N, …), with the targets of the samples idx of a data
// set. It returns the statistics and the gradient of the mean loss with respect to y, which is
// a seed for an Executor. Both are as in Stepper.Step.
func LossGradient(by Loss, y *Tensor, data Dataset, idx []int) (dy *Tensor, st Stats, err error) {
	if err := checkIndices(idx, data.Len()); err != nil {
		return nil, Stats{}, err
	}
	if y == nil {
		return nil, Stats{}, fmt.Errorf("outputs: got no tensor, need (%d, …)", len(idx))
	}
	if len(y.Shape) == 0 || y.Shape[0] != len(idx) {
		return nil, Stats{}, fmt.Errorf("outputs of shape %v for %d samples: need one for each", Shape(y.Shape), len(idx))
	}
	if err := y.check(); err != nil {
		return nil, Stats{}, err
	}
	from, err := targetsOf(data)
	if err != nil {
		return nil, Stats{}, err
	}
	shape := Shape(y.Shape[1:])
	if err := by.Check(shape, from.spec); err != nil {
		return nil, Stats{}, err
	}
	targets := make([]loss.Targets, exec.Blocks(len(idx)))
	weight := 0.0
	for b := range targets {
		t := &targets[b]
		if err := from.read(t, blockOf(idx, b)); err != nil {
			return nil, Stats{}, err
		}
		for l := range t.N {
			weight += by.Weight(t, l)
		}
	}
	if weight == 0 {
		return nil, Stats{}, errWeightless
	}
	dy = NewTensor(y.Shape...)
	out, dout := NewBlock(shape), NewBlock(shape)
	for b := range targets {
		n := targets[b].N
		out.SetSamples(y.samples(b*Lanes, n))
		st.Add(statsOf(out, &targets[b], by, dout, 1/float32(weight)))
		dout.Samples(dy.samples(b*Lanes, n))
	}
	return dy, st, nil
}
