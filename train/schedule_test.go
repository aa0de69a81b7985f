package train

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// rates trains and returns the learning rate of each step.
func rates(t *testing.T, cfg func(*Config)) ([]float64, *History) {
	t.Helper()
	net := toy.Network(1)
	c := config(net)
	cfg(&c)
	var list []float64
	c.Callbacks = append(c.Callbacks, &watcher{batchEnd: func(s *State) error {
		list = append(list, s.Optimizer.LR())
		return nil
	}})
	h := fit(t, net, c)
	return list, h
}

func TestScheduleSetsTheRateOfEachStep(t *testing.T) {
	schedule := optim.Warmup{Over: optim.Span{Steps: 3}, From: 0.5, Then: optim.Cosine{Min: 0.001}}
	got, _ := rates(t, func(c *Config) { c.Schedule = schedule })
	var want []float64
	for step := range 12 { // 3 epochs of 4 steps
		want = append(want, schedule.At(0.01, optim.Time{Step: step, PerEpoch: 4, Total: 12}))
	}
	if !slices.Equal(got, want) || want[0] != 0.005 || want[3] != 0.01 || want[11] > 0.002 {
		t.Errorf("got rates %v, want %v", got, want)
	}
	after, _ := rates(t, func(c *Config) {
		c.Schedule, c.LR, c.Start = schedule, 0.01, Position{Epoch: 1}
		c.Optimizer.SetLR(0.3) // the rate of the step before the stop
	})
	if !slices.Equal(after, want[4:]) {
		t.Errorf("resumed after an epoch: got rates %v, want %v", after, want[4:])
	}
}

func TestWithoutAScheduleTheRateIsTheOptimizers(t *testing.T) {
	got, _ := rates(t, func(c *Config) {
		c.LR = 0.5
		c.Callbacks = []Callback{&watcher{epochEnd: func(s *State) error {
			s.Optimizer.SetLR(s.Optimizer.LR() / 2)
			return nil
		}}}
	})
	if want := []float64{.01, .01, .01, .01, .005, .005, .005, .005, .0025, .0025, .0025, .0025}; !slices.Equal(got, want) {
		t.Errorf("got rates %v, want %v", got, want)
	}
}

// still is an optimizer that leaves the network as it is.
type still struct{ optim.Optimizer }

func (still) Step(nn.Grads) error { return nil }

func TestPlateauHearsOfTheMonitoredLoss(t *testing.T) {
	for _, validated := range []bool{false, true} {
		plateau := optim.Plateau{Factor: 0.5}
		got, h := rates(t, func(c *Config) {
			c.Optimizer.SetLR(3)
			c.Epochs, c.Optimizer = 60, still{c.Optimizer}
			c.Schedule = optim.Warmup{Over: optim.Span{Steps: 2}, From: 0.5, Then: &plateau}
			if validated {
				c.Validation = toy.Samples(40, 2)
			}
		})
		again, lr := optim.Plateau{Factor: 0.5}, 3.0
		for i, m := range h.Epochs {
			if got[4*i+2] != lr || got[4*i+3] != lr {
				t.Errorf("validated %v: epoch %d has rates %v, want %v", validated, i+1, got[4*i:4*i+4], lr)
			}
			_, loss := m.Monitored()
			lr = again.EpochEnd(loss, lr)
		}
		if got[0] != 1.5 || got[1] != 2.25 {
			t.Errorf("the warm-up has rates %v", got[:2])
		}
		if plateau != again || lr >= 3 {
			t.Errorf("validated %v: the plateau is %+v, want %+v with a lower rate than %v", validated, plateau, again, lr)
		}
	}
}

func TestGradientsAreClipped(t *testing.T) {
	for _, limit := range []float64{1e-3, 1e9} {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Epochs = 1
		cfg.Optimizer = optimizer(t, optim.Config{Name: "sgd", LR: 1}, net.Params())
		cfg.Clip = optim.Clip{Norm: limit}
		before := trained(net)
		cfg.Callbacks = []Callback{&watcher{batchEnd: func(s *State) error {
			var far float64
			after := trained(net)
			for i := range after {
				far += math.Pow(float64(after[i])-float64(before[i]), 2)
			}
			if far = math.Sqrt(far); far > limit*1.001 || limit < 1 && far < limit*0.99 || far == 0 {
				t.Errorf("limit %v: a step moves by %v", limit, far)
			}
			before = after
			return nil
		}}}
		fit(t, net, cfg)
	}
}

// trained are the values that optimizers change: running statistics go their own way.
func trained(net *nn.Network) (w []float32) {
	for _, p := range net.Params() {
		if p.Trained() {
			w = append(w, p.Data...)
		}
	}
	return w
}

// An epoch tells of the rate of its last step.
func TestMetricsHaveTheRate(t *testing.T) {
	for _, schedule := range []optim.Schedule{nil, optim.Cosine{Min: 0.001}} {
		got, h := rates(t, func(c *Config) { c.Schedule = schedule })
		for i, m := range h.Epochs {
			if m.LR() != got[4*i+3] {
				t.Errorf("%v: epoch %d has rate %v, its last step %v", schedule, m.Epoch, m.LR(), got[4*i+3])
			}
		}
	}
}
