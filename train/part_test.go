package train

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

func named(net *nn.Network, names ...string) (params []*nn.Param) {
	for _, name := range names {
		params = append(params, net.Param(name))
	}
	return params
}

// An optimizer for a part of the network trains that part alone.
func TestFitTrainsThePartThatTheOptimizerHas(t *testing.T) {
	for _, part := range [][]string{
		{"dense.weight", "dense.bias"},
		{"dense.bias", "dense.weight"},
		{"act.alpha"},
		{"dense.bias", "conv.weight"},
	} {
		for _, name := range optim.Names {
			net := toy.Network(1)
			before := net.Clone()
			cfg := config(net)
			cfg.Optimizer = optimizer(t, optim.Config{Name: name, LR: 0.01}, named(net, part...))
			cfg.Clip = optim.Clip{Norm: 1}
			fit(t, net, cfg)
			for i, p := range net.Params() {
				changed := !slices.Equal(p.Data, before.Params()[i].Data)
				if want := slices.Contains(part, p.FullName()) || !p.Role.Trained(); changed != want {
					t.Errorf("%s for %v: %s changed: %v, want %v", name, part, p.FullName(), changed, want)
				}
			}
		}
	}
}

// Neither the order of the parameters nor the gradients of the others count, for the norm
// that clips them too.
func TestTheOrderOfTheOptimizersParametersDoesNotCount(t *testing.T) {
	run := func(part ...string) []float32 {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Optimizer = optimizer(t, optim.Config{Name: "adam", LR: 0.01}, named(net, part...))
		cfg.Clip = optim.Clip{Norm: 0.1}
		fit(t, net, cfg)
		return weights(net)
	}
	want := run("conv.weight", "dense.weight", "dense.bias")
	if got := run("dense.bias", "conv.weight", "dense.weight"); !slices.Equal(got, want) {
		t.Error("another order of the parameters gives other bits")
	}
}

// The norm that clips the head's gradient is the head's.
func TestClippingMeasuresThePartThatIsTrained(t *testing.T) {
	const limit = 1e-3
	net := toy.Network(1)
	cfg := config(net)
	cfg.Epochs, cfg.Batch = 1, 100 // one step
	head := named(net, "dense.bias")
	before := slices.Clone(head[0].Data)
	cfg.Optimizer = optimizer(t, optim.Config{Name: "sgd", LR: 1}, head)
	cfg.Clip = optim.Clip{Norm: limit}
	fit(t, net, cfg)
	var square float64
	for i, v := range head[0].Data {
		square += float64(v-before[i]) * float64(v-before[i])
	}
	if square < 0.9*limit*limit || square > 1.1*limit*limit {
		t.Errorf("the head moved by the root of %g, want the limit %g", square, limit)
	}
}
