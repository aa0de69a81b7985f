package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Loss is the loss that the network was trained with, as far as it is known, or what its
// output calls for.
func (m *Model) Loss() (nn.Loss, error) {
	loss, err := m.LossSettings().NewLoss()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return loss, nil
}

// LossSettings are the settings of Loss alone. Files of gonn tell how they were trained,
// but may have been given another end since.
func (m *Model) LossSettings() run.Settings {
	if r := m.Settings; r != nil {
		return run.Settings{Loss: r.Loss, Semantics: r.Semantics, ClassWeights: r.ClassWeights}
	}
	if m.OfGonn() {
		told := run.Settings{Loss: m.Metadata["loss"], Semantics: m.Metadata["semantics"], ClassWeights: m.Metadata["class_weights"]}
		if loss, err := told.NewLoss(); err == nil {
			if _, err := m.Net.For(loss); err == nil {
				return told
			}
		}
	}
	return run.Settings{Loss: nn.LossFor(m.Net).Name(), Semantics: nn.PyTorch.String()}
}
