package nn

import (
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Stats are sums over a number of samples.
type Stats struct {
	Samples int
	LossSum float64
	Weight  float64 // sum of Loss.Weight; equal to Samples without class weights
	Correct int     // number of samples with the right class; 0 if targets are not classes
}

// Loss is the weighted mean loss; 0 for no samples.
func (s Stats) Loss() float64 {
	if s.Weight == 0 {
		return 0
	}
	return s.LossSum / s.Weight
}

// Accuracy is the fraction of samples with the right class; 0 for no samples.
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

// statsOf compares a block's output with its targets. If dout has data, it becomes the gradient
// of the loss, times scale.
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

// Predicted is the class that the output in a lane predicts, as Output.Class. The loss decides
// whether a single output is a probability or a logit.
func Predicted(out Block, lane int, loss Loss) int {
	even := OutputLogits.even()
	if loss.Probabilities() {
		even = OutputSigmoids.even()
	}
	return classOf(out.Shape.Size(), even, func(k int) float32 { return out.Data[k*Lanes+lane] })
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
