package optim

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// golden is what a framework itself computed (testdata/ref/golden_optim.py).
type golden struct {
	Framework string
	Start     []float32
	Split     int // elements of the weight; the others are a bias
	Rates     []float64
	Kept      []int
	Grads     [][]float32
	Cases     []goldenCase
}

type goldenCase struct {
	Name               string
	Momentum           float64
	Nesterov, Centered bool
	WeightDecay        float64 `json:"weight_decay"`
	DecayAll           bool    `json:"decay_all"`
	ClipNorm           float64 `json:"clip_norm"`
	ClipEach           bool    `json:"clip_each"`
	ClipValue          float64 `json:"clip_value"`
	Values             [][]float64
	Moved              []float64
}

func (c goldenCase) config(s nn.Semantics) Config {
	return Config{
		Name: c.Name, Semantics: s, Momentum: c.Momentum, Nesterov: c.Nesterov, Centered: c.Centered,
		WeightDecay: c.WeightDecay, DecayAll: c.DecayAll,
	}
}

func (c goldenCase) clip(s nn.Semantics) Clip {
	return Clip{Semantics: s, Norm: c.ClipNorm, Each: c.ClipEach, Value: c.ClipValue}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden/optim/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func readGolden(t *testing.T, s nn.Semantics) (g golden) {
	t.Helper()
	readJSON(t, s.String(), &g)
	if g.Framework != s.String() || len(g.Cases) != 26 || len(g.Grads) != 100 || len(g.Rates) != 100 || len(g.Kept) != 4 {
		t.Fatalf("%s: %d cases of %d steps, want 26 of 100", g.Framework, len(g.Cases), len(g.Grads))
	}
	return g
}

var bothSemantics = []nn.Semantics{nn.PyTorch, nn.Keras}

// steps takes the golden's gradients through clipping and an optimizer, and calls each
// after every step.
func (g golden) steps(t *testing.T, c goldenCase, s nn.Semantics, each func(step int, values []float32)) {
	t.Helper()
	w, b := param(g.Start[:g.Split]...), bias(g.Start[g.Split:]...)
	params := []*nn.Param{w, b}
	o := newOptimizer(t, c.config(s), params...)
	grads := nn.Grads{w: make([]float32, len(w.Data)), b: make([]float32, len(b.Data))}
	for k, grad := range g.Grads {
		copy(grads[w], grad[:g.Split])
		copy(grads[b], grad[g.Split:])
		c.clip(s).Apply(params, grads)
		o.SetLR(g.Rates[k])
		update(t, o, grads)
		each(k+1, append(append([]float32(nil), w.Data...), b.Data...))
	}
}

// goldenTolerance is per value, on the scale of the largest that it has been: a hundred
// steps of float32 rounding (6e−8 each), in which the frameworks' vector loops use fused
// operations and other orders.
const goldenTolerance = 1e-6

func TestAHundredStepsEqualTheFramework(t *testing.T) {
	for _, s := range bothSemantics {
		g := readGolden(t, s)
		for _, c := range g.Cases {
			worst, kept := 0.0, 0
			check := func(step int, what string, got, want, scale float64) {
				d := math.Abs(got-want) / max(scale, math.SmallestNonzeroFloat64)
				worst = max(worst, d)
				if !(d <= goldenTolerance) {
					t.Errorf("%v %+v %+v: step %d gives %s %.9g, want %.9g", s, c.config(s), c.clip(s), step, what, got, want)
				}
			}
			reach := make([]float64, len(g.Start)) // largest so far
			g.steps(t, c, s, func(step int, values []float32) {
				var far float64
				for i, v := range values {
					far += math.Pow(float64(v)-float64(g.Start[i]), 2)
					reach[i] = max(reach[i], math.Abs(float64(v)), math.Abs(float64(g.Start[i])))
				}
				check(step, "a distance from the start of", math.Sqrt(far), c.Moved[step-1], slices.Max(reach))
				if step != g.Kept[kept] {
					return
				}
				for i, want := range c.Values[kept] {
					check(step, "a value of", float64(values[i]), want, reach[i])
				}
				kept = min(kept+1, len(g.Kept)-1)
			})
			t.Logf("%v %+v %+v: %.1e off", s, c.config(s), c.clip(s), worst)
		}
	}
}
