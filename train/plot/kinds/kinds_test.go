package kinds

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/run"
)

// source is a run of a small network with the metrics of some epochs.
func source(t *testing.T, name, act string, epochs ...[]train.Value) Source {
	t.Helper()
	net, err := nn.NewBuilder(nn.Shape{1, 6, 6}).
		Add("conv1", layer.Conv{Out: 2, Kernel: [2]int{3, 3}}).Add("act1", activation.Must(act)).
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 3}).Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	s := Source{Path: name, Name: name, Group: name, Settings: &run.Settings{Loss: "bce"}, Model: &model.Model{Name: name, Net: net}}
	for i, values := range epochs {
		s.Epochs = append(s.Epochs, train.EpochMetrics{Epoch: i + 1, Values: values})
	}
	return s
}

func values(pairs ...any) (list []train.Value) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, train.Value{Name: pairs[i].(string), Value: pairs[i+1].(float64)})
	}
	return list
}

var history = [][]train.Value{
	values("loss", 2.0, "accuracy", 0.3, "val_loss", 1.8, "val_accuracy", 0.4, "dead/act1", 0.1, "grad_norm/conv1.weight", 1e-3, "grad_norm/conv1.bias", 1.0,
		"slopes/act1/p0", -1.0, "slopes/act1/p5", -0.5, "slopes/act1/p25", -0.2, "slopes/act1/p50", 0.0, "slopes/act1/p75", 0.2, "slopes/act1/p95", 0.5, "slopes/act1/p100", 1.0, "slopes/act1/mean", 0.1),
	values("loss", 1.0, "accuracy", 0.6, "val_loss", 1.9, "val_accuracy", 0.5, "dead/act1", 0.9, "grad_norm/conv1.weight", math.NaN(), "grad_norm/conv1.bias", 1.0),
}

// Each picture is drawn, and has so many panels.
func TestPictures(t *testing.T) {
	one := []Source{source(t, "relu", "relu", history...)}
	two := []Source{source(t, "a", "prelu", history...), source(t, "b", "prelu:channel", history[0])}
	for _, c := range []struct {
		kind    *Kind
		of      []Source
		options map[string]string
		panels  int
	}{
		{activations, nil, nil, len(activation.Funcs)},
		{activations, nil, map[string]string{"act": "leaky:-1,-0.5,mish"}, 2},
		{mish, nil, nil, 2},
		{swish, nil, nil, 2},
		{losses, nil, nil, 2},
		{losses, two, nil, 4},
		{curves, two, nil, 2},
		{curves, one, map[string]string{"metric": "loss,grad_norm/", "log": "true"}, 3},
		{curves, one, map[string]string{"metric": "loss,grad_norm/conv1.bias,grad_norm/,loss"}, 3},
		{slopes, two, nil, 1},
		{slopes, append(two, one...), nil, 1},
		{slopes, two[:1], map[string]string{"fan": "true"}, 1},
		{slopes, two[:1], map[string]string{"maps": "true"}, 8}, // two channels and the rest of the row
		{dead, two, nil, 2},
	} {
		in := &Input{Sources: c.of, Options: c.options}
		f, err := c.kind.Draw(in)
		if err != nil {
			t.Errorf("%s: %v", c.kind.Name, err)
			continue
		}
		if len(f.Panels) != c.panels {
			t.Errorf("%s %v: %d panels, want %d", c.kind.Name, c.options, len(f.Panels), c.panels)
		}
		if _, err := f.SVG(plot.Light); err != nil {
			t.Errorf("%s: %v", c.kind.Name, err)
		}
	}
}

// What a picture cannot be drawn of gets an error that says what to do.
func TestErrors(t *testing.T) {
	bare := source(t, "bare", "relu", values("loss", 1.0))
	untrained := source(t, "untrained", "relu")
	damaged := source(t, "damaged", "relu", values("loss", 1.0))
	damaged.Epochs[0].Epoch = 2e9
	file := Source{Name: "m.onnx", Group: "m.onnx"}
	for _, c := range []struct {
		kind    *Kind
		of      []Source
		options map[string]string
		usage   bool
		says    string
	}{
		{activations, nil, map[string]string{"act": "rleu"}, true, "--act"},
		{curves, []Source{file}, nil, false, "m.onnx has no history of its training: name the folder of a run or sweep"},
		{curves, []Source{untrained}, nil, false, "untrained has not finished an epoch"},
		{dead, []Source{damaged}, nil, false, "damaged has epoch 2000000000 as number 1"},
		{curves, []Source{bare}, nil, true, "--metric accuracy: no run has it; they have loss"},
		{dead, []Source{bare}, nil, false, "train with --metrics dead,grad-norm"},
		{slopes, []Source{bare}, nil, false, "bare has no activation that learns slopes"},
		{slopes, []Source{bare}, map[string]string{"fan": "true"}, false, "train with --metrics slopes"},
		{slopes, []Source{bare}, map[string]string{"maps": "true"}, false, "--act prelu:element"},
		{slopes, []Source{bare, bare}, map[string]string{"maps": "true"}, true, "--maps takes one run or model, got 2"},
		{slopes, []Source{bare}, map[string]string{"maps": "true", "fan": "true"}, true, "choose one"},
		{network, []Source{bare, bare}, nil, true, "network takes one run or model, got 2"},
	} {
		_, err := c.kind.Draw(&Input{Sources: c.of, Options: c.options})
		_, usage := err.(UsageError)
		if err == nil || !strings.Contains(err.Error(), c.says) || usage != c.usage {
			t.Errorf("%s: error %v (usage %v) does not say %q (usage %v)", c.kind.Name, err, usage, c.says, c.usage)
		}
	}
}

