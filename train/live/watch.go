package live

import (
	"time"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/progress"
)

// Run tells what is trained.
type Run struct {
	Title   string // "study with prelu"
	Dir     string // the run folder, "" if there is none
	Facts   []Fact // settings worth showing
	Earlier []train.EpochMetrics
}

// Fact is a name with a text.
type Fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Score is how the trained network does on a set.
type Score struct {
	Set      string
	Loss     float64
	Accuracy float64 // a share
}

// publishEvery is how often the page changes while an epoch goes on.
const publishEvery = 200 * time.Millisecond

// Watch is a callback that shows a training on the server's page. It goes behind those that
// add values to epochs. It changes nothing of the training.
func (s *Server) Watch(r Run) train.Callback {
	w := &watcher{hub: s.hub, run: r, now: time.Now}
	for _, m := range r.Earlier {
		w.epochs.add(m)
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.ending = w.ending
	return w
}

// Results shows how the trained network does.
func (s *Server) Results(scores ...Score) {
	list := []map[string]any{}
	for _, r := range scores {
		list = append(list, map[string]any{"set": r.Set, "loss": number(r.Loss), "accuracy": number(r.Accuracy)})
	}
	s.hub.publish(&part{name: "results", value: list})
}

// watcher follows a training. All but ending is called by the goroutine of the training.
type watcher struct {
	train.Base
	hub *hub
	run Run
	now func() time.Time

	began     time.Time
	published time.Time
	pace      progress.Pace
	state     training
	batches   batchSeries
	epochs    epochSeries
	slopes    slopeWatch
}

// training is how far a training is.
type training struct {
	Phase    string `json:"phase"` // "training", "evaluating", then how it ended: "finished", "stopped", "failed"
	Why      string `json:"why"`   // it stopped or failed; "" if it did not
	Epoch    int    `json:"epoch"` // from 1
	Step     int    `json:"step"`  // done in the epoch
	Samples  int    `json:"samples"`
	Loss     number `json:"loss"` // running, of the epoch
	Accuracy number `json:"accuracy"`
	LR       number `json:"lr"` // of the last step
	Speed    number `json:"speed"`
	Left     number `json:"left"`    // seconds
	Elapsed  number `json:"elapsed"` // seconds
}

func (w *watcher) TrainBegin(s *train.State) error {
	w.began = w.now()
	w.batches.next = s.Position.Epoch*s.Steps + s.Position.Step
	w.slopes.begin(s.Network, w.batches.next, s.Position.Epoch, w.now)
	w.state = training{Phase: "training", LR: number(s.Optimizer.LR())}
	w.progress(s)
	w.hub.publish(&part{name: "run", value: map[string]any{
		"page": pageID, "title": w.run.Title, "dir": w.run.Dir, "facts": w.run.Facts,
		"epochs": s.Epochs, "steps": s.Steps, "samples": s.Samples,
	}}, &part{name: "results", value: []Score{}})
	w.publish(&part{name: "slopes", value: w.slopes.view()}, &part{name: "epochs", value: w.epochs.view()})
	return nil
}

func (w *watcher) EpochBegin(s *train.State) error {
	w.pace.Begin(s, w.now())
	return nil
}

func (w *watcher) BatchEnd(s *train.State) error {
	lr := s.Optimizer.LR()
	w.batches.add(s.Batch, lr)
	now := w.now()
	if s.Position.Step < s.Steps && now.Sub(w.published) < publishEvery {
		return nil
	}
	w.progress(s)
	w.state.LR = number(lr)
	if w.slopes.due(now) {
		w.slopes.look(w.batches.next, w.now)
		w.publish(&part{name: "slopes", value: w.slopes.view()})
		return nil
	}
	w.publish()
	return nil
}

func (w *watcher) EpochEnd(s *train.State) error {
	w.state.Elapsed = number(w.now().Sub(w.began).Seconds())
	w.epochs.add(s.Last())
	w.slopes.look(w.batches.next, w.now)
	w.slopes.keep(s.Position.Epoch)
	w.publish(&part{name: "slopes", value: w.slopes.view()}, &part{name: "epochs", value: w.epochs.view()})
	return nil
}

// TrainEnd shows the last state. How the training ended the server hears when it is closed.
func (w *watcher) TrainEnd(s *train.State) error {
	if s.Position.Step > 0 { // within an epoch
		w.progress(s)
	}
	w.state.Why = s.History.Stopped
	w.state.Phase = "evaluating"
	if w.state.Why == train.Interrupted {
		w.state.Phase = "stopped"
	}
	w.state.Left = 0
	w.slopes.look(w.batches.next, w.now)
	w.publish(&part{name: "slopes", value: w.slopes.view()})
	return nil
}

// progress takes down where the training is.
func (w *watcher) progress(s *train.State) {
	now, p := w.now(), s.Position
	speed, left := w.pace.At(s, now)
	w.state.Epoch, w.state.Step, w.state.Samples = min(p.Epoch+1, s.Epochs), p.Step, p.Running.Samples
	w.state.Loss, w.state.Accuracy = 0, 0
	if p.Running.Samples > 0 {
		w.state.Loss, w.state.Accuracy = number(p.Running.Loss()), number(p.Running.Accuracy())
	}
	w.state.Speed, w.state.Left, w.state.Elapsed = number(speed), number(left.Seconds()), number(now.Sub(w.began).Seconds())
}

// publish publishes parts, the progress and the batches.
func (w *watcher) publish(parts ...*part) {
	w.published = w.now()
	state := w.state
	w.hub.publish(append(parts, &part{name: "progress", value: state}, &part{name: "batches", value: w.batches.view()})...)
}

// ending is the last progress, when the training has ended with err or well. It is called by
// the goroutine that closes the server.
func (w *watcher) ending(err error) *part {
	state := w.state
	switch {
	case err == nil:
		state.Phase = "finished"
	case state.Phase == "stopped":
		state.Why = err.Error()
	default:
		state.Phase, state.Why = "failed", err.Error()
	}
	return &part{name: "progress", value: state}
}
