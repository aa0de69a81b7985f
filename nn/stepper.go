package nn

import (
	"fmt"
	"maps"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Stepper computes the gradient of a mini-batch: it runs the network, takes the loss, and
// reduces the gradients of the blocks to one. It owns the memory that this takes and may be
// used by one goroutine at a time. Which parameters are frozen is settled when it is made.
type Stepper struct {
	net      *Network
	loss     Loss
	exec     *exec.Executor
	recorder *recorder      // nil if nothing is observed
	stats    []Stats        // one a block
	targets  []loss.Targets // likewise
	total    []float32
	grads    Grads

	// The batch at hand.
	data  Dataset
	idx   []int
	scale float32 // by which a sample's gradient counts in that of the mean
	job   exec.Job

	seed uint64 // of what layers leave to chance
	step int
}

// NewStepper prepares for batches of any size. workers is the number of
// goroutines, 0 for one a processor; it does not change the result.
func NewStepper(net *Network, loss Loss, workers int) *Stepper {
	s := &Stepper{net: net, loss: loss}
	s.plan(exec.Config{Training: true, Workers: workers, Outputs: net.outputValues(), Seeds: net.outputValues()})
	return s
}

func (s *Stepper) plan(c exec.Config) {
	s.exec = exec.New(s.net.graph(), c)
	s.job.Load, s.job.AfterForward = s.fill, s.takeLoss
	total := make([]float32, s.exec.NumGradients())
	grads := s.net.gradsOf(s.exec.SplitGradients(total))
	same := func(a, b []float32) bool { return len(a) == len(b) }
	if s.grads == nil || !maps.EqualFunc(grads, s.grads, same) { // else who has Grads keeps it
		s.total, s.grads = total, grads
	}
}

// Observe has each further step record the outputs of layers, and the gradients of the loss
// with respect to the outputs of layers or to the input; Observed gives them. Without any
// nothing is recorded, as before the first call.
func (s *Stepper) Observe(outputs, gradients []string) error {
	values, err := s.net.values("output", outputs)
	if err != nil {
		return err
	}
	ofGradients, err := s.net.values("gradient", gradients)
	if err != nil {
		return err
	}
	s.plan(exec.Config{
		Training: true, Workers: s.exec.Workers(), Outputs: s.net.outputValues(), Seeds: s.net.outputValues(),
		Observed: values, Gradients: ofGradients,
	})
	s.recorder = nil
	if len(outputs)+len(gradients) > 0 {
		s.recorder = newRecorder(s.net, outputs, values, gradients, ofGradients)
		s.job.Observe, s.job.Gradient = s.recorder.observe, s.recorder.gradient
	}
	return nil
}

// Observed gives what the last step recorded, (N, …) by the names of layers and inputs, in
// the order of the batch: nothing before the first step and after an error.
func (s *Stepper) Observed() (outputs, gradients map[string]*Tensor) {
	if s.recorder == nil {
		return nil, nil
	}
	return s.recorder.recorded()
}

// Seed fixes what layers such as Dropout leave to chance: it follows from the seed and the
// number of a step. step is that of the next call of Step; later ones count on.
func (s *Stepper) Seed(seed uint64, step int) { s.seed, s.step = seed, step }

// stepKey decides what layers leave to chance in a step.
func stepKey(seed uint64, step int) uint64 { return op.Mix(op.Mix(seed) + uint64(step)) }

// Step computes the mean loss over the batch idx of data and its gradient, which
// Grads holds until the next call. Parameters stay as they are, but for running
// statistics, which follow those of the batch. data must have labels or targets.
func (s *Stepper) Step(data Dataset, idx []int) (Stats, error) {
	st, err := s.Run(data, idx, Part{})
	if err == nil {
		s.Reduce()
	}
	return st, err
}

// Part says which part of a larger batch, whose gradients somebody adds up, a run is given.
// The zero value is the whole.
type Part struct {
	// First is the place of its first sample in the batch, which decides what Dropout drops.
	First int
	// Weight is what sums over the samples are divided by: that of the whole batch, the sum of
	// Loss.Weight. 0 stands for the weight of the part.
	Weight float64
}

// Run is a Step without the reduction: it runs the batch forward and backward and leaves the
// gradients of its blocks for Reduce. After an error there are none.
func (s *Stepper) Run(data Dataset, idx []int, part Part) (Stats, error) {
	st, err := s.run(data, idx, part)
	s.data, s.idx = nil, nil // keep nothing alive
	if err != nil {
		s.exec.Discard()
		if s.recorder != nil {
			s.recorder.drop()
		}
		return Stats{}, err
	}
	s.step++
	return st, nil
}

func (s *Stepper) run(data Dataset, idx []int, part Part) (Stats, error) {
	targets, err := s.net.checkSamples(data, s.loss)
	if err != nil {
		return Stats{}, err
	}
	if err := checkIndices(idx, data.Len()); err != nil {
		return Stats{}, err
	}
	blocks := exec.Blocks(len(idx))
	own, err := s.readTargets(&targets, idx, blocks)
	if err != nil {
		return Stats{}, err
	}
	weight, err := part.weight(own)
	if err != nil {
		return Stats{}, err
	}
	s.data, s.idx, s.scale = data, idx, 1/float32(weight)
	s.job.Key, s.job.First = stepKey(s.seed, s.step), part.First
	if s.recorder != nil {
		s.recorder.begin(len(idx))
	}
	if err := s.exec.Run(len(idx), s.job); err != nil {
		return Stats{}, err
	}
	return sumStats(s.stats[:blocks]), nil
}

// weight is what sums over the samples are divided by, where own is that of the part.
func (p Part) weight(own float64) (float64, error) {
	weight := p.Weight
	if weight == 0 {
		weight = own
	}
	switch {
	case weight == 0:
		return 0, errWeightless
	case !(weight > 0) || math.IsInf(weight, 0):
		return 0, fmt.Errorf("the weight of the batch is %v, need a finite number above 0, or 0 for its own", weight)
	case p.First < 0:
		return 0, fmt.Errorf("the part of the batch starts at sample %d, need 0 or more", p.First)
	}
	return weight, nil
}

// Reduce adds up the gradients of the blocks of the last Run, in their order, and returns
// Grads: zeros if there was none or it has failed.
func (s *Stepper) Reduce() Grads {
	s.exec.Reduce(s.total)
	return s.grads
}

// Grads are the gradients of the last batch, of all parameters that are trained. Each call
// of Step overwrites them.
func (s *Stepper) Grads() Grads { return s.grads }

// readTargets reads those of a batch, block by block, and gives its weight.
func (s *Stepper) readTargets(from *targetSource, idx []int, blocks int) (weight float64, err error) {
	for len(s.stats) < blocks {
		s.stats, s.targets = append(s.stats, Stats{}), append(s.targets, loss.Targets{})
	}
	for b := range blocks {
		t := &s.targets[b]
		if err := from.read(t, blockOf(idx, b)); err != nil {
			return 0, err
		}
		for l := range t.N {
			weight += s.loss.Weight(t, l)
		}
	}
	return weight, nil
}

// fill gives a block its samples.
func (s *Stepper) fill(u *exec.Unit) error {
	return s.data.Fill(u.Value(exec.Input(0)).Block(), blockOf(s.idx, u.Index))
}

// takeLoss readsOutputs a block's output into its loss and the gradient of that.
func (s *Stepper) takeLoss(u *exec.Unit) error {
	v := exec.Value(s.net.outputs[0])
	s.stats[u.Index] = statsOf(u.Value(v).Block(), &s.targets[u.Index], s.loss, u.Gradient(v), s.scale)
	return nil
}
