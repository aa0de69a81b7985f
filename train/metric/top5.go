package metric

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:  "top-5",
		Usage: "top_5_accuracy: share of samples whose class is among the first 5; val_top_5_accuracy",
		New:   newTop5,
	})
}

// top5 is the share of samples whose class is among the five with the largest outputs: of the
// epoch's samples, each as its batch saw it before the update, as accuracy is, and after the
// epoch of the validation data, which takes one more pass over them. Of equal outputs the first
// classes are taken (score.Scores.Top).
type top5 struct {
	*sums  // of samples
	output string
}

func newTop5(net *nn.Network) Metric {
	return &top5{newSums("hits"), net.Outputs()[0].Name}
}

const k = 5

func (m *top5) Observes(*nn.Network) (outputs, gradients []string) { return []string{m.output}, nil }

func (m *top5) Gradients(_ *train.State, step train.StepValues) error {
	m.count += float64(len(step.Batch))
	for i, sample := range step.Batch {
		if rank(step.Outputs[m.output].Sample(i), step.Samples.Label(sample)) < k {
			m.values[0]++
		}
	}
	return nil
}

// rank is the number of classes that an answer puts before the label.
func rank(out []float32, label int) int {
	if len(out) == 1 {
		return 0 // two classes
	}
	before := 0
	for c, v := range out {
		if v > out[label] || v == out[label] && c < label {
			before++
		}
	}
	return before
}

func (m *top5) EpochEnd(s *train.State) error {
	if m.count > 0 {
		s.Log("top_5_accuracy", m.mean(0))
	}
	if s.Validation == nil {
		return nil
	}
	scores, err := score.Of(s.Network, s.Validation, s.Loss, s.Workers)
	if err != nil {
		return err
	}
	s.Log("val_top_5_accuracy", scores.Top(k))
	return nil
}
