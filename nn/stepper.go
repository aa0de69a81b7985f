package nn

import (
	"fmt"
	"maps"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Stepper computes the loss of a mini-batch and its gradient with respect to the parameters. It
// owns the memory for that, and may be used by one goroutine at a time. Param.Frozen is read
// only when the Stepper is made, and by Observe.
type Stepper struct {
	net      *Network
	loss     Loss
	cfg      exec.Config // of exec
	exec     *exec.Executor
	recorder *recorder      // nil if nothing is observed
	stats    []Stats        // one a block
	targets  []loss.Targets // likewise
	total    []float32
	grads    Grads

	// The current batch.
	data  Dataset
	idx   []int
	scale float32 // 1/weight: factor of a sample's gradient in that of the mean
	job   exec.Job

	seed uint64 // of the random numbers of layers
	step int
}

// NewStepper returns a stepper for batches of any size. workers is the number of goroutines, 0
// for one a processor; it does not change the result.
func NewStepper(net *Network, loss Loss, workers int) *Stepper {
	net.SetFixedParams(false)
	out := net.outputValues()
	s := &Stepper{net: net, loss: loss, cfg: exec.Config{Training: true, Workers: workers, Outputs: out, Seeds: out, Fast: net.FastConv()}}
	s.plan()
	return s
}

// SetMode sets the mode of layers in further steps: Training, which is the default, or Inference,
// for the gradient of the loss that Network.Evaluate computes. Then running statistics do not
// change.
func (s *Stepper) SetMode(mode Mode) error {
	if mode != Inference && mode != Training {
		return fmt.Errorf("stepper: mode %d is neither nn.Inference nor nn.Training", mode)
	}
	s.cfg.Training = mode == Training
	s.plan()
	return nil
}

// plan makes the executor.
func (s *Stepper) plan() {
	s.exec = exec.New(s.net.graph(), s.cfg)
	s.job.Load, s.job.AfterForward = s.fill, s.takeLoss
	total := make([]float32, s.exec.NumGradients())
	grads := s.net.gradsOf(s.exec.SplitGradients(total))
	same := func(a, b []float32) bool { return len(a) == len(b) }
	if s.grads == nil || !maps.EqualFunc(grads, s.grads, same) { // otherwise keep the map that Grads has returned
		s.total, s.grads = total, grads
	}
}

// Observe sets which values each further step records for Observed: the outputs of layers, and
// the gradients of the loss with respect to the outputs of layers, or to the input. Empty lists
// record nothing, which is the default.
func (s *Stepper) Observe(outputs, gradients []string) error {
	values, err := s.net.values("output", outputs)
	if err != nil {
		return err
	}
	gradientValues, err := s.net.values("gradient", gradients)
	if err != nil {
		return err
	}
	s.cfg.Observed, s.cfg.Gradients = values, gradientValues
	s.plan()
	s.recorder = nil
	if len(outputs)+len(gradients) > 0 {
		s.recorder = newRecorder(s.net, outputs, values, gradients, gradientValues)
		s.job.Observe, s.job.Gradient = s.recorder.observe, s.recorder.gradient
	}
	return nil
}

// Observed returns what the last step recorded, by name of the layer or input. Each tensor is of
// shape (N, …), in the order of the batch. There are none before the first step and after an
// error.
func (s *Stepper) Observed() (outputs, gradients map[string]*Tensor) {
	if s.recorder == nil {
		return nil, nil
	}
	return s.recorder.recorded()
}

// Seed sets the seed of the random numbers of layers such as Dropout, and the number of the next
// step, on which they also depend. Each successful step adds 1.
func (s *Stepper) Seed(seed uint64, step int) { s.seed, s.step = seed, step }

// stepKey seeds the random numbers of all layers in a step.
func stepKey(seed uint64, step int) uint64 { return op.Mix(op.Mix(seed) + uint64(step)) }

// Step computes the mean loss over the samples idx of data and its gradient, which Grads returns
// until the next call. It updates running statistics, but no other parameters. data must be
// Samples or TargetSamples.
func (s *Stepper) Step(data Dataset, idx []int) (Stats, error) {
	st, err := s.Run(data, idx, Part{})
	if err == nil {
		s.Reduce()
	}
	return st, err
}

// Part describes a run on a part of a larger batch, whose gradients and Stats the caller adds
// up. The zero value is a whole batch. Batch normalisation uses the statistics of the part
// alone.
type Part struct {
	// First is the index of the part's first sample in the batch. The values that Dropout
	// drops depend on it.
	First int
	// Weight is the divisor of the mean loss: the sum of Loss.Weight over the whole batch. 0
	// means the sum over the part.
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
	if err := s.net.checkData(); err != nil {
		return Stats{}, err
	}
	targets, err := s.net.checkSamples(data, s.loss)
	if err != nil {
		return Stats{}, err
	}
	if err := checkIndices(idx, data.Len()); err != nil {
		return Stats{}, err
	}
	if s.cfg.Training {
		if err := s.net.CheckBatch(len(idx)); err != nil {
			return Stats{}, err
		}
	}
	blocks := exec.Blocks(len(idx))
	own, err := s.readTargets(&targets, idx, blocks)
	if err != nil {
		return Stats{}, err
	}
	weight, err := part.divisor(own)
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

// divisor checks the part and returns the divisor of the mean loss; own is the sum of Loss.Weight
// over the part.
func (p Part) divisor(own float64) (float64, error) {
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

// Reduce adds up the gradients of the blocks of the last Run, in a fixed order, and returns
// Grads. They are zero if there was no Run or it failed.
func (s *Stepper) Reduce() Grads {
	s.exec.Reduce(s.total)
	return s.grads
}

// Grads returns the gradients of all trained parameters. Step and Reduce overwrite them.
func (s *Stepper) Grads() Grads { return s.grads }

// readTargets reads the targets of a batch, block by block, and returns their weight.
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

// fill loads the samples of a block.
func (s *Stepper) fill(u *exec.Unit) error {
	return s.data.Fill(u.Value(exec.Input(0)).Block(), blockOf(s.idx, u.Index))
}

// takeLoss computes the loss of a block and its gradient.
func (s *Stepper) takeLoss(u *exec.Unit) error {
	v := exec.Value(s.net.outputs[0])
	s.stats[u.Index] = statsOf(u.Value(v).Block(), &s.targets[u.Index], s.loss, u.Gradient(v), s.scale)
	return nil
}
