package metric_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/metric"
)

func record(t *testing.T, name string, net *nn.Network, cfg train.Config, see train.Callback) map[string]float64 {
	t.Helper()
	return recordOn(t, toy.Samples(50, 1), name, net, cfg, see)
}

// recordOn trains a network for some epochs with a metric, and with a callback that sees the steps
// after it, and returns the values of the last one by name.
func recordOn(t *testing.T, samples nn.Samples, name string, net *nn.Network, cfg train.Config, see train.Callback) map[string]float64 {
	t.Helper()
	kinds, err := metric.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Loss, cfg.Callbacks = loss.CrossEntropy{}, []train.Callback{kinds[0].New(net)}
	if see != nil {
		cfg.Callbacks = append(cfg.Callbacks, see)
	}
	if cfg.Optimizer, err = optim.NewSGD(net.Params(), optim.Config{LR: 0.1}); err != nil {
		t.Fatal(err)
	}
	if cfg.LR > 0 {
		cfg.Optimizer.SetLR(cfg.LR)
	}
	h, err := train.Fit(net, samples, cfg)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, v := range h.Epochs[len(h.Epochs)-1].Values {
		values[v.Name] = v.Value
	}
	return values
}

func near(t *testing.T, got map[string]float64, name string, want float64) {
	t.Helper()
	if v, ok := got[name]; !ok || math.Abs(v-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s is %v, want %v", name, v, want)
	}
}

// steps sees each step, with the outputs of the layers that it names.
type steps struct {
	train.Base
	layers                   []string
	gradients, clipped, done func(s *train.State, v train.StepValues)
	last                     train.StepValues
}

func (o *steps) Observes(*nn.Network) (outputs, gradients []string) { return o.layers, nil }
func (o *steps) Gradients(s *train.State, v train.StepValues) error { return o.call(o.gradients, s, v) }
func (o *steps) Clipped(s *train.State, _ nn.Grads) error           { return o.call(o.clipped, s, o.last) }
func (o *steps) BatchEnd(s *train.State) error                      { return o.call(o.done, s, o.last) }
func (o *steps) call(f func(*train.State, train.StepValues), s *train.State, v train.StepValues) error {
	o.last = v
	if f != nil && s.Position.Epoch == 1 { // the second epoch
		f(s, v)
	}
	return nil
}

func norm(v []float32) (sum float64) {
	for _, x := range v {
		sum = math.Hypot(sum, float64(x))
	}
	return sum
}

var twoEpochs = train.Config{Epochs: 2, Batch: 20, Seed: 3}

func TestGradNorm(t *testing.T) {
	net, want := toy.Network(1), map[string]float64{}
	got := record(t, "grad-norm", net, twoEpochs, &steps{gradients: func(_ *train.State, v train.StepValues) {
		for p, g := range v.Grads {
			want["grad_norm/"+p.FullName()] += norm(g) / 3
		}
	}})
	if len(want) != 7 {
		t.Fatalf("the network has gradients of %d parameters", len(want))
	}
	for name, v := range want {
		near(t, got, name, v)
	}
}

func TestUpdateRatio(t *testing.T) {
	net := toy.Network(1)
	changes, sizes := map[string]float64{}, map[string]float64{}
	before := map[*nn.Param][]float32{}
	got := record(t, "update-ratio", net, twoEpochs, &steps{
		clipped: func(*train.State, train.StepValues) {
			for _, p := range net.Params() {
				before[p] = slices.Clone(p.Data)
			}
		},
		done: func(*train.State, train.StepValues) {
			for p, was := range before {
				sizes[p.FullName()] += norm(was)
				for i, v := range p.Data {
					was[i] = v - was[i]
				}
				changes[p.FullName()] += norm(was)
			}
		},
	})
	for _, p := range net.Params() {
		if p.Trained() {
			near(t, got, "update_ratio/"+p.FullName(), changes[p.FullName()]/sizes[p.FullName()])
		}
	}
	if _, ok := got["update_ratio/bn.running_mean"]; ok {
		t.Error("running statistics are no parameters that are updated")
	}
}

func TestActivations(t *testing.T) {
	var all []float64
	net := toy.Network(1)
	got := record(t, "activations", net, twoEpochs, &steps{layers: []string{"act"}, gradients: func(_ *train.State, v train.StepValues) {
		for _, y := range v.Outputs["act"].Data {
			all = append(all, float64(y))
		}
	}})
	mean, std := 0.0, 0.0
	for _, y := range all {
		mean += y / float64(len(all))
	}
	for _, y := range all {
		std = math.Hypot(std, (y-mean)/math.Sqrt(float64(len(all))))
	}
	near(t, got, "activations/act/mean", mean)
	near(t, got, "activations/act/std", std)
}

