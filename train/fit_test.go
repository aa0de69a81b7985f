package train

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// config trains for 3 epochs of 4 steps on 100 samples.
func config(net *nn.Network) Config {
	opt, err := optim.New(optim.Config{Name: "adam", LR: 0.01}, net.Params())
	if err != nil {
		panic(err)
	}
	return Config{Loss: loss.CrossEntropy{}, Optimizer: opt, Epochs: 3, Batch: 32, Seed: 7, Workers: 2}
}

func optimizer(t *testing.T, c optim.Config, params []*nn.Param) optim.Optimizer {
	t.Helper()
	o, err := optim.New(c, params)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

var samples = toy.Samples(100, 1)

func fit(t *testing.T, net *nn.Network, cfg Config) *History {
	t.Helper()
	h, err := Fit(net, samples, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// weights are all parameters, one after the other.
func weights(net *nn.Network) (w []float32) {
	for _, p := range net.Params() {
		w = append(w, p.Data...)
	}
	return w
}

func TestFitLearns(t *testing.T) {
	net := toy.Network(1)
	cfg := config(net)
	cfg.Epochs = 8
	cfg.Validation = toy.Samples(50, 2)
	h := fit(t, net, cfg)
	if len(h.Epochs) != 8 || h.Stopped != "" || h.Position != (Position{Epoch: 8}) {
		t.Fatalf("got %d epochs, stopped %q at %+v; want 8 epochs to the end", len(h.Epochs), h.Stopped, h.Position)
	}
	first, last := h.Epochs[0], h.Epochs[7]
	if last.Epoch != 8 || last.Loss() > first.Loss()/2 || last.Accuracy() < 0.9 || last.ValAccuracy() < 0.9 {
		t.Errorf("first epoch %+v, last %+v: the network has not learned", first, last)
	}
	if last.Seconds() <= 0 || last.SamplesPerSecond() <= 0 {
		t.Errorf("got %v s and %v samples/s", last.Seconds(), last.SamplesPerSecond())
	}
}

func TestMetricsAreMeansOverSamplesNotBatches(t *testing.T) {
	net := toy.Network(1)
	cfg := config(net)
	cfg.Epochs = 1
	var sum nn.Stats
	cfg.Callbacks = []Callback{&watcher{batchEnd: func(s *State) error { sum.Add(s.Batch); return nil }}}
	m := fit(t, net, cfg).Epochs[0]
	if sum.Samples != 100 || m.Loss() != sum.LossSum/100 || m.Accuracy() != float64(sum.Correct)/100 {
		t.Errorf("got %+v, the batches add up to %+v", m, sum)
	}
}

// watcher calls functions that a test gives it, and logs events.
type watcher struct {
	name     string
	log      *[]string
	batchEnd func(*State) error
	epochEnd func(*State) error
	trainEnd func(*State) error
}

func (w *watcher) event(name string, f func(*State) error, s *State) error {
	if w.log != nil {
		*w.log = append(*w.log, fmt.Sprintf("%s %s %d.%d", w.name, name, s.Position.Epoch, s.Position.Step))
	}
	if f == nil {
		return nil
	}
	return f(s)
}

func (w *watcher) TrainBegin(s *State) error { return w.event("train-begin", nil, s) }
func (w *watcher) EpochBegin(s *State) error { return w.event("epoch-begin", nil, s) }
func (w *watcher) BatchEnd(s *State) error   { return w.event("batch-end", w.batchEnd, s) }
func (w *watcher) EpochEnd(s *State) error   { return w.event("epoch-end", w.epochEnd, s) }
func (w *watcher) TrainEnd(s *State) error   { return w.event("train-end", w.trainEnd, s) }

func TestCallbacksComeInOrderAndEndInReverse(t *testing.T) {
	var log []string
	stop := func(s *State) error {
		if s.Position.Epoch == 1 && s.Position.Step == 1 {
			s.Stop("enough")
			s.Stop("a second reason")
		}
		return nil
	}
	net := toy.Network(1)
	cfg := config(net)
	cfg.Batch = 50
	cfg.Callbacks = []Callback{&watcher{name: "a", log: &log, batchEnd: stop}, &watcher{name: "b", log: &log}}
	h := fit(t, net, cfg)
	want := []string{
		"a train-begin 0.0", "b train-begin 0.0",
		"a epoch-begin 0.0", "b epoch-begin 0.0",
		"a batch-end 0.1", "b batch-end 0.1",
		"a batch-end 0.2", "b batch-end 0.2",
		"a epoch-end 1.0", "b epoch-end 1.0",
		"a epoch-begin 1.0", "b epoch-begin 1.0",
		"a batch-end 1.1", "b batch-end 1.1",
		"b train-end 1.1", "a train-end 1.1",
	}
	if !slices.Equal(log, want) {
		t.Errorf("got events\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
	if h.Stopped != "enough" || h.Position.Running.Samples != 50 {
		t.Errorf("got %q at %+v, want the first reason and the place of the stop", h.Stopped, h.Position)
	}
}

func TestErrorOfACallbackEndsTraining(t *testing.T) {
	broken := errors.New("broken")
	var log []string
	net := toy.Network(1)
	cfg := config(net)
	cfg.Callbacks = []Callback{
		&watcher{name: "a", log: &log, batchEnd: func(*State) error { return broken }},
		&watcher{name: "b", log: &log},
	}
	h, err := Fit(net, samples, cfg)
	if h != nil || !errors.Is(err, broken) || err.Error() != "epoch 1: step 1: broken" {
		t.Errorf("got history %v and error %v", h, err)
	}
	want := []string{"a train-begin 0.0", "b train-begin 0.0", "a epoch-begin 0.0", "b epoch-begin 0.0",
		"a batch-end 0.1", "b train-end 0.1", "a train-end 0.1"}
	if !slices.Equal(log, want) {
		t.Errorf("got events %q, want %q", log, want)
	}
}

func TestErrorAtTheEndOfAnEpochNamesIt(t *testing.T) {
	var log []string
	net := toy.Network(1)
	cfg := config(net)
	cfg.Callbacks = []Callback{&watcher{name: "a", log: &log, epochEnd: func(*State) error { return errors.New("broken") }}}
	if _, err := Fit(net, samples, cfg); err == nil || err.Error() != "epoch 1: broken" {
		t.Errorf("error %v", err)
	}
}

func TestStoppingAndGoingOnGivesTheSameBytes(t *testing.T) {
	whole := toy.Network(1)
	fit(t, whole, config(whole))
	for steps := range 12 { // 3 epochs of 4 steps
		for _, workers := range []int{1, 3} {
			net := toy.Network(1)
			cfg := config(net)
			cfg.Workers = workers
			left := steps
			cfg.Callbacks = []Callback{&watcher{batchEnd: func(s *State) error {
				if left--; left < 0 {
					s.Stop("for the test")
				}
				return nil
			}}}
			first := fit(t, net, cfg)
			cfg.Callbacks, cfg.Start = nil, first.Position
			second := fit(t, net, cfg)
			if !slices.Equal(weights(net), weights(whole)) {
				t.Errorf("stopped after step %d, %d workers: parameters differ", steps+1, workers)
			}
			if n := len(first.Epochs) + len(second.Epochs); n != 3 {
				t.Errorf("stopped after step %d: %d epochs in both histories, want 3", steps+1, n)
			}
		}
	}
}

func TestInterruptStopsAfterTheBatch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	net := toy.Network(1)
	cfg := config(net)
	cfg.Callbacks = []Callback{
		&watcher{batchEnd: func(s *State) error {
			if s.Position.Step == 2 {
				cancel()
			}
			return nil
		}},
		Interrupt(ctx),
	}
	if h := fit(t, net, cfg); h.Stopped != "interrupted" || h.Position.Step != 2 {
		t.Errorf("got %q at %+v, want a stop after step 2", h.Stopped, h.Position)
	}
}

func TestFitRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"no loss", func(c *Config) { c.Loss = nil }, "no loss"},
		{"no optimizer", func(c *Config) { c.Optimizer = nil }, "no optimizer"},
		{"an optimizer of a copy", func(c *Config) {
			c.Optimizer = optimizer(t, optim.Config{Name: "sgd"}, toy.Network(1).Params())
		}, "the optimizer's parameter conv.weight is not of the network to be trained"},
		{"an optimizer with one stranger", func(c *Config) {
			params := append(slices.Clone(c.Optimizer.Params()), toy.Network(1).Param("dense.bias"))
			c.Optimizer = optimizer(t, optim.Config{Name: "adam"}, params)
		}, "the optimizer's parameter dense.bias is not of the network"},
		{"wrong clipping", func(c *Config) { c.Clip.Norm = -1 }, "clipping gradients by norm: the limit -1"},
		{"no epochs", func(c *Config) { c.Epochs = 0 }, "epochs is 0"},
		{"no batch", func(c *Config) { c.Batch = -1 }, "batch is -1"},
		{"validation data of other classes", func(c *Config) {
			c.Validation = &nn.TensorSamples{X: nn.NewTensor(1, 1, 8, 8), Labels: []int{0}, NumClasses: 2}
		}, "the validation data"},
		{"one class", nil, "training samples are of class 0: need samples of at least two classes"},
		{"a start from another batch size", func(c *Config) {
			c.Start = Position{Step: 2, Running: nn.Stats{Samples: 20}}
		}, "cannot go on"},
		{"a start behind the epoch's end", func(c *Config) {
			c.Start = Position{Step: 5, Running: nn.Stats{Samples: 100}}
		}, "cannot go on"},
	} {
		net := toy.Network(1)
		cfg := config(net)
		set := nn.Samples(samples)
		if c.edit != nil {
			c.edit(&cfg)
		} else {
			set = &nn.TensorSamples{X: nn.NewTensor(100, 1, 8, 8), Labels: make([]int, 100), NumClasses: toy.Classes}
		}
		if h, err := Fit(net, set, cfg); h != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got history %v and error %v, want %q", c.name, h, err, c.want)
		}
	}
}

// A schedule that was built with a field forgotten is the mistake, not the training.
func TestScheduleWithoutARate(t *testing.T) {
	for _, s := range []optim.Schedule{optim.StepDecay{Factor: 0.5}, optim.Exponential{Factor: 0.9}, optim.Cosine{Min: -5}} {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Schedule = s
		if _, err := Fit(net, samples, cfg); err == nil || !strings.Contains(err.Error(), "the schedule") {
			t.Errorf("%v: %v", s, err)
		}
	}
}
