package nn

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Stats sums up a number of samples.
type Stats struct {
	Samples int
	LossSum float64
	Weight  float64 // the sum of Loss.Weight: as many as Samples, but for class weights
	Correct int     // samples whose largest output is their label
}

// Loss is the mean loss a sample, weighted as the loss has it; 0 of no samples.
func (s Stats) Loss() float64 {
	if s.Weight == 0 {
		return 0
	}
	return s.LossSum / s.Weight
}

// Accuracy is the share of correct answers.
func (s Stats) Accuracy() float64 { return float64(s.Correct) / float64(max(s.Samples, 1)) }

// Add adds the sums of t.
func (s *Stats) Add(t Stats) {
	s.Samples += t.Samples
	s.LossSum += t.LossSum
	s.Weight += t.Weight
	s.Correct += t.Correct
}

// Stepper computes the gradient of a mini-batch. It owns the memory that this
// takes and may be used by one goroutine at a time.
type Stepper struct {
	net   *Network
	loss  Loss
	walk  *walkers
	slots []Weights // one a block: gradients of all parameters
	flats [][]float32
	stats []Stats // one a block
	total []float32
	grads Grads

	// What the workers work on, and the summing up, made once.
	data  Samples
	idx   []int
	scale float32 // by which a sample's gradient counts in that of the mean
	sum   func(worker, i int)

	seed uint64 // of what layers leave to chance
	step int
}

// NewStepper prepares for batches of any size. workers is the number of
// goroutines, 0 for one a processor; it does not change the result.
func NewStepper(net *Network, loss Loss, workers int) *Stepper {
	s := &Stepper{net: net, loss: loss, walk: newWalkers(net, workers).forTraining()}
	s.walk.before, s.walk.after, s.sum = s.fill, s.judge, s.sumStretch
	s.total = make([]float32, len(net.flat))
	s.grads = net.gradsOf(s.total)
	return s
}

// Seed fixes what layers such as Dropout leave to chance: it follows from the seed and the
// number of a step. step is that of the next call of Step; later ones count on.
func (s *Stepper) Seed(seed uint64, step int) { s.seed, s.step = seed, step }

// Step computes the mean loss over the batch idx of data and its gradient, which
// Grads holds until the next call. Parameters stay as they are, but for running
// statistics, which follow those of the batch.
func (s *Stepper) Step(data Samples, idx []int) (Stats, error) {
	if err := s.net.checkSamples(data, s.loss); err != nil {
		return Stats{}, err
	}
	if err := checkIndices(idx, data.Len()); err != nil {
		return Stats{}, err
	}
	var weight float64
	for _, i := range idx {
		weight += s.loss.Weight(data.Label(i))
	}
	if weight == 0 {
		return Stats{}, errWeightless
	}
	n := blocks(len(idx))
	s.grow(n)
	s.data, s.idx, s.scale = data, idx, 1/float32(weight)
	s.walk.run(n)
	s.walk.follow()
	s.step++
	s.walk.crew.each((len(s.total)+sumFloats-1)/sumFloats, s.sum)
	s.data, s.idx = nil, nil // keep nothing alive
	return sumStats(s.stats[:n]), nil
}

// fill prepares a block's way. Its gradients have a slot of their own.
func (s *Stepper) fill(p *pass, b int) {
	clear(s.flats[b])
	samples := blockOf(s.idx, b)
	p.tell(mix(mix(s.seed)+uint64(s.step)), b, len(samples))
	s.data.Fill(p.x, samples)
}

// judge turns a block's result into its loss and the gradient of that.
func (s *Stepper) judge(p *pass, b int) {
	s.stats[b] = p.judge(s.data, blockOf(s.idx, b), s.loss, p.grad[len(p.grad)-1], s.scale)
}

// sumFloats is how many parameters' gradients one piece of work sums up.
const sumFloats = 1 << 13

// sumStretch adds the gradients of the blocks in their order, whoever computed them,
// for a stretch of the parameters.
func (s *Stepper) sumStretch(_, i int) {
	lo, hi := i*sumFloats, min((i+1)*sumFloats, len(s.total))
	copy(s.total[lo:hi], s.flats[0][lo:hi])
	for _, flat := range s.flats[1:blocks(len(s.idx))] {
		kernel.Add(s.total[lo:hi], flat[lo:hi])
	}
}

// Grads are the gradients of the last batch, of all parameters of the network. Each call
// of Step overwrites them.
func (s *Stepper) Grads() Grads { return s.grads }

// grow makes room for n blocks.
func (s *Stepper) grow(n int) {
	for len(s.slots) < n {
		flat := make([]float32, len(s.net.flat))
		s.flats = append(s.flats, flat)
		s.slots = append(s.slots, s.net.split(flat))
		s.stats = append(s.stats, Stats{})
	}
	s.walk.slots = s.slots
}

// judge compares a block's result with its labels. If dout has data the loss's gradient
// goes there.
func (p *pass) judge(data Samples, idx []int, loss Loss, dout Block, scale float32) Stats {
	out := p.result()
	labels := p.labels[:len(idx)]
	st := Stats{Samples: len(idx)}
	for l, i := range idx {
		labels[l] = data.Label(i)
		if Predicted(out, l, loss) == labels[l] {
			st.Correct++
		}
		st.Weight += loss.Weight(labels[l])
	}
	for _, l := range loss.Block(out, labels, dout, scale) {
		st.LossSum += l
	}
	return st
}

// errWeightless is that of a mean over nothing.
var errWeightless = errors.New("every sample is of a class whose weight is 0, so that there is no mean loss: give these classes a weight, or take larger batches")

// Predicted is the class that a lane's output stands for, as in Output.Class. Whether a
// single one is a probability the loss knows.
func Predicted(out Block, lane int, loss Loss) int {
	even := OutputLogits.even()
	if loss.Probabilities() {
		even = OutputSigmoids.even()
	}
	return classOf(out.Shape.Size(), even, func(k int) float32 { return out.Data[k*Lanes+lane] })
}

func sumStats(parts []Stats) (s Stats) {
	for _, p := range parts {
		s.Add(p)
	}
	return s
}

// checkIndices tells what is wrong with the choice of a batch.
func checkIndices(idx []int, n int) error {
	if len(idx) == 0 {
		return errors.New("an empty batch: need at least one sample")
	}
	for _, i := range idx {
		if i < 0 || i >= n {
			return fmt.Errorf("the batch asks for sample %d, the data has 0…%d", i, n-1)
		}
	}
	return nil
}

// checkSamples tells why a data set does not fit a network.
func (n *Network) checkSamples(data Samples, loss Loss) error {
	if got := data.Shape(); !got.Equal(n.input) {
		return fmt.Errorf("the network takes samples of shape %v, the data has %v", n.input, got)
	}
	return loss.Check(n.OutputShape().Size(), data.Classes())
}
