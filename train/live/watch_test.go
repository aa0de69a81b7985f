package live

import (
	"bufio"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

const epochs, steps, batch = 3, 4, 25

// fit trains for epochs of steps.
func fit(t *testing.T, net *nn.Network, callbacks ...train.Callback) error {
	t.Helper()
	opt, err := optim.New(optim.Config{Name: "adam", LR: 0.01}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	_, err = train.Fit(net, toy.Samples(steps*batch, 1), train.Config{Loss: loss.CrossEntropy{}, Optimizer: opt, Epochs: epochs, Batch: batch,
		Seed: 1, Workers: 1, Validation: toy.Samples(20, 2), Callbacks: callbacks})
	return err
}

// state is what a page knows at the end of a stream: each part as JSON.
func readState(t *testing.T, lines *bufio.Scanner) map[string]string {
	t.Helper()
	lines.Buffer(nil, 1<<21)
	state, name := map[string]string{}, ""
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = n
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			state[name] = data
		}
	}
	return state
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

// failing ends the training with an error in its second epoch.
type failing struct{ train.Base }

var errFull = errors.New("the disk is full")

func (failing) EpochEnd(s *train.State) error {
	if s.Position.Epoch == 2 {
		return errFull
	}
	return nil
}

// A page that was there from the start and one that came at the end know the same, and how the
// training ended. Training with it gives the same bytes as without, and no goroutine stays.
func TestWatch(t *testing.T) {
	plain := toy.Network(1)
	if err := fit(t, plain); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		more       []train.Callback
		err        error
		phase, why string
		epochs     []int
	}{
		{"finished", nil, nil, "finished", "", []int{1, 2, 3}},
		{"failed", []train.Callback{failing{}}, errFull, "failed", "epoch 2: the disk is full", []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			s := newServer(t, patient)
			early := listener(t, s)
			joined(t, s, 1)
			net := toy.Network(1)
			err := fit(t, net, append(c.more, s.Watch(Run{Title: "toy", Facts: []Fact{{"a", "</script>\n"}}}))...)
			if !errors.Is(err, c.err) {
				t.Fatal(err)
			}
			if err == nil {
				s.Results(Score{"test", 0.5, 0.75})
				for i, p := range net.Params() {
					if !slices.Equal(p.Data, plain.Params()[i].Data) {
						t.Errorf("%s is another than without the page", p.FullName())
					}
				}
			}
			late := listener(t, s)
			joined(t, s, 2)
			if err := s.Close(err); err != nil {
				t.Error(err)
			}
			state := readState(t, bufio.NewScanner(early))
			if other := readState(t, bufio.NewScanner(late)); len(other) != len(state) {
				t.Errorf("pages know different parts: %d and %d", len(state), len(other))
			} else {
				for name, text := range state {
					if other[name] != text && name != "beat" {
						t.Errorf("pages know different things of %s: %s and %s", name, text, other[name])
					}
				}
			}
			checkState(t, state, c.phase, c.why, c.epochs)
			early.Close()
			late.Close()
			if n := settled(before); n > before {
				t.Errorf("%d goroutines, before %d", n, before)
			}
		})
	}
}

func checkState(t *testing.T, state map[string]string, phase, why string, want []int) {
	t.Helper()
	if _, ended := state["end"]; !ended {
		t.Error("the stream does not say that it has ended")
	}
	p := decode[training](t, state["progress"])
	if p.Phase != phase || p.Why != why || p.Step != steps && phase == "finished" {
		t.Errorf("progress %+v, want %s (%s)", p, phase, why)
	}
	found := map[string]bool{}
	for _, s := range decode[[]series](t, state["epochs"]) {
		found[s.Name] = true
		if !slices.Equal(s.Epoch, want) || len(s.Value) != len(want) {
			t.Errorf("series %s has epochs %v, want %v", s.Name, s.Epoch, want)
		}
	}
	for _, name := range []string{"loss", "accuracy", "val_loss", "val_accuracy", "lr"} {
		if !found[name] {
			t.Errorf("no series %s", name)
		}
	}
	b := decode[batchView](t, state["batches"])
	if n := len(b.Step); n < steps*len(want) || b.Step[n-1] != n || b.Width != 1 || b.Loss[0] <= 0 || b.LR[0] != 0.01 {
		t.Errorf("batches %+v", b)
	}
	for _, s := range decode[[]slopeView](t, state["slopes"]) {
		sum := 0
		for _, n := range s.Counts {
			sum += n
		}
		if sum != s.Count || s.Count == 0 || s.Kind != "prelu:element" || len(s.Past) < len(want) || len(s.Step) < len(want) {
			t.Errorf("slopes %+v", s)
		}
		if first, last := s.Percentiles[6][0], s.Percentiles[6][len(s.Step)-1]; first != 0 || last <= 0 {
			t.Errorf("the largest slope is %v at first and %v in the end", first, last)
		}
	}
}

// stopping interrupts the training in its second epoch.
type stopping struct{ train.Base }

func (stopping) BatchEnd(s *train.State) error {
	if s.Position.Epoch == 1 && s.Position.Step == 3 {
		s.Stop(train.Interrupted)
	}
	return nil
}

// A training that is interrupted says where, and what to do.
func TestInterrupted(t *testing.T) {
	s := newServer(t, patient)
	c := listener(t, s)
	joined(t, s, 1)
	if err := fit(t, toy.Network(1), stopping{}, s.Watch(Run{})); err != nil {
		t.Fatal(err)
	}
	s.Close(errors.New("go on with --resume"))
	p := decode[training](t, readState(t, bufio.NewScanner(c))["progress"])
	if p.Phase != "stopped" || p.Why != "go on with --resume" || p.Epoch != 2 || p.Step != 3 {
		t.Errorf("%+v", p)
	}
}

// What a resumed training had before is there too.
func TestEarlierEpochs(t *testing.T) {
	s := newServer(t, patient)
	c := listener(t, s)
	joined(t, s, 1)
	err := fit(t, toy.Network(1), s.Watch(Run{Earlier: []train.EpochMetrics{{Epoch: 1, Values: []train.Value{{Name: "loss", Value: 7}}}}}))
	s.Close(err)
	for _, x := range decode[[]series](t, readState(t, bufio.NewScanner(c))["epochs"]) {
		if x.Name == "loss" && (len(x.Epoch) != 1+epochs || x.Value[0] != 7) {
			t.Errorf("%+v", x)
		}
	}
}
