package replay

import (
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// Repetitions of a step with parameters and inputs changed by rounding.
const (
	repetitions = 16
	noise       = 16 * ulp // the largest relative change, at least
)

// judgeGradients judges the gradients of the step at hand, the output's side first: an error in
// the backward pass goes on towards the input.
func (r *replayer) judgeGradients(j *judge, x nn.Dataset, idx []int, before *bundle.State, want map[string][]float32) error {
	names := r.inOrder(r.grads)
	slices.Reverse(names)
	var spread map[string]float64
	for _, name := range names {
		err := j.gradient(KindGradient, name, r.grads[name], want[name], want, func() (float64, error) {
			if spread == nil {
				var err error
				// Statistics that are off by more bring everything behind them off.
				amplitude := noise
				if s := j.step.Worst[KindStatistic]; s.Share <= 1 {
					amplitude = max(amplitude, 2*s.Error)
				}
				if spread, err = r.spread(x, idx, before, amplitude); err != nil {
					return 0, err
				}
			}
			return spread[name], nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// spread is how far rounding moves each gradient: twice the largest distance of repetitions.
// The network's parameters and r.grads are as before afterwards.
func (r *replayer) spread(x nn.Dataset, idx []int, before *bundle.State, amplitude float64) (map[string]float64, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	if r.noisy == nil { // one goroutine, since the noise has an order
		r.noisy = nn.NewStepper(r.net, noisyLoss{r.loss, rand.New(rand.NewPCG(3, 4))}, 1)
	}
	shake := func(v []float32) {
		for i, w := range v {
			v[i] = w + w*float32(amplitude*(2*rng.Float64()-1))
		}
	}
	got := map[string][]float32{}
	for name, g := range r.grads {
		got[name] = make([]float32, len(g))
	}
	spread := map[string]float64{}
	for range repetitions {
		r.place.put(r.net.Params(), before.Values)
		for _, p := range r.net.Params() {
			if p.Role != nn.Constant {
				shake(p.Data)
			}
		}
		if _, err := r.noisy.Step(shaken(x, shake), idx); err != nil {
			return nil, err
		}
		r.place.gather(r.noisy.Grads(), got)
		for name, g := range got {
			spread[name] = max(spread[name], 2*distance(g, r.grads[name]))
		}
	}
	r.place.put(r.net.Params(), before.Values)
	return spread, nil
}

// noisyLoss is a loss whose gradient with respect to the output is rounded as in float32 from
// terms of size 1: p − t of a softmax or sigmoid is, where p is nearly t.
type noisyLoss struct {
	nn.Loss
	rng *rand.Rand
}

func (l noisyLoss) Block(out nn.Block, t *loss.Targets, dout nn.Block, scale float32) [op.Lanes]float64 {
	losses := l.Loss.Block(out, t, dout, scale)
	for i := range dout.Data {
		if i%op.Lanes < t.N {
			dout.Data[i] += scale * float32(ulp*(2*l.rng.Float64()-1))
		}
	}
	return losses
}

// shaken is a data set with changed samples.
func shaken(x nn.Dataset, shake func([]float32)) nn.Dataset {
	change := func(t *nn.Tensor) *nn.Tensor {
		c := &nn.Tensor{Shape: t.Shape, Data: slices.Clone(t.Data)}
		shake(c.Data)
		return c
	}
	switch d := x.(type) {
	case *nn.TensorSamples:
		return &nn.TensorSamples{X: change(d.X), Labels: d.Labels, NumClasses: d.NumClasses}
	case *nn.TensorTargets:
		return &nn.TensorTargets{X: change(d.X), Y: d.Y}
	}
	return x
}
