package parity

import (
	"cmp"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Answer is the class that a network takes a sample for.
type Answer struct {
	Class int // nn.NoClass if its output is not a number
	// Probability is that of Class; 0 if there is none.
	Probability float32
	// Right reports whether the sample is of the class.
	Right bool
}

// agrees reports whether both answers are the same class, by same if it is not nil.
func (a Answer) agrees(b Answer, same func(ofA, ofB int) bool) bool {
	switch {
	case a.Class == nn.NoClass || b.Class == nn.NoClass:
		return false
	case same == nil:
		return a.Class == b.Class
	}
	return same(a.Class, b.Class)
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
			a := Answer{Class: nn.Predicted(out, lane, loss)}
			if a.Class != nn.NoClass {
				a.Probability = output.ClassProbabilities(loss, y)[a.Class]
			}
			a.Right = a.Class == samples.Label(i)
			all[i] = a
		}
	})
	return st, all, err
}
