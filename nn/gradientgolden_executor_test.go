package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// gradientModes are the modes of the goldens, by the names that they have there.
var gradientModes = map[string]nn.Mode{"inference": nn.Inference, "training": nn.Training}

// An executor gives what PyTorch gives: the output of every layer, and the gradients of
// every layer, input and parameter from seeds at outputs and at inner layers.
func TestExecutorEqualsPyTorchInsideNetworks(t *testing.T) {
	for _, name := range gradientGoldens {
		t.Run(name, func(t *testing.T) {
			g := openGradientGolden(t, name)
			for mode := range gradientModes {
				t.Run(mode, func(t *testing.T) {
					net := g.build(t, mode)
					for _, run := range g.runs() {
						for _, run.workers = range []int{1, 3} {
							g.check(t, net, mode, run)
						}
					}
				})
			}
			g.CheckUsed(t)
		})
	}
}

// gradientRun is what an executor is asked for.
type gradientRun struct {
	outputs []string // nil for those of the network
	seeds   []gradientSeed
	workers int
}

// runs asks for each layer that is seeded without a gradient, for gradients from each
// seed alone, with all outputs observed and with its own only, and from several together.
func (g *gradientGolden) runs() []gradientRun {
	all := g.layerNames()
	runs := []gradientRun{{}, {outputs: all}, {outputs: all, seeds: g.Seeds}, {seeds: g.Seeds[:len(g.Outputs)]}}
	for i, seed := range g.Seeds {
		at, one := []string{seed.At}, g.Seeds[i:i+1]
		runs = append(runs, gradientRun{outputs: at}, gradientRun{outputs: at, seeds: one}, gradientRun{outputs: all, seeds: one})
	}
	return runs
}

func (r gradientRun) seededAt() (names []string) {
	for _, seed := range r.seeds {
		names = append(names, seed.At)
	}
	return names
}

// reached lists the inputs and layers that a seed reaches.
func (r gradientRun) reached() (names []string) {
	for _, seed := range r.seeds {
		names = append(names, seed.Reaches...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (g *gradientGolden) build(t *testing.T, mode string) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(nil)
	for _, in := range g.Inputs {
		b.Input(in.Name, in.Shape)
	}
	g.addLayers(t, b, gradientModes[mode] == nn.Training)
	b.Outputs(g.Outputs...)
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// check runs the network from its start values and holds all that comes out.
func (g *gradientGolden) check(t *testing.T, net *nn.Network, mode string, run gradientRun) {
	t.Helper()
	g.begin(t, net)
	what := fmt.Sprintf("seeds %q, %d outputs observed, %d workers", run.seededAt(), len(run.outputs), run.workers)
	ex, err := nn.NewExecutor(net, nn.ExecutorConfig{
		Mode: gradientModes[mode], Workers: run.workers,
		Outputs: run.outputs, Seeds: run.seededAt(), Gradients: run.reached(),
	})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	inputs, seeds := map[string]*nn.Tensor{}, map[string]*nn.Tensor{}
	for _, in := range g.Inputs {
		inputs[in.Name] = g.given(t, "x", in.Name, in.Shape)
	}
	for _, name := range run.seededAt() {
		seeds[name] = g.given(t, "seed", name, net.Node(name).Shape)
	}
	r, err := ex.Run(inputs, seeds)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	outputs := run.outputs
	if outputs == nil {
		outputs = g.Outputs
	}
	observed := g.columns(t, net, mode+"/outputs", g.layerNames())
	g.checkTensors(t, net, what+": output", r.Outputs, observed, outputs, g.Tolerances.Outputs)
	g.checkTensors(t, net, what+": gradient", r.Gradients, g.gradients(t, net, mode, run), run.reached(), g.Tolerances.Gradients)
	if len(run.seeds) > 0 {
		g.checkParams(t, net, what, r.Params, mode, run)
	}
	if mode == "inference" || len(outputs) == len(g.Layers) { // else not all statistics are computed
		g.checkStatistics(t, net, what, mode)
	}
}

// checkTensors holds the tensors of these names, and that there are no others.
func (g *gradientGolden) checkTensors(t *testing.T, net *nn.Network, what string, got map[string]*nn.Tensor, want map[string][]float32, names []string, tolerance float64) {
	t.Helper()
	if len(got) != len(names) {
		t.Errorf("%s: %d tensors, want %d", what, len(got), len(names))
	}
	for _, name := range names {
		x, shape := got[name], append([]int{g.Batch}, g.shape(t, net, name)...)
		if x == nil || !slices.Equal(x.Shape, shape) {
			t.Fatalf("%s of %q is %v, want a tensor %v", what, name, x, shape)
		}
		near(t, fmt.Sprintf("%s of %q", what, name), x.Data, want[name], tolerance)
	}
}

// gradients are the sums of those from each seed.
func (g *gradientGolden) gradients(t *testing.T, net *nn.Network, mode string, run gradientRun) map[string][]float32 {
	t.Helper()
	sum := map[string][]float32{}
	for _, seed := range run.seeds {
		addTo(sum, g.columns(t, net, mode+"/gradients/"+seed.At, seed.Reaches))
	}
	return sum
}

// checkParams holds the gradients of the parameters: none, or zeros, where no seed reaches.
func (g *gradientGolden) checkParams(t *testing.T, net *nn.Network, what string, got nn.Grads, mode string, run gradientRun) {
	t.Helper()
	want := map[string][]float32{}
	for _, seed := range run.seeds {
		addTo(want, g.paramValues(t, net, mode+"/params/"+seed.At, func(p *nn.Param) bool { return p.Role.Trained() }))
	}
	for name, v := range want {
		grad := got[net.Param(name)]
		if grad == nil {
			grad = make([]float32, len(v))
		}
		near(t, fmt.Sprintf("%s: gradient of %s", what, name), grad, v, g.Tolerances.Gradients)
	}
}

// checkStatistics holds the running statistics: they follow a batch in training only.
func (g *gradientGolden) checkStatistics(t *testing.T, net *nn.Network, what, mode string) {
	t.Helper()
	statistic := func(p *nn.Param) bool { return p.Role == nn.Statistic }
	if mode == "training" {
		for name, v := range g.paramValues(t, net, "training/statistics", statistic) {
			near(t, fmt.Sprintf("%s: %s", what, name), net.Param(name).Data, v, g.Tolerances.Statistics)
		}
		return
	}
	for name, v := range g.paramValues(t, net, "params", func(*nn.Param) bool { return true }) {
		if !slices.Equal(net.Param(name).Data, v) {
			t.Errorf("%s: %s has changed in inference", what, name)
		}
	}
}

// addTo adds tensors to those of the same name.
func addTo(sum, more map[string][]float32) {
	for name, v := range more {
		if sum[name] == nil {
			sum[name] = make([]float32, len(v))
		}
		for i, x := range v {
			sum[name][i] += x
		}
	}
}
