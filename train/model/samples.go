package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Normalized is a set with pixels as the model reads them.
func (m *Model) Normalized(s nn.Samples) (nn.Samples, error) {
	v, err := data.NormalizeBy(s, m.Normalize)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return v, nil
}

// Inputs is a set as Net reads it: normalised, and of a foreign file what the evaluator
// makes of that. workers is the number of goroutines, 0 for one a processor.
func (m *Model) Inputs(s nn.Samples, workers int) (nn.Samples, error) {
	v, err := m.Normalized(s)
	if err != nil || m.Foreign == nil {
		return v, err
	}
	if v, err = m.Foreign.Head.Outputs(v, workers); err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return v, nil
}

// Predict is what the model gives for samples, one row each.
func (m *Model) Predict(s nn.Samples, workers int) (*nn.Tensor, error) {
	s, err := m.Inputs(s, workers)
	if err != nil {
		return nil, err
	}
	y, err := m.Net.Predict(s, workers)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return y, nil
}

// Probabilities are those of the classes that results of Net stand for, a row a sample, as
// loss makes them of logits. A single output is the probability of class 1.
func (m *Model) Probabilities(loss nn.Loss, y *nn.Tensor) [][]float32 {
	output := m.Net.Output()
	p := make([][]float32, y.Shape[0])
	for i := range p {
		p[i] = output.ClassProbabilities(loss, y.Sample(i))
	}
	return p
}

// Scores are those of the model on a set, by a loss.
func (m *Model) Scores(s nn.Samples, loss nn.Loss, workers int) (*score.Scores, error) {
	net, s, err := m.measured(s, loss, workers)
	if err != nil {
		return nil, err
	}
	st, err := score.Of(net, s, loss, workers)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return st, nil
}

// Mistakes are the samples of a set that the model takes for another class, as in
// score.Mistakes.
func (m *Model) Mistakes(s nn.Samples, loss nn.Loss, count, workers int) (worst []score.Mistake, of int, err error) {
	net, s, err := m.measured(s, loss, workers)
	if err != nil {
		return nil, 0, err
	}
	if worst, of, err = score.Mistakes(net, s, loss, count, workers); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", m.Name, err)
	}
	return worst, of, nil
}

// Evaluate gives loss and accuracy of the model on a set.
func (m *Model) Evaluate(s nn.Samples, loss nn.Loss, workers int) (nn.Stats, error) {
	net, s, err := m.measured(s, loss, workers)
	if err != nil {
		return nn.Stats{}, err
	}
	st, err := net.Evaluate(s, loss, workers)
	if err != nil {
		return st, fmt.Errorf("%s: %w", m.Name, err)
	}
	return st, nil
}

// measured is the network as a loss takes it, with a set as it reads it.
func (m *Model) measured(s nn.Samples, loss nn.Loss, workers int) (*nn.Network, nn.Samples, error) {
	net, err := m.Net.For(loss)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	s, err = m.Inputs(s, workers)
	return net, s, err
}

// Resize is how the pictures were resized that the model was trained on, the zero Resize if
// they were not, or not to the size that the network takes; Notes say so.
func (m *Model) Resize() data.Resize {
	r, err := m.metaResize()
	if err != nil {
		return data.Resize{}
	}
	return r
}

func (m *Model) metaResize() (data.Resize, error) {
	r, err := data.ParseResize(m.Meta("resize"))
	if err != nil || m.Net == nil || m.Foreign != nil || r.Mode == "" {
		return r, err
	}
	if want := r.To(m.Net.InputShape()); r != want && (r.Height == 0 || len(m.Net.InputShape()) != 3) {
		return r, fmt.Errorf("resize %s: need a size", r)
	}
	if s := m.Net.InputShape(); len(s) == 3 && (s[1] != r.Height || s[2] != r.Width) {
		return r, fmt.Errorf("resize %s, and the network takes %v", r, s)
	}
	return r, nil
}
