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
// these, and gives each one's loss (nn.LossFor) and accuracy and how often they agree.
// Networks that end in a softmax are taken without it.
func Models(a, b *nn.Network, forA, forB nn.Samples, workers int) (Answers, error) {
	a, b = a.Logits(), b.Logits()
	var r Answers
	if forA.Len() != forB.Len() {
		return r, fmt.Errorf("%d samples for the first model and %d for the second; need the same", forA.Len(), forB.Len())
	}
	var err error
	if r.A, err = a.Evaluate(forA, nn.LossFor(a), workers); err != nil {
		return r, fmt.Errorf("first model: %w", err)
	}
	if r.B, err = b.Evaluate(forB, nn.LossFor(b), workers); err != nil {
		return r, fmt.Errorf("second model: %w", err)
	}
	ya, err := a.Predict(forA, workers)
	if err != nil {
		return r, err
	}
	yb, err := b.Predict(forB, workers)
	if err != nil {
		return r, err
	}
	for i := range forA.Len() {
		if nn.ArgMax(ya.Sample(i)) == nn.ArgMax(yb.Sample(i)) {
			r.Agree++
		}
	}
	return r, nil
}
