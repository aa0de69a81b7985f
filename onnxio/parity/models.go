package parity

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Answers is how two networks do on the same labelled data.
type Answers struct {
	A, B nn.Stats
	// Agree counts the samples to which both give the same class.
	Agree int
}

// Agreement is the share of samples on which both networks agree.
func (a Answers) Agreement() float64 { return float64(a.Agree) / float64(max(a.A.Samples, 1)) }

// Models runs both networks over the same samples, forA and forB as each of them reads
// these, and gives each one's loss (nn.LossFor) and accuracy and how often they agree on
// the class. same reports whether a class of a is one of b; nil pairs them by number.
func Models(a, b *nn.Network, forA, forB nn.Samples, same func(ofA, ofB int) bool, workers int) (Answers, error) {
	var r Answers
	if forA.Len() != forB.Len() {
		return r, fmt.Errorf("%d samples for the first model and %d for the second; need the same", forA.Len(), forB.Len())
	}
	var err error
	var ofA, ofB []int
	if r.A, ofA, err = classes(a, forA, workers); err != nil {
		return r, fmt.Errorf("first model: %w", err)
	}
	if r.B, ofB, err = classes(b, forB, workers); err != nil {
		return r, fmt.Errorf("second model: %w", err)
	}
	for i, class := range ofA {
		if same == nil && class == ofB[i] || same != nil && same(class, ofB[i]) {
			r.Agree++
		}
	}
	return r, nil
}

// classes evaluates a network and gives the class that it takes each sample for.
func classes(net *nn.Network, samples nn.Samples, workers int) (nn.Stats, []int, error) {
	loss := nn.LossFor(net)
	net, err := net.For(loss)
	if err != nil {
		return nn.Stats{}, nil, err
	}
	taken := make([]int, samples.Len())
	st, err := net.EvaluateEach(samples, loss, workers, func(idx []int, out nn.Block) {
		for lane, i := range idx {
			taken[i] = nn.Predicted(out, lane, loss)
		}
	})
	return st, taken, err
}
