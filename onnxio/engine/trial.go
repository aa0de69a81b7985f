package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Trial is what came of trying a model on the reference evaluator.
type Trial struct {
	// Runs reports that the evaluator has every operator and made-up samples went through.
	Runs bool
	// Single reports that only one sample at a time goes through, where the file leaves the
	// number open.
	Single bool
	// Evaluates reports that a data set of pictures goes through: the model has one input of
	// four axes with 1 or 3 channels, or that the file leaves open, and one output with a
	// row for each sample. Predicts reports that the file also says the number of channels.
	Evaluates, Predicts bool
	// Untried is why no sample was sent through a model that has known operators only; nil
	// if one was.
	Untried error
	// Err is why the model does not run: operators that are not known, if Failed is not set.
	Err error
	// Failed reports that a made-up sample was sent and did not come through.
	Failed bool
	// Notes say how it is run, one sentence each, for the user to know.
	Notes []string
}

// A trial takes a second or two, and some hundred MB.
const (
	trialOperations = 5e8
	trialMemory     = 128 << 20 // beside the constants
	trialTime       = 2 * time.Second

	trialSamples = 2       // show whether the output has a row for each
	mostTrial    = 1 << 22 // elements of all inputs together
)

// Try finds out whether the reference evaluator runs a model: it opens it and sends made-up
// samples through, if that does not take long.
func Try(m *graph.Model) Trial {
	answers, notes := reference.Inference(m)
	t := Trial{Notes: notes}
	evaluator, err := reference.New(answers)
	if err != nil {
		t.Err = err
		return t
	}
	r := &trial{evaluator, answers, time.Now().Add(trialTime)}
	samples := r.samples()
	out, err := r.sizes(samples)
	if fails := err != nil && !isUntried(err); fails && fixedBatch(answers.Graph.Feeds()) == 0 {
		var single error
		if out, single = r.sizes(1); single == nil {
			t.Single, err = true, nil
		}
	}
	switch {
	case isUntried(err):
		t.Untried = err
	case err != nil:
		t.Failed, t.Err = true, err
		return t
	default:
		t.Runs = true
	}
	t.Evaluates, t.Predicts = takesPictures(answers)
	if t.Runs && t.Evaluates && (t.Single || !hasRows(out[answers.Graph.Outputs[0].Name], samples)) {
		t.Evaluates, t.Predicts = false, false
	}
	return t
}

// hasRows reports whether an output has a row of numbers for each sample.
func hasRows(y *reference.Tensor, samples int) bool {
	return y != nil && len(y.Shape) > 0 && y.Shape[0] == samples && y.Len() > 0
}

// takesPictures reports whether a model has ends through which pictures go, and whether it
// says the number of their channels.
func takesPictures(m *graph.Model) (pictures, channels bool) {
	c, _, err := prepare(m, Options{})
	switch {
	case err != nil:
		return false, false
	case c.Shape == nil:
		return !m.Graph.Feeds()[0].HasShape, false
	case len(c.Shape) != 3:
		return false, false
	}
	channels = c.Shape[0] == 1 || c.Shape[0] == 3
	return channels || c.Shape[0] == 0, channels
}

// untried is the reason for which no sample was sent through a model.
type untried struct{ error }

func isUntried(err error) bool {
	var u untried
	return errors.As(err, &u)
}

// trial is a model on its evaluator, until a time.
type trial struct {
	evaluator *reference.Evaluator
	model     *graph.Model
	end       time.Time
}

// samples is how many are sent: as many as the file fixes.
func (r *trial) samples() int {
	if fixed := fixedBatch(r.model.Graph.Feeds()); fixed > 0 {
		return int(min(fixed, maxPiece))
	}
	return trialSamples
}

// sizes sends made-up samples through, of one open size after the other.
func (r *trial) sizes(samples int) (map[string]*reference.Tensor, error) {
	var first error
	for _, size := range openSizes {
		inputs, err := madeUp(r.model, samples, mostTrial, size)
		if err != nil {
			return nil, untried{err}
		}
		out, err := r.run(inputs)
		if err == nil || isUntried(err) {
			return out, err
		}
		if first == nil {
			first = err
		}
		if fixedShapes(r.model) {
			break
		}
	}
	return nil, first
}

func (r *trial) run(inputs map[string]*nn.Tensor) (map[string]*reference.Tensor, error) {
	in, err := toReferences(inputs, typesOf(r.model.Graph.Inputs))
	if err != nil {
		return nil, err
	}
	for range 2 {
		limits := reference.Limits{Operations: trialOperations, Memory: r.evaluator.Constants() + trialMemory, Time: max(1, time.Until(r.end))}
		var out map[string]*reference.Tensor
		out, err = r.evaluator.Within(context.Background(), limits).Run(in)
		switch limit := beyond(err); {
		case limit != nil:
			return nil, untried{fmt.Errorf("%s: it takes more time or memory than a trial may", limit.Node)}
		case err == nil:
			return out, nil
		}
		for _, t := range in { // integers may be indices of few things
			clear(t.Ints)
		}
	}
	return nil, err
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
	commands, run, single := "compare", "runs", ""
	switch {
	case t.Predicts:
		commands, run = "compare, eval and predict", "run"
	case t.Evaluates:
		commands, run = "compare and eval", "run"
	case t.Single:
		single = " for one sample at a time, given by --inputs"
	}
	switch {
	case t.Failed:
		return fmt.Sprintf("the reference evaluator did not run a made-up sample: %v", t.Err)
	case t.Err != nil:
		return fmt.Sprintf("nor can the reference evaluator run it: %v", t.Err)
	case t.Untried != nil:
		return fmt.Sprintf("the reference evaluator has all of its operators, so that %s may run it (not tried: %v)", commands, t.Untried)
	}
	return fmt.Sprintf("%s still %s it%s, on the reference evaluator", commands, run, single)
}
