package parity

import (
	"cmp"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Answer is the class that a network takes a sample for.
type Answer struct {
	Class int
	// Probability is that of Class; 0 if it is NaN.
	Probability float32
	// Right reports whether the sample is of the class.
	Right bool
}

// Disagreement is a sample that two networks take for different classes.
type Disagreement struct {
	Sample int // its index
	A, B   Answer
}

// sortDisagreements puts those first on which both networks are the surest: by the lower of the
// two probabilities, then by the higher one, then by the index.
func sortDisagreements(all []Disagreement) {
	least := func(d Disagreement) float32 { return min(d.A.Probability, d.B.Probability) }
	most := func(d Disagreement) float32 { return max(d.A.Probability, d.B.Probability) }
	slices.SortFunc(all, func(x, y Disagreement) int {
		return cmp.Or(cmp.Compare(least(y), least(x)), cmp.Compare(most(y), most(x)), cmp.Compare(x.Sample, y.Sample))
	})
}

// answers evaluates a network and gives its answer to each sample.
func answers(net *nn.Network, samples nn.Samples, workers int) (nn.Stats, []Answer, error) {
	loss := nn.LossFor(net)
	net, err := net.For(loss)
	if err != nil {
		return nn.Stats{}, nil, err
	}
	output := net.Output()
	all := make([]Answer, samples.Len())
	st, err := net.EvaluateEach(samples, loss, workers, func(idx []int, out nn.Block) {
		y := make([]float32, out.Shape.Size())
		for lane, i := range idx {
			out.Sample(lane, y)
			class := nn.Predicted(out, lane, loss)
			p := output.ClassProbabilities(loss, y)[class]
			if p != p {
				p = 0
			}
			all[i] = Answer{class, p, class == samples.Label(i)}
		}
	})
	return st, all, err
}
