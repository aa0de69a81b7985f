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

// Models runs both networks over the data and gives each one's loss (nn.LossFor) and
// accuracy and how often they agree. Networks that end in a softmax are taken
// without it.
func Models(a, b *nn.Network, samples nn.Samples, workers int) (Answers, error) {
	a, b = a.Logits(), b.Logits()
	var r Answers
	var err error
	if r.A, err = a.Evaluate(samples, nn.LossFor(a), workers); err != nil {
		return r, fmt.Errorf("first model: %w", err)
	}
	if r.B, err = b.Evaluate(samples, nn.LossFor(b), workers); err != nil {
		return r, fmt.Errorf("second model: %w", err)
	}
	ya, err := a.Predict(samples, workers)
	if err != nil {
		return r, err
	}
	yb, err := b.Predict(samples, workers)
	if err != nil {
		return r, err
	}
	for i := range samples.Len() {
		if nn.ArgMax(ya.Sample(i)) == nn.ArgMax(yb.Sample(i)) {
			r.Agree++
		}
	}
	return r, nil
}
