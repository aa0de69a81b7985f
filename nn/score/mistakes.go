package score

import (
	"cmp"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Mistake is a sample that was taken for another class than its own.
type Mistake struct {
	Sample    int // index in the data set
	Label     int
	Predicted int // nn.NoClass if the output gives no class
	// Probability is that of the predicted class, OfLabel that of the label. Both are 0 without
	// a class.
	Probability, OfLabel float64
	// Loss is what the sample adds to the sum of the data set, with the weight of its class if
	// the loss has one.
	Loss float64
}

// Mistakes are the samples of a data set that a network takes for another class: first those
// without a class, then those of the largest loss, and of equal ones the first sample. There are
// at most count of them, 0 for all; of is the number of all. workers is the number of
// goroutines, 0 for one a processor; it does not change the result.
func Mistakes(net *nn.Network, data nn.Samples, l nn.Loss, count, workers int) (worst []Mistake, of int, err error) {
	output, found := net.Output(), make([]*Mistake, data.Len())
	_, err = net.EvaluateEach(data, l, workers, func(idx []int, out nn.Block) {
		var losses *[nn.Lanes]float64 // computed for the first mistake
		for lane, i := range idx {
			m := &Mistake{Sample: i, Label: data.Label(i), Predicted: nn.Predicted(out, lane, l)}
			if m.Predicted == m.Label {
				continue
			}
			if losses == nil {
				losses = lossesOf(out, idx, data, l)
			}
			m.Loss = losses[lane]
			if m.Predicted != nn.NoClass {
				p := output.ClassProbabilities(l, row(out, lane))
				m.Probability, m.OfLabel = float64(p[m.Predicted]), float64(p[m.Label])
			}
			found[i] = m
		}
	})
	if err != nil {
		return nil, 0, err
	}
	for _, m := range found {
		if m != nil {
			worst = append(worst, *m)
		}
	}
	slices.SortStableFunc(worst, worse)
	if of = len(worst); count > 0 {
		worst = worst[:min(count, of)]
	}
	return worst, of, nil
}

// lossesOf are the losses of samples idx, whose outputs are in the lanes of out.
func lossesOf(out nn.Block, idx []int, data nn.Samples, l nn.Loss) *[nn.Lanes]float64 {
	labels := make([]int, len(idx))
	for lane, i := range idx {
		labels[lane] = data.Label(i)
	}
	losses := l.Block(out, loss.ClassTargets(labels...), nn.Block{}, 0)
	return &losses
}

// row is the output in a lane.
func row(out nn.Block, lane int) []float32 {
	y := make([]float32, out.Shape.Size())
	for k := range y {
		y[k] = out.Data[k*nn.Lanes+lane]
	}
	return y
}

// worse orders mistakes. The loss of a sample without a class may be NaN.
func worse(a, b Mistake) int {
	if (a.Predicted == nn.NoClass) != (b.Predicted == nn.NoClass) {
		return cmp.Compare(a.Predicted, b.Predicted) // NoClass is below all
	}
	return cmp.Compare(b.Loss, a.Loss)
}
