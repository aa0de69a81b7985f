package recipe

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Finish measures the trained network on both sets and records the result in the run: that of
// the network that the run holds, and if samples were held out for validation that of the last
// epoch and that of the best, which those samples choose. It returns the model that the run
// holds: that of the best epoch, if it restores it.
func (t *Training) Finish() (*model.Model, run.Result, error) {
	if t.Session == nil {
		return nil, run.Result{}, errNotCreated
	}
	m, err := model.OpenRun(t.Session.Dir)
	if err != nil {
		return nil, run.Result{}, err
	}
	result, err := t.measure(m)
	if err != nil {
		return nil, run.Result{}, err
	}
	if t.events != nil {
		if err := t.events.Result(t.Session.Position().Epoch, results(result)); err != nil {
			return nil, run.Result{}, err
		}
	}
	return m, result, t.Session.Finish(result)
}

// measure is the result of a trained run, whose model is m.
func (t *Training) measure(m *model.Model) (result run.Result, err error) {
	if t.Val == nil {
		result.Train, result.Test, err = t.scores(m)
		return result, err
	}
	lastNet, bestNet, bestEpoch, err := run.Epochs(t.Session.Dir)
	if err != nil {
		return run.Result{}, err
	}
	last, err := t.measureEpoch(m, lastNet, t.Session.Position().Epoch)
	if err != nil {
		return run.Result{}, err
	}
	best := last
	if bestEpoch != last.Epoch {
		if best, err = t.measureEpoch(m, bestNet, bestEpoch); err != nil {
			return run.Result{}, err
		}
	}
	held := last
	if t.Settings.RestoreBest {
		held = best
	}
	return run.Result{Train: held.Train, Test: held.Test, Last: &last, Best: &best}, nil
}

// measureEpoch measures the network that an epoch ended with.
func (t *Training) measureEpoch(m *model.Model, net *nn.Network, epoch int) (run.EpochResult, error) {
	then := *m
	then.Net = net
	train, test, err := t.scores(&then)
	return run.EpochResult{Epoch: epoch, Train: train, Test: test}, err
}

// scores measures a model on the whole training set, what was held out of it included, and on
// the test set.
func (t *Training) scores(m *model.Model) (onTrain, onTest run.Score, err error) {
	loss, err := m.Loss()
	if err != nil {
		return run.Score{}, run.Score{}, err
	}
	var scores [2]run.Score
	for i, samples := range []nn.Samples{t.Set.Train, t.Set.Test} {
		st, err := m.Evaluate(samples, loss, t.Settings.Workers)
		if err != nil {
			return run.Score{}, run.Score{}, err
		}
		scores[i] = run.ScoreOf(st)
		if l := st.Loss(); math.IsNaN(l) || math.IsInf(l, 0) {
			reason := fmt.Errorf("its loss on the %s set is %v, which is no result", []string{"training", "test"}[i], l)
			return run.Score{}, run.Score{}, fmt.Errorf("%s is trained and saved, but %w: gonn eval says for which samples",
				t.Session.Dir, &train.NonFiniteError{Err: reason})
		}
	}
	return scores[0], scores[1], nil
}