// Activations that differ in how values share a parameter are one line.
func TestActivationsOnce(t *testing.T) {
	f, err := overlaid([]string{"swish-beta:one", "swish-beta:channel", "relu"})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := f.SVG(plot.Light)
	if err != nil || strings.Count(string(svg), ">relu<") != 1 || strings.Count(string(svg), ">swish-beta") != 1 {
		t.Errorf("legend of %d relu and %d swish-beta, error %v", strings.Count(string(svg), ">relu<"), strings.Count(string(svg), ">swish-beta"), err)
	}
}

// Only kernels over the colours of the input are drawn as colours.
func TestKernelsInColour(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{3, 8, 8}).
		Add("first", layer.Conv{Out: 3, Kernel: [2]int{3, 3}}).Add("second", layer.Conv{Out: 2, Kernel: [2]int{3, 3}}).Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	for name, want := range map[string]bool{"first": true, "second": false} {
		if got := seesColours(net, net.Node(name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Seeds of a group give their mean and the interval of the mean, in each epoch over the runs that
// have a value.
func TestBand(t *testing.T) {
	var g group
	for i, losses := range [][]float64{{1, 4}, {2, math.NaN()}, {3}} {
		var epochs [][]train.Value
		for _, v := range losses {
			epochs = append(epochs, values("loss", v))
		}
		s := source(t, fmt.Sprint(i), "relu", epochs...)
		s.Group = "relu"
		g.sources = append(g.sources, s)
	}
	in := &Input{Sources: g.sources}
	if groups := in.groups(); len(groups) != 1 || len(groups[0].sources) != 3 {
		t.Fatalf("groups %v", groups)
	}
	b := g.band("loss")
	// Student's t at 0.975 with 2 degrees of freedom is 4.302652729749464; s = 1, n = 3.
	half := 4.302652729749464 / math.Sqrt(3)
	if !slices.Equal(b.epochs, []float64{1, 2}) || b.mean[0] != 2 || math.Abs(b.low[0]-(2-half)) > 1e-9 || math.Abs(b.high[0]-(2+half)) > 1e-9 {
		t.Errorf("band %+v, want mean 2 ± %v in epoch 1", b, half)
	}
	if b.mean[1] != 4 || !math.IsNaN(b.low[1]) {
		t.Errorf("epoch 2: mean %v, low %v, want 4 of one run, and no interval", b.mean[1], b.low[1])
	}
	if note := bandNote(in.groups()); !strings.Contains(note, "3 seeds") {
		t.Errorf("note %q", note)
	}
}

// Curves are broken where a function jumps, and only there.
func TestCurveJumps(t *testing.T) {
	relu := functionNamed(activation.ReLU)
	steep := functionOf(activation.Layer{Func: activation.Swish, Value: 50})
	threshold := functionNamed(activation.ThresholdedReLU)
	for _, c := range []struct {
		name string
		f    func(float64) float64
		at   []float64
	}{
		{"relu", relu.value, nil}, {"relu'", relu.derivative, []float64{0}}, {"swish:50'", steep.derivative, nil},
		{"thresholded-relu", threshold.value, []float64{1}}, {"hardswish'", functionNamed(activation.HardSwish).derivative, []float64{-3, 3}},
	} {
		x, y := curve(c.f, leastX, mostX, curvePoints)
		var at []float64
		for i, v := range y {
			if v != v {
				at = append(at, math.Round(x[i]*10)/10)
			}
		}
		if !slices.Equal(at, c.at) {
			t.Errorf("%s jumps at %v, want %v", c.name, at, c.at)
		}
	}
}

// The parts of Mish' in the picture add up to what the kernel computes.
func TestMishParts(t *testing.T) {
	f, s := functionNamed(activation.Mish), functionNamed(activation.Swish)
	for x := leastX; x <= mostX; x += 0.25 {
		sum := delta(x)*s.value(x) + math.Tanh(math.Log1p(math.Exp(x)))
		if got := f.derivative(x); math.Abs(got-sum) > 1e-6 {
			t.Errorf("Mish'(%v) = %v, its parts give %v", x, got, sum)
		}
	}
}

// The slope of each loss is that of its value, and the losses begin where the study says.
func TestLossForms(t *testing.T) {
	for _, l := range lossForms {
		const h = 1e-6
		for _, a := range []float64{0.01, 0.3, 0.5, 0.9} {
			byLogit := (l.value(a+h) - l.value(a-h)) / (2 * h) * a * (1 - a)
			if math.Abs(byLogit-l.slope(a)) > 1e-6 {
				t.Errorf("%s at %v: slope %v, its value has %v", l.name, a, l.slope(a), byLogit)
			}
		}
	}
	if bce, mse := lossForms[0].value(0.5), lossForms[1].value(0.5); bce != math.Ln2 || mse != 0.25 {
		t.Errorf("at the start BCE is %v, MSE %v", bce, mse)
	}
}
