package train

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// grouped trains the head at ten times the rate of the rest. The convolution is frozen.
func grouped(t *testing.T, name string) (*nn.Network, Config) {
	t.Helper()
	net := toy.Network(1)
	for _, p := range net.Node("conv").Params {
		p.Frozen = true
	}
	var rest []*nn.Param
	for _, p := range net.Params() {
		if p.Layer != "dense" {
			rest = append(rest, p)
		}
	}
	cfg := config(net)
	o, err := optim.NewGroups(optim.Config{Name: name, LR: 0.002}, []optim.Group{
		{Params: net.Node("dense").Params, LR: 0.02, WeightDecay: 0.01}, {Params: rest},
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Optimizer, cfg.Clip, cfg.Schedule = o, optim.Clip{Norm: 1}, optim.Cosine{}
	return net, cfg
}

func TestFitLeavesFrozenParametersAlone(t *testing.T) {
	for _, name := range optim.Names {
		net, cfg := grouped(t, name)
		before := net.Clone()
		fit(t, net, cfg)
		for i, p := range net.Params() {
			if changed := !slices.Equal(p.Data, before.Params()[i].Data); changed == p.Frozen {
				t.Errorf("%s: %s, frozen %v, changed: %v", name, p.FullName(), p.Frozen, changed)
			}
		}
	}
}

// Frozen parameters train the others as an optimizer that has not got them does.
func TestFrozenEqualsLeftOut(t *testing.T) {
	run := func(freeze bool) []float32 {
		net := toy.Network(1)
		cfg := config(net)
		params := slices.Clone(net.Params())
		if freeze {
			net.Param("conv.weight").Frozen = true
		} else {
			params = slices.DeleteFunc(params, func(p *nn.Param) bool { return p.FullName() == "conv.weight" })
		}
		cfg.Optimizer = optimizer(t, optim.Config{Name: "adam", LR: 0.01}, params)
		cfg.Clip = optim.Clip{Norm: 0.1}
		fit(t, net, cfg)
		return weights(net)
	}
	if !slices.Equal(run(true), run(false)) {
		t.Error("a frozen parameter gives other bits than one that the optimizer has not got")
	}
}

func TestGroupsStopAndGoOnWithTheSameBytes(t *testing.T) {
	whole, cfg := grouped(t, "adam")
	fit(t, whole, cfg)
	net, cfg := grouped(t, "adam")
	left := 6
	cfg.LR = cfg.Optimizer.LR()
	cfg.Callbacks = []Callback{&watcher{batchEnd: func(s *State) error {
		if left--; left == 0 {
			s.Stop("for the test")
		}
		return nil
	}}}
	cfg.Start = fit(t, net, cfg).Position
	cfg.Callbacks = nil
	fit(t, net, cfg)
	if !slices.Equal(weights(net), weights(whole)) {
		t.Error("parameters differ")
	}
}

// A gradient that overflows ends a training, but not that of a frozen parameter.
func TestOnlyGradientsOfTrainedParametersAreChecked(t *testing.T) {
	for _, freeze := range []bool{false, true} {
		net := toy.Network(1)
		clear(net.Param("conv.weight").Data)
		net.Param("bn.bias").Data[0] = 1e-3             // above the kink
		for i := range net.Param("dense.weight").Data { // class 0 wins, every mistake is enormous
			net.Param("dense.weight").Data[i] = -3e38
			if i < 72 {
				net.Param("dense.weight").Data[i] = 3e38
			}
		}
		for _, p := range net.Params() {
			p.Frozen = freeze && p.Layer != "dense"
		}
		cfg := config(net)
		cfg.Epochs, cfg.Batch = 1, 100
		if _, err := Fit(net, samples, cfg); (err == nil) != freeze {
			t.Errorf("frozen: %v, error %v", freeze, err)
		}
	}
}

func TestFitRefusesWhatIsFrozen(t *testing.T) {
	net := toy.Network(1)
	cfg := config(net)
	for _, p := range net.Params() {
		p.Frozen = true
	}
	if h, err := Fit(net, samples, cfg); h != nil || err == nil || !strings.Contains(err.Error(), "the optimizer has no parameters to train") {
		t.Errorf("all are frozen: history %v and error %v", h, err)
	}
	net.Param("dense.bias").Frozen = false
	fit(t, net, cfg)

	net = toy.Network(1)
	net.Param("dense.bias").Frozen = true
	cfg = config(net)
	net.Param("dense.bias").Frozen = false
	if h, err := Fit(net, samples, cfg); h != nil || err == nil || !strings.Contains(err.Error(), "parameter dense.bias was frozen when the optimizer was made") {
		t.Errorf("not frozen any more: history %v and error %v", h, err)
	}
}
