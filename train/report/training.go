package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Start tells what is about to be trained.
type Start struct {
	Run       string       `json:"run"`
	Settings  run.Settings `json:"settings"`
	Data      string       `json:"data"`
	Samples   int          `json:"samples"` // to fit
	Validated int          `json:"validation_samples,omitempty"`

	net *nn.Network
}

// StartOf tells of a training whose run folder is made.
func StartOf(t *recipe.Training) *Start {
	r := &Start{Run: t.Session.Dir, Settings: t.Session.Settings, Data: t.Set.Name, Samples: t.Fit.Len(), net: t.Network}
	if t.Val != nil {
		r.Validated = t.Val.Len()
	}
	return r
}

// Text writes the layers and a line about the training.
func (r *Start) Text(w *Page) {
	s := r.Settings
	printLayers(w, r.net)
	input := normalizedBy(s.Normalize)
	if s.Augment != "" {
		input += ", augmented by " + s.Augment
	}
	fmt.Fprintf(w, "\n%s: %s\n", table.Printable(r.Run), NetText(s))
	w.fill("%d training samples of %s, batches of %d, %s (%s), lr %s, seed %d%s",
		r.Samples, r.Data, s.Batch, s.Optimizer, s.Semantics, s.Rate(), s.Seed, input)
	fmt.Fprintln(w)
}

// NetText says in a few words what is trained.
func NetText(s run.Settings) string {
	if s.NetPath != "" {
		return "from " + s.NetPath
	}
	return s.Net + " with " + s.Act
}

// Training tells how a training went.
type Training struct {
	Start
	Epochs  []train.EpochMetrics `json:"epochs"`
	Stopped string               `json:"stopped,omitempty"` // why it ended early
	Train   run.Score            `json:"train"`
	Test    run.Score            `json:"test"`
	Slopes  []SlopeSummary       `json:"slopes"`

	slopes []Slopes
}

// TrainingOf tells of a training that has come to its end. net is what the run holds.
func TrainingOf(t *recipe.Training, h *train.History, net *nn.Network, result run.Result) *Training {
	r := &Training{
		Start: *StartOf(t), Epochs: append([]train.EpochMetrics{}, t.Session.Metrics()...), Stopped: h.Stopped, Train: result.Train, Test: result.Test,
		Slopes: []SlopeSummary{}, slopes: SlopesOf(net),
	}
	for _, s := range r.slopes {
		r.Slopes = append(r.Slopes, summaryOf(s))
	}
	return r
}

// Text writes the results, which follow Start's text and the progress of the training.
func (r *Training) Text(w *Page) {
	if r.Stopped != "" {
		fmt.Fprintf(w, "stopped early: %s\n", r.Stopped)
	}
	for _, part := range []struct {
		name  string
		score run.Score
	}{{"train", r.Train}, {"test ", r.Test}} {
		fmt.Fprintf(w, "%s  loss %.4f  accuracy %.4f  (%d samples)\n", part.name, part.score.Loss, part.score.Accuracy, part.score.Samples)
	}
	printSlopes(w, r.slopes)
}
