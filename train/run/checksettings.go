package run

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Check finds settings that cannot be, whatever the data and the network are: numbers out of their
// range, and what the optimizer does not take. Names of data, of networks and of activations, which
// programs may add to, are not checked. An error is a *SettingError.
func (s Settings) Check() error {
	wrong := func(setting string, value any, need string) error {
		return &SettingError{Setting: setting, Value: fmt.Sprint(value), Err: errors.New(need)}
	}
	switch {
	case s.Epochs < 1:
		return wrong("epochs", s.Epochs, "need at least 1")
	case s.Batch < 1:
		return wrong("batch", s.Batch, "need at least 1")
	case s.Limit < 0:
		return wrong("limit", s.Limit, "need 1 or more samples, or 0 for all")
	case s.Patience < 0:
		return wrong("patience", s.Patience, "need 1 or more epochs, or 0 for no early stopping")
	case s.Workers < 0:
		return wrong("workers", s.Workers, "need 1 or more, or 0 for one a processor")
	case !(s.Val >= 0 && s.Val < 1):
		return wrong("val", s.Val, "need a share between 0 and 1")
	case !(s.LR >= 0) || math.IsInf(s.LR, 0):
		return wrong("lr", s.LR, "the learning rate must be above 0")
	case s.Histograms < 0:
		return wrong("histograms", s.Histograms, "need 1 or more epochs")
	case s.Histograms > 0 && !s.TensorBoard:
		return wrong("histograms", s.Histograms, "they are in TensorBoard's event files: ask for tensorboard too")
	case s.Data != "" && s.DataPath != "":
		return wrong("data", s.Data, fmt.Sprintf("data_path is %s: give one of the two", s.DataPath))
	case s.Net != "" && s.NetPath != "":
		return wrong("net", s.Net, fmt.Sprintf("net_path is %s: give one of the two", s.NetPath))
	}
	for _, text := range []struct{ setting, value string }{{"semantics", s.Semantics}, {"kink", s.Kink}} {
		if _, err := op.ParseSemantics(text.value); err != nil {
			return &SettingError{Setting: text.setting, Err: err}
		}
	}
	if err := s.CheckUpdate(); err != nil {
		return &SettingError{Err: err}
	}
	return nil
}

// checkRecorded finds what no run records: beside what Check finds, settings that a run completes.
func (s Settings) checkRecorded() error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.LR == 0 {
		return errors.New("lr is 0, and a run records its learning rate")
	}
	if _, err := s.NewLoss(); err != nil {
		return &SettingError{Setting: "loss", Err: err}
	}
	return nil
}
