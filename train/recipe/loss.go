package recipe

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Balanced stands for class weights that come from the training samples.
const Balanced = "balanced"

// checkLoss finds losses and class weights that cannot be, whatever the data is.
func checkLoss(s run.Settings) error {
	if s.Loss == "" {
		s.Loss = defaultLoss // until the network is known
	}
	if s.ClassWeights == Balanced {
		s.ClassWeights = "1" // any, to see whether the loss takes some
	}
	if _, err := s.NewLoss(); err != nil {
		return of("loss", err)
	}
	return nil
}

// classWeights are the weights that a setting stands for, as numbers: what is recorded must
// not depend on the data at hand when the run is read again.
func classWeights(spelled string, train nn.Samples) (string, error) {
	if spelled != Balanced {
		return spelled, nil
	}
	w, err := loss.BalancedWeights(data.Counts(train))
	if err != nil {
		return "", wrong("class_weights", Balanced, "%w", err)
	}
	return loss.FormatClassWeights(w), nil
}

// LossFor is the loss to measure a model by: the settings of it that are not empty in asked
// replace those that it was trained with. train is where balanced weights come from.
func LossFor(m *model.Model, asked run.Settings, train nn.Samples) (nn.Loss, error) {
	s := m.LossSettings()
	if asked.Loss != "" {
		s.Loss, s.ClassWeights = asked.Loss, ""
	}
	if asked.Semantics != "" {
		s.Semantics = asked.Semantics
	}
	if asked.ClassWeights != "" {
		w, err := classWeights(asked.ClassWeights, train)
		if err != nil {
			return nil, err
		}
		s.ClassWeights = w
	}
	l, err := s.NewLoss()
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	if _, err := m.Net.For(l); err != nil {
		return nil, &SettingError{Err: fmt.Errorf("%s: %w", m.Name, err)}
	}
	if err := l.Check(m.Net.OutputShape(), loss.TargetSpec{Classes: train.Classes()}); err != nil {
		return nil, wrong("loss", s.Loss, "%s: %w", m.Name, err)
	}
	return l, nil
}

// trainingLoss is the loss by which a network is trained on, by what its output is.
func trainingLoss(net *nn.Network) string {
	l := nn.LossFor(net)
	if _, err := net.ForTraining(l); err != nil && net.Output().Probabilities() {
		return loss.BCE{}.Name()
	}
	return l.Name()
}