// Units are dead whose bias is so low that no input lifts them above the threshold.
func TestDead(t *testing.T) {
	for act, want := range map[string]float64{"relu": 0.5, "leaky:0.1": 0.5, "prelu": 0.5, "thresholded-relu:8": 0.75, "thresholded-relu:-100": 0} {
		net, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must(act),
			layer.Flatten{}, layer.Dense{Out: toy.Classes}, activation.Must("linear"))
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, 1)
		copy(net.Param("conv.bias").Data, []float32{-50, 5, -50, 50})
		cfg := twoEpochs
		cfg.LR = 1e-6 // the biases stay
		got := record(t, "dead", net, cfg, nil)
		near(t, got, "dead/act1", want)
		if len(got) != 6 {
			t.Errorf("%s: got %v; a linear layer has no dead units", act, got)
		}
	}
}

func TestSlopes(t *testing.T) {
	net := toy.Network(1)
	got := record(t, "slopes", net, twoEpochs, nil)
	v := slices.Sorted(slices.Values(net.Param("act.alpha").Data))
	if len(v) != 72 {
		t.Fatalf("%d slopes", len(v))
	}
	for p, at := range map[string]float64{"p0": 0, "p5": 3.55, "p25": 17.75, "p50": 35.5, "p75": 53.25, "p95": 67.45, "p100": 71} {
		low, part := math.Modf(at)
		a, b := float64(v[int(low)]), float64(v[int(math.Ceil(at))])
		near(t, got, "slopes/act/"+p, (1-part)*a+part*b)
	}
	mean := 0.0
	for _, x := range v {
		mean += float64(x) / 72
	}
	near(t, got, "slopes/act/mean", mean)
	squares := 0.0
	for _, x := range v {
		squares += float64(x) * float64(x) / 72
	}
	near(t, got, "slopes/act/std", math.Sqrt(squares-mean*mean))
}

// many are samples of a data set in 40 classes, as many as outputs.
type many struct{ nn.Samples }

func (many) Classes() int    { return 40 }
func (many) Label(i int) int { return i % 40 }

func TestTop5(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Flatten{}, layer.Dense{Out: 40})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	samples := many{toy.Samples(100, 1)}
	top := func() float64 {
		scores, err := score.Of(net, samples, loss.CrossEntropy{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		return scores.Top(5)
	}
	before := top()
	got := recordOn(t, samples, "top-5", net, train.Config{Epochs: 1, Batch: 100, Validation: samples}, nil)
	after := top()
	near(t, got, "top_5_accuracy", before) // the only batch saw the network from before the update
	near(t, got, "val_top_5_accuracy", after)
	if before == 0 || before == after || before == got["accuracy"] {
		t.Errorf("top-5 accuracy is %v, then %v, accuracy %v: the test shows nothing", before, after, got["accuracy"])
	}
}

// A checkpoint keeps what a metric remembers by its names, whatever layers are called.
func TestMemoriesHaveUniqueNames(t *testing.T) {
	b := nn.NewBuilder(nn.Shape{1, 8, 8}).Add("flatten", layer.Flatten{})
	for _, name := range []string{"count", "a", "squares of a", "outputs of a", "norm of a"} {
		b.Add(name+" dense", layer.Dense{Out: toy.Classes}).Add(name, activation.Must("prelu"))
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range metric.Kinds() {
		seen := map[string]bool{}
		memory := k.New(net).Memory()
		for _, n := range memory.Numbers {
			if seen[n.Name] {
				t.Errorf("%s remembers two numbers by the name %q", k.Name, n.Name)
			}
			seen[n.Name] = true
		}
		clear(seen)
		for _, v := range memory.Tensors {
			if seen[v.Name] {
				t.Errorf("%s remembers two tensors by the name %q", k.Name, v.Name)
			}
			seen[v.Name] = true
		}
	}
}

func TestParse(t *testing.T) {
	for list, want := range map[string]string{
		"":                 "slopes",
		"none":             "",
		"dead":             "dead",
		"grad-norm,slopes": "grad-norm slopes",
		"dead,speed":       `there is no metric "speed": choose some of activations, dead, grad-norm, slopes, top-5, update-ratio, or none`,
		"dead,":            `there is no metric ""`,
		"dead, slopes":     `there is no metric " slopes"`,
		"none,dead":        "none stands alone",
		"dead,slopes,dead": "dead is named twice",
	} {
		kinds, err := metric.Parse(list)
		var names []string
		for _, k := range kinds {
			names = append(names, k.Name)
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != want || err != nil && (want == "" || !strings.HasPrefix(got, want) || kinds != nil) {
			t.Errorf("%q: got %s, want %s", list, got, want)
		}
	}
}

func TestRegisterRefuses(t *testing.T) {
	one := func(*nn.Network) metric.Metric { return metric.Base{} }
	for _, k := range []metric.Kind{{Name: "dead", New: one}, {Name: "", New: one}, {Name: "none", New: one}, {Name: "a,b", New: one}, {Name: "new"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is registered", k.Name)
				}
			}()
			metric.Register(k)
		}()
	}
}
