package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Loss is the loss that the network was trained with, as far as it is known, or what its
// output calls for.
func (m *Model) Loss() (nn.Loss, error) {
	l, err := m.LossSettings().NewLoss()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return l, nil
}

// LossSettings are the settings of Loss alone. Files of gonn tell how they were trained,
// but may have been given another end since.
func (m *Model) LossSettings() run.Settings {
	if r := m.Settings; r != nil {
		return run.Settings{Loss: r.Loss, Semantics: r.Semantics, ClassWeights: r.ClassWeights}
	}
	if told, err := m.metaLoss(); err == nil && told.Loss != "" {
		return told
	}
	return run.Settings{Loss: nn.LossFor(m.Net).Name(), Semantics: nn.PyTorch.String()}
}

// metaLoss is the loss that a file of gonn tells, if its network can be measured by it, with an
// error if there is no such loss, or none for so many classes.
func (m *Model) metaLoss() (run.Settings, error) {
	told := run.Settings{Loss: m.Metadata["loss"], Semantics: m.Metadata["semantics"], ClassWeights: m.Metadata["class_weights"]}
	if !m.OfGonn() || told.Loss == "" {
		return run.Settings{}, nil
	}
	l, err := told.NewLoss()
	if err != nil {
		return run.Settings{}, err
	}
	if _, err := m.Net.For(l); err != nil {
		return run.Settings{}, nil // it may have been given another end since
	}
	if told.ClassWeights != "" {
		out := m.Net.OutputShape()
		err = l.Check(out, loss.TargetSpec{Classes: max(2, out.Size())})
	}
	return told, err
}
