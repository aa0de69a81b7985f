package run

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/train"
)

// check finds what no training writes, though the checksum is right. It is asked before a record is
// written, and when one is read.
func (r *record) check() error {
	if err := r.Settings.checkRecorded(); err != nil {
		return err
	}
	if len(r.Sessions) == 0 {
		return errors.New("it has no sessions")
	}
	if err := r.checkHistory(); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if r.Result == nil {
		return nil
	}
	if err := r.Result.check(r.History, r.whole()); err != nil {
		return fmt.Errorf("result: %w", err)
	}
	return nil
}

// whole reports whether the history must have all epochs that are done. It may lack the first of a
// run of schema 1 that was resumed without its table.
func (r *record) whole() bool { return r.Schema != 1 && len(r.Sessions) == 1 }

func (r *record) checkHistory() error {
	for i, m := range r.History {
		if i == 0 && r.whole() && m.Epoch != 1 {
			return fmt.Errorf("it begins with epoch %d, need 1", m.Epoch)
		}
		if i > 0 && m.Epoch != r.History[i-1].Epoch+1 {
			return fmt.Errorf("epoch %d comes after epoch %d", m.Epoch, r.History[i-1].Epoch)
		}
		if err := m.Check(); err != nil {
			return fmt.Errorf("epoch %d: %w", m.Epoch, err)
		}
	}
	if done := lastEpoch(r.History); done > r.Settings.Epochs {
		return fmt.Errorf("%d epochs are done, and epochs is %d", done, r.Settings.Epochs)
	}
	return nil
}

// lastEpoch is that of a history, 0 if it has none.
func lastEpoch(history []train.EpochMetrics) int {
	if n := len(history); n > 0 {
		return history[n-1].Epoch
	}
	return 0
}

// check finds scores that cannot be, and epochs that the run did not have or did not choose.
func (r *Result) check(history []train.EpochMetrics, whole bool) error {
	if err := checkScores(r.Train, r.Test); err != nil {
		return err
	}
	for _, e := range []struct {
		name string
		*EpochResult
	}{{"last", r.Last}, {"best", r.Best}} {
		if e.EpochResult == nil {
			continue
		}
		if err := checkScores(e.Train, e.Test); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	done := lastEpoch(history)
	if known := whole || done > 0; r.Last != nil && known && r.Last.Epoch != done {
		return fmt.Errorf("last: epoch is %d, and %d are done", r.Last.Epoch, done)
	}
	if r.Best == nil {
		return nil
	}
	if err := checkBest(r.Best.Epoch, history, whole); err != nil {
		return fmt.Errorf("best: epoch is %w", err)
	}
	return nil
}

// checkBest is an error if an epoch is none of a history, or does not have its lowest monitored
// loss. It is whole if no epoch is missing. Its numbers may be rounded, so that several have the
// lowest.
func checkBest(epoch int, history []train.EpochMetrics, whole bool) error {
	done := lastEpoch(history)
	first := done - len(history) + 1
	whole = whole || done > 0 && first == 1
	switch {
	case epoch < 0 || done > 0 && epoch > done || whole && (epoch == 0) != (done == 0):
		return fmt.Errorf("%d, and %d are done", epoch, done)
	case epoch < first || done == 0:
		return nil
	}
	_, loss := history[epoch-first].Monitored()
	for _, m := range history {
		if name, v := m.Monitored(); v < loss {
			return fmt.Errorf("%d, whose %s is %v, and epoch %d has %v", epoch, name, loss, m.Epoch, v)
		}
	}
	return nil
}

// checkScores finds scores that no evaluation gives.
func checkScores(onTrain, onTest Score) error {
	for i, s := range []Score{onTrain, onTest} {
		name := []string{"train", "test"}[i]
		if s.Samples < 0 {
			return fmt.Errorf("%s: samples is %d, need a number from 0", name, s.Samples)
		}
		m := train.EpochMetrics{Epoch: 1, Values: []train.Value{{Name: "loss", Value: s.Loss}, {Name: "accuracy", Value: s.Accuracy}}}
		if err := m.Check(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
