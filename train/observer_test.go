package train

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// seer notes the steps that it sees, and of how many layers it is shown outputs.
type seer struct {
	Base
	layers []string
	seen   []string
}

func (o *seer) Observes(*nn.Network) (outputs, gradients []string) { return o.layers, nil }

func (o *seer) Gradients(s *State, v StepValues) error {
	for _, name := range o.layers {
		if v.Outputs[name] == nil || v.Outputs[name].Shape[0] != len(v.Batch) {
			return fmt.Errorf("no output of %s", name)
		}
	}
	o.seen = append(o.seen, fmt.Sprintf("%d.%d", s.Position.Epoch, s.Position.Step))
	return nil
}

func (o *seer) Clipped(s *State, _ nn.Grads) error {
	o.seen = append(o.seen, "clipped")
	return nil
}

// chooser sees the steps with a number.
type chooser struct {
	seer
	step int
}

func (c *chooser) Wants(s *State) bool { return s.Position.Step == c.step }

// Observers that choose steps see these alone, and training is the same as without them.
func TestObserversChooseSteps(t *testing.T) {
	train := func(callbacks ...Callback) []float32 {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Epochs, cfg.Batch, cfg.Callbacks = 2, 40, callbacks
		fit(t, net, cfg)
		return weights(net)
	}
	all := []string{}
	for _, n := range toy.Network(1).Nodes() {
		all = append(all, n.Name)
	}
	first, last, always, grads := &chooser{seer: seer{layers: all}}, &chooser{seer: seer{layers: all[:1]}, step: 2}, &seer{layers: all[1:2]}, &chooser{step: 1}
	if got := train(first, last, always, grads); !slices.Equal(got, train()) {
		t.Error("observers have changed the training")
	}
	for want, o := range map[string]*seer{
		"0.0 clipped 1.0 clipped": &first.seer,
		"0.2 clipped 1.2 clipped": &last.seer,
		"0.1 clipped 1.1 clipped": &grads.seer,
		"0.0 clipped 0.1 clipped 0.2 clipped 1.0 clipped 1.1 clipped 1.2 clipped": always,
	} {
		if got := strings.Join(o.seen, " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A layer that there is none of is found before the first step, or the first that is chosen.
func TestObserversOfUnknownLayers(t *testing.T) {
	for want, o := range map[string]Observer{
		`executor: output "x"`:                  &seer{layers: []string{"x"}},
		`epoch 1: step 2: executor: output "x"`: &chooser{seer: seer{layers: []string{"x"}}, step: 1},
	} {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Callbacks = []Callback{o}
		if _, err := Fit(net, toy.Samples(100, 1), cfg); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
