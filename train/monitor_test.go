package train

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// play tells a callback of epochs with the given validation losses, as Fit would, until
// it stops. The network's first parameter is the number of the epoch.
func play(t *testing.T, c Callback, net *nn.Network, from int, losses ...float64) *State {
	t.Helper()
	s := &State{Network: net, Epochs: from + len(losses), Position: Position{Epoch: from - 1}} // it could go on
	if err := c.TrainBegin(s); err != nil {
		t.Fatal(err)
	}
	for i, loss := range losses {
		if s.stopped() {
			break
		}
		epoch := from + i
		net.Params()[0].Data[0] = float32(epoch)
		s.Position.Epoch = epoch
		s.History.Epochs = append(s.History.Epochs, EpochMetrics{epoch, []Value{{"loss", float64(-epoch)}, {"val_loss", loss}}})
		if err := c.EpochEnd(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.TrainEnd(s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEarlyStopping(t *testing.T) {
	for _, c := range []struct {
		name     string
		patience int
		delta    float64
		losses   []float64
		epochs   int // that are trained
	}{
		{"improving goes on", 1, 0, []float64{4, 3, 2, 1}, 4},
		{"patience 1 stops at the first worse epoch", 1, 0, []float64{4, 5, 1}, 2},
		{"patience 0 acts like 1, as in Keras", 0, 0, []float64{4, 5, 1}, 2},
		{"an equal loss is no improvement", 2, 0, []float64{4, 4, 4, 4}, 3},
		{"an improvement starts the count anew", 2, 0, []float64{4, 5, 3, 5, 5, 1}, 5},
		{"less than min delta is no improvement", 2, 0.5, []float64{4, 3.6, 3.6, 1}, 3},
		{"small steps add up to min delta", 3, 0.5, []float64{4, 3.8, 3.4, 3.4, 3.4, 3.4}, 6},
	} {
		e := &EarlyStopping{Patience: c.patience, MinDelta: c.delta}
		if s := play(t, e, toy.Network(1), 1, c.losses...); len(s.History.Epochs) != c.epochs {
			t.Errorf("%s: %d epochs, want %d", c.name, len(s.History.Epochs), c.epochs)
		}
	}
}

// Nothing is stopped early after the last epoch.
func TestLastEpochIsNotEarly(t *testing.T) {
	e := &EarlyStopping{Patience: 1}
	s := &State{Network: toy.Network(1), Epochs: 2}
	for i, loss := range []float64{1, 2} {
		s.Position.Epoch = i + 1
		s.History.Epochs = append(s.History.Epochs, EpochMetrics{i + 1, []Value{{"val_loss", loss}}})
		if err := e.EpochEnd(s); err != nil {
			t.Fatal(err)
		}
	}
	if s.stopped() {
		t.Errorf("stopped: %s", s.History.Stopped)
	}
}

func TestEarlyStoppingResumes(t *testing.T) {
	before := &EarlyStopping{Patience: 3}
	play(t, before, toy.Network(1), 1, 4, 5)
	after := &EarlyStopping{Patience: 3, Lowest: before.Lowest, Waited: before.Waited}
	s := play(t, after, toy.Network(1), 3, 4.5, 4.6, 1)
	if want := "val_loss has not improved for 3 epochs, since epoch 1"; s.History.Stopped != want || len(s.History.Epochs) != 2 {
		t.Errorf("stopped with %q after %d epochs, want %q after 2", s.History.Stopped, len(s.History.Epochs), want)
	}
	again := play(t, after, toy.Network(1), 5, 1)
	if len(again.History.Epochs) != 0 {
		t.Errorf("a training that had been stopped went on for %d epochs", len(again.History.Epochs))
	}
}

func TestBestRestores(t *testing.T) {
	for _, restore := range []bool{false, true} {
		net := toy.Network(1)
		before := &Best{}
		play(t, before, net, 1, 4, 2, 3)
		after := &Best{Restore: restore, Lowest: before.Lowest, Weights: before.Weights}
		play(t, after, net, 4, 5, 6)
		want := float32(5)
		if restore {
			want = 2
		}
		if got := net.Params()[0].Data[0]; got != want {
			t.Errorf("restore %v: the parameters are those of epoch %v, want %v", restore, got, want)
		}
		if after.Lowest != (Lowest{2, 2}) {
			t.Errorf("the best is %+v, want loss 2 in epoch 2", after.Lowest)
		}
	}
}

func TestBestGivesBackTheParametersOfItsEpoch(t *testing.T) {
	net := toy.Network(1)
	cfg := config(net)
	cfg.Epochs = 6
	cfg.Optimizer.SetLR(0.2) // so that it gets worse at times
	var epochs [][]float32
	best := &Best{Restore: true}
	cfg.Callbacks = []Callback{best, &watcher{epochEnd: func(s *State) error {
		epochs = append(epochs, weights(s.Network))
		return nil
	}}}
	h := fit(t, net, cfg)
	at := slices.IndexFunc(h.Epochs, func(m EpochMetrics) bool { return m.Loss() == best.Lowest.Loss })
	if at+1 != best.Lowest.Epoch || !slices.Equal(weights(net), epochs[at]) {
		t.Errorf("the network does not have the parameters of epoch %d", best.Lowest.Epoch)
	}
	for _, m := range h.Epochs {
		if m.Loss() < best.Lowest.Loss {
			t.Errorf("epoch %d had loss %v, below the best %v", m.Epoch, m.Loss(), best.Lowest.Loss)
		}
	}
}
