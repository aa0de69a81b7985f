package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Trial is what came of trying a model on the reference evaluator.
type Trial struct {
	// Runs reports that the evaluator has every operator and a made-up sample went through,
	// or that Untried says why none was sent.
	Runs bool
	// Classifies reports that the model has one input and one output, from which classes of
	// a data set can be taken.
	Classifies bool
	// Untried is why no sample was sent through; nil if one was.
	Untried error
	// Err is why the model does not run: operators that are not known, if Failed is not set.
	Err error
	// Failed reports that a made-up sample was sent and did not come through.
	Failed bool
	// Notes say how it is run, one sentence each, for the user to know.
	Notes []string
}

// trialBudget keeps a trial to a second or two.
var trialBudget = reference.Budget{Work: 5e8, Time: 2 * time.Second}

// Try finds out whether the reference evaluator runs a model: it opens it and sends one
// made-up sample through, if that does not take long.
func Try(m *graph.Model) Trial {
	answers, notes := reference.Inference(m)
	t := Trial{Notes: notes}
	evaluator, err := reference.New(answers)
	if err != nil {
		t.Err = err
		return t
	}
	t.Err = tryOnce(evaluator, answers)
	t.Runs = t.Err == nil || isUntried(t.Err)
	t.Failed = !t.Runs
	if t.Runs {
		t.Untried, t.Err = t.Err, nil
		_, _, err := prepare(answers, Options{})
		t.Classifies = err == nil
	}
	return t
}

// untried is the reason for which no sample was sent through a model.
type untried struct{ error }

func isUntried(err error) bool {
	var u untried
	return errors.As(err, &u)
}

// tryOnce sends made-up samples through, of one open size after the other.
func tryOnce(evaluator *reference.Evaluator, m *graph.Model) error {
	batch := max(1, int(min(fixedBatch(m.Graph.Feeds()), maxPiece)))
	var first error
	for _, size := range openSizes {
		inputs, err := MadeUp(m, batch, size)
		if err != nil {
			return untried{err}
		}
		err = tryOn(evaluator, m, inputs)
		if err == nil || isUntried(err) {
			return err
		}
		if first == nil {
			first = err
		}
		if fixedShapes(m) {
			break
		}
	}
	return first
}

func tryOn(evaluator *reference.Evaluator, m *graph.Model, inputs map[string]*nn.Tensor) error {
	in, err := toReferences(inputs, typesOf(m.Graph.Inputs))
	if err != nil {
		return err
	}
	for range 2 {
		_, err = evaluator.ObserveWithin(in, trialBudget, nil)
		if errors.Is(err, reference.ErrBudget) {
			return untried{err}
		}
		if err == nil {
			return nil
		}
		for _, t := range in { // integers may be indices of few things
			clear(t.Ints)
		}
	}
	return err
}

// fixedShapes reports whether a model leaves nothing open but the batch.
func fixedShapes(m *graph.Model) bool {
	for _, v := range m.Graph.Feeds() {
		if _, err := madeUpShape(v, nil); err != nil {
			return false
		}
	}
	return true
}

// String says which commands take the model.
func (t Trial) String() string {
	commands, run := "compare", "runs"
	if t.Classifies {
		commands, run = "compare, eval and predict", "run"
	}
	switch {
	case t.Failed:
		return fmt.Sprintf("the reference evaluator did not run a made-up sample: %v", t.Err)
	case !t.Runs:
		return fmt.Sprintf("nor can the reference evaluator run it: %v", t.Err)
	case t.Untried != nil:
		return fmt.Sprintf("the reference evaluator has all of its operators, so that %s may run it (not tried: %v)", commands, t.Untried)
	}
	return fmt.Sprintf("%s still %s it, on the reference evaluator", commands, run)
}
