package train

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// Callback watches a training. Types embed Base and write the methods they need:
//
//	TrainBegin
//	  EpochBegin      also when training goes on within an epoch
//	    BatchEnd      after each update of the parameters
//	  EpochEnd        after validation
//	TrainEnd          also after an error, then with State.Err
//
// Any of them ends the training by State.Stop; the other callbacks still see the same
// event. An error ends it at once, and Fit returns it.
//
// TrainEnd comes in reverse order, as deferred calls do, and only to callbacks whose
// TrainBegin was called: what the first one began is there until the last has
// finished.
type Callback interface {
	TrainBegin(s *State) error
	EpochBegin(s *State) error
	BatchEnd(s *State) error
	EpochEnd(s *State) error
	TrainEnd(s *State) error
}

// Base is a Callback that does nothing.
type Base struct{}

func (Base) TrainBegin(*State) error { return nil }
func (Base) EpochBegin(*State) error { return nil }
func (Base) BatchEnd(*State) error   { return nil }
func (Base) EpochEnd(*State) error   { return nil }
func (Base) TrainEnd(*State) error   { return nil }

// State is what callbacks see of a training.
type State struct {
	Network   *nn.Network
	Optimizer optim.Optimizer
	Loss      nn.Loss
	// Validation is nil if there is no validation data.
	Validation nn.Samples
	Workers    int // of Config

	Epochs  int // in all
	Samples int // an epoch
	Steps   int // an epoch

	// Position is what is done so far. In EpochEnd it is the beginning of the next
	// epoch.
	Position Position
	// LR is the rate that Config.Schedule starts from, as far as a Plateau has lowered it.
	// The rate of a step is Optimizer.LR.
	LR float64
	// Batch sums up the last batch.
	Batch nn.Stats
	// History is that of the epochs finished since Fit began.
	History History
	// Err is why the training failed, for TrainEnd.
	Err error

	epochEnding bool  // EpochEnd is being called
	logged      error // the first error of Log
}

// Log records a value of the epoch that EpochEnd tells of, beside those of Fit and of the
// callbacks before: later callbacks find it in Last. A name that the epoch has already, and a
// call from elsewhere than EpochEnd, end the training with an error.
//
// A value that is to be in a checkpoint must be logged before it: by a callback in front of
// the one that saves.
func (s *State) Log(name string, value float64) {
	var err error
	if !s.epochEnding {
		err = fmt.Errorf("the metric %q is recorded outside EpochEnd", name)
	} else {
		err = s.History.Epochs[len(s.History.Epochs)-1].add(name, value)
	}
	if s.logged == nil {
		s.logged = err
	}
}

// Stop ends the training after the event at hand. The reason is for people:
// "val_loss has not improved for 3 epochs". The first one given counts.
func (s *State) Stop(reason string) {
	if s.History.Stopped == "" {
		s.History.Stopped = reason
	}
}

func (s *State) stopped() bool { return s.History.Stopped != "" }

// Last is the epoch that EpochEnd tells of.
func (s *State) Last() EpochMetrics { return s.History.Epochs[len(s.History.Epochs)-1] }
