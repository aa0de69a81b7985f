package nn

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Stats sums up a number of samples.
type Stats struct {
	Samples int
	LossSum float64
	Weight  float64 // the sum of Loss.Weight: as many as Samples, but for class weights
	Correct int     // samples whose largest output is their label; 0 if targets are no classes
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

func sumStats(parts []Stats) (s Stats) {
	for _, p := range parts {
		s.Add(p)
	}
	return s
}

// statsOf compares a block's output with its targets. If dout has data the loss's gradient,
// times scale, goes there.
func statsOf(out Block, t *loss.Targets, loss Loss, dout Block, scale float32) Stats {
	st := Stats{Samples: t.N}
	for l := range t.N {
		if t.Values.Data == nil && Predicted(out, l, loss) == t.Classes[l] {
			st.Correct++
		}
		st.Weight += loss.Weight(t, l)
	}
	for _, l := range loss.Block(out, t, dout, scale) {
		st.LossSum += l
	}
	if dout.Data != nil && t.N < Lanes {
		op.ClearLanes(dout.Data, t.N)
	}
	return st
}

// Predicted is the class that a lane's output stands for, as in Output.Class. Whether a
// single one is a probability the loss knows.
func Predicted(out Block, lane int, loss Loss) int {
	even := OutputLogits.even()
	if loss.Probabilities() {
		even = OutputSigmoids.even()
	}
	return classOf(out.Shape.Size(), even, func(k int) float32 { return out.Data[k*Lanes+lane] })
}

var (
	// errWeightless is that of a mean over nothing.
	errWeightless = errors.New("every sample is of a class whose weight is 0, so that there is no mean loss: give these classes a weight, or take larger batches")
	errEmptyBatch = errors.New("an empty batch: need at least one sample")
)

// checkIndices is an error if a batch asks for samples that are not there.
func checkIndices(idx []int, n int) error {
	if len(idx) == 0 {
		return errEmptyBatch
	}
	for _, i := range idx {
		if i < 0 || i >= n {
			return fmt.Errorf("the batch asks for sample %d, the data has 0…%d", i, n-1)
		}
	}
	return nil
}

// checkShape is an error unless a data set has samples that a network of one input takes.
func (n *Network) checkShape(data Dataset) error {
	if err := n.CheckSingle(); err != nil {
		return err
	}
	if got := data.Shape(); !got.Equal(n.InputShape()) {
		return fmt.Errorf("the network takes samples of shape %v, the data has %v", n.InputShape(), got)
	}
	return nil
}

// checkSamples is an error unless a network can be held against a data set by a loss.
func (n *Network) checkSamples(data Dataset, loss Loss) (targetSource, error) {
	if err := n.checkShape(data); err != nil {
		return targetSource{}, err
	}
	targets, err := targetsOf(data)
	if err != nil {
		return targetSource{}, err
	}
	return targets, loss.Check(n.OutputShape(), targets.spec)
}

// blockOf cuts the samples of block b out of a batch.
func blockOf(idx []int, b int) []int {
	return idx[b*Lanes : min((b+1)*Lanes, len(idx))]
}

// rangeOf lists the samples of block b of a data set.
func rangeOf(b, count int) []int {
	idx := make([]int, 0, Lanes)
	for i := b * Lanes; i < min((b+1)*Lanes, count); i++ {
		idx = append(idx, i)
	}
	return idx
}
