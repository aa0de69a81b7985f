package train

import "fmt"

// EarlyStopping stops a training when the monitored loss (that of validation, if there
// is any) has not improved for Patience epochs. It is Keras's EarlyStopping with
// monitor="val_loss"; PyTorch has none. As there, a Patience of 0 acts like 1.
type EarlyStopping struct {
	Base
	Patience int
	// MinDelta is how much lower a loss must be to count as an improvement.
	MinDelta float64

	// What it remembers, to be set before Fit when a training is resumed, or found out by See.
	Lowest Lowest
	Waited int // epochs since Lowest
}

// TrainBegin stops at once if the training resumed is one that had been stopped.
func (e *EarlyStopping) TrainBegin(s *State) error {
	e.stopIfDue(s, "the loss")
	return nil
}

// EpochEnd counts the epochs without improvement.
func (e *EarlyStopping) EpochEnd(s *State) error {
	e.See(s.Last())
	name, _ := s.Last().Monitored()
	e.stopIfDue(s, name)
	return nil
}

// See takes an epoch into account, without stopping: of a training that is resumed each epoch
// before.
func (e *EarlyStopping) See(m EpochMetrics) {
	e.Waited++
	if e.Lowest.See(m, e.MinDelta) {
		e.Waited = 0
	}
}

func (e *EarlyStopping) stopIfDue(s *State, loss string) {
	if e.Waited < max(e.Patience, 1) || s.Position.Epoch >= s.Epochs { // the last one ends by itself
		return
	}
	epochs := "epochs"
	if e.Waited == 1 {
		epochs = "epoch"
	}
	s.Stop(fmt.Sprintf("%s has not improved for %d %s, since epoch %d", loss, e.Waited, epochs, e.Lowest.Epoch))
}
