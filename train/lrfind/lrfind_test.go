package lrfind

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/plot"
)

func find(t *testing.T, c Config, optimizer string, workers int) *Result {
	t.Helper()
	net := toy.Network(1)
	opt, err := optim.New(optim.Config{Name: optimizer, LR: 0.01}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(net, toy.Samples(90, 1), train.Config{Loss: loss.CrossEntropy{}, Optimizer: opt, Batch: 32, Seed: 3, Workers: workers}, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The rates rise by one factor from min to max, over as many epochs as that takes; averages and
// suggestions are those of their definitions; the number of workers changes nothing.
func TestRange(t *testing.T) {
	c := Config{Min: 1e-5, Max: 0.1, Steps: 41}
	r := find(t, c, "adam", 1)
	if len(r.Points) != c.Steps || r.Stopped != "" {
		t.Fatalf("%d points, stopped %q", len(r.Points), r.Stopped)
	}
	if first, last := r.Points[0], r.Points[40]; first.LR != c.Min || last.LR != c.Max || math.Abs(first.Smoothed-first.Loss) > 1e-12 {
		t.Errorf("from %+v to %+v", first, last)
	}
	lowest, steepest, fall := 0, 0, 0.0
	for i, p := range r.Points {
		if i > 0 && math.Abs(p.LR/r.Points[i-1].LR-math.Pow(1e4, 1./40)) > 1e-9 {
			t.Errorf("step %d: rate %v after %v", i, p.LR, r.Points[i-1].LR)
		}
		sum, weight := 0.0, 0.0
		for k := range i + 1 {
			w := math.Pow(0.98, float64(i-k))
			sum, weight = sum+w*r.Points[k].Loss, weight+w
		}
		if math.Abs(p.Smoothed-sum/weight) > 1e-9 {
			t.Errorf("step %d: smoothed %v, want %v", i, p.Smoothed, sum/weight)
		}
		if p.Smoothed < r.Points[lowest].Smoothed {
			lowest = i
		}
		if i > 4 && r.Points[i].Smoothed-r.Points[i-1].Smoothed < fall {
			steepest, fall = i-1, r.Points[i].Smoothed-r.Points[i-1].Smoothed
		}
	}
	if r.Steepest == nil || *r.Steepest != r.Points[steepest].LR || *r.Lowest != r.Points[lowest].LR || *r.MinTenth != r.Points[lowest].LR/10 {
		t.Errorf("suggestions %v %v %v, want steps %d and %d", *r.Steepest, *r.Lowest, *r.MinTenth, steepest, lowest)
	}
	if many := find(t, c, "adam", 3); !reflect.DeepEqual(r, many) {
		t.Error("3 workers give another result than 1")
	}
}

// A test ends where the loss grows or is no number, and that is no error.
func TestDivergence(t *testing.T) {
	for _, c := range []struct {
		config Config
		says   string
	}{
		{Config{Min: 1e-3, Max: 1e4, Steps: 100}, "more than 4 times its lowest"},
		{Config{Min: 1e30, Max: 1e38, Steps: 20}, "no longer finite"},
	} {
		r := find(t, c.config, "sgd", 1)
		if !strings.Contains(r.Stopped, c.says) || len(r.Points) == c.config.Steps {
			t.Errorf("%v: %d points, stopped %q, want %q", c.config, len(r.Points), r.Stopped, c.says)
		}
	}
}

// Where the loss never falls there is nothing to suggest.
func TestNoSuggestion(t *testing.T) {
	for _, points := range [][]Point{
		{{1, 1, 1}, {2, 2, 2}, {3, 2, 2}},
		{{1, 1, 1}, {2, 2, 1.2}, {3, 1, 1.1}, {4, 2, 1.3}}, // a step down, but above the start
	} {
		r := &Result{Points: points}
		if r.suggest(); r.Steepest != nil || r.Lowest != nil || r.MinTenth != nil {
			t.Errorf("%+v", r)
		}
	}
}

func TestErrors(t *testing.T) {
	nan := toy.Samples(90, 1)
	for _, c := range []struct {
		config Config
		says   string
	}{
		{Config{Min: 0, Max: 1, Steps: 100}, "min 0: need a learning rate above 0"},
		{Config{Min: math.NaN(), Max: 1, Steps: 100}, "min NaN"},
		{Config{Min: 1e-3, Max: 1e-3, Steps: 100}, "max 0.001: need a learning rate above min"},
		{Config{Min: 1e-3, Max: math.Inf(1), Steps: 100}, "max +Inf"},
		{Config{Min: 1e-3, Max: 1, Steps: 9}, "steps 9: need at least 10"},
	} {
		if _, err := Run(toy.Network(1), nan, train.Config{}, c.config); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.config, err, c.says)
		}
	}
	if _, err := Run(toy.Network(1), nan, train.Config{}, Default()); err == nil {
		t.Error("a training without a loss is no error")
	}
}

// Samples that are not numbers are the data's fault, and no divergence.
func TestUnreadableSamplesAreAnError(t *testing.T) {
	x := nn.NewTensor(32, 1, 8, 8)
	x.Data[70] = float32(math.NaN())
	labels := make([]int, 32)
	labels[0] = 1
	samples, err := nn.NewTensorSamples(x, labels, toy.Classes)
	if err != nil {
		t.Fatal(err)
	}
	net := toy.Network(1)
	opt, err := optim.New(optim.Config{Name: "sgd", LR: 0.1}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(net, samples, train.Config{Loss: loss.CrossEntropy{}, Optimizer: opt, Batch: 32}, Default())
	if err == nil || !strings.Contains(err.Error(), "mend it or leave it out") {
		t.Errorf("%v", err)
	}
}

func TestFigure(t *testing.T) {
	f := find(t, Config{Min: 1e-5, Max: 0.1, Steps: 20}, "adam", 1).Figure("a note")
	svg, err := f.SVG(plot.Light)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"learning rate", "smoothed", "steepest descent", "a note"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
}
