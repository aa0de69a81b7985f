package optim

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// goldenGroups are steps of PyTorch with parameter groups (testdata/ref/golden_groups.py).
type goldenGroups struct {
	LR          float64
	WeightDecay float64 `json:"weight_decay"`
	Params      []struct {
		Start  []float32
		Group  int
		Frozen bool
	}
	Groups []struct {
		LR          float64
		WeightDecay *float64 `json:"weight_decay"` // nil for the optimizer's
	}
	Kept  []int
	Rates map[string][][]float64 // of the groups at each step, by schedule
	Grads [][]float32
	Cases []struct {
		goldenCase
		Schedule string
	}
}

// build makes the parameters and their groups.
func (g *goldenGroups) build() (params []*nn.Param, groups []Group) {
	for _, own := range g.Groups {
		group := Group{LR: own.LR}
		if own.WeightDecay != nil {
			group.WeightDecay, group.NoDecay = *own.WeightDecay, *own.WeightDecay == 0
		}
		groups = append(groups, group)
	}
	for _, p := range g.Params {
		w := param(p.Start...)
		w.Frozen = p.Frozen
		params = append(params, w)
		groups[p.Group].Params = append(groups[p.Group].Params, w)
	}
	return params, groups
}

// gradients are those of a step. The frozen parameter has one, which must not count.
func (g *goldenGroups) gradients(step int, params []*nn.Param) nn.Grads {
	grads, at := nn.Grads{}, 0
	for _, p := range params {
		grads[p] = append([]float32(nil), g.Grads[step][at:at+len(p.Data)]...)
		at += len(p.Data)
	}
	return grads
}

// furthest is the largest difference of the parameters from values, on the scale of the
// larger of value and start; NaN counts as infinite.
func (g *goldenGroups) furthest(params []*nn.Param, values []float64) (worst float64) {
	i := 0
	for k, p := range params {
		for j, got := range p.Data {
			scale := max(math.Abs(values[i]), math.Abs(float64(g.Params[k].Start[j])))
			d := math.Abs(float64(got)-values[i]) / scale
			if math.IsNaN(d) {
				d = math.Inf(1)
			}
			worst = max(worst, d)
			i++
		}
	}
	return worst
}

func TestGroupsEqualPyTorch(t *testing.T) {
	var g goldenGroups
	readJSON(t, "groups-pytorch", &g)
	if len(g.Cases) != 8 || len(g.Grads) != 40 || len(g.Groups) != 3 || len(g.Params) != 4 || len(g.Kept) != 4 {
		t.Fatalf("%d cases of %d steps with %d groups of %d parameters", len(g.Cases), len(g.Grads), len(g.Groups), len(g.Params))
	}
	for _, c := range g.Cases {
		config := c.config(nn.PyTorch)
		config.LR, config.WeightDecay = g.LR, g.WeightDecay
		params, groups := g.build()
		o, err := NewGroups(config, groups)
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for step := range g.Grads {
			grads := g.gradients(step, params)
			c.clip(nn.PyTorch).Apply(params, grads)
			o.SetLR(g.Rates[c.Schedule][step][0])
			update(t, o, grads)
			if step+1 != g.Kept[kept] {
				continue
			}
			d := g.furthest(params, c.Values[kept])
			if t.Logf("%+v, %s: %.1e off after step %d", config, c.Schedule, d, step+1); d > goldenTolerance {
				t.Errorf("%+v, %s: step %d is %.1e off, want %.0e", config, c.Schedule, step+1, d, goldenTolerance)
			}
			kept++
		}
	}
}

// The rates of the groups are those of PyTorch's scheduler, which gives each its own.
func TestRatesOfGroupsEqualPyTorch(t *testing.T) {
	var g goldenGroups
	readJSON(t, "groups-pytorch", &g)
	exponential := parse(t, "exponential:0.93:1steps", "", nn.PyTorch, 1)
	for name, rates := range g.Rates {
		params, groups := g.build()
		b, err := newBase(Config{Name: "sgd", LR: g.LR}, groups)
		if err != nil {
			t.Fatal(err)
		}
		for step, want := range rates {
			b.SetLR(want[0])
			if name == "exponential" {
				b.SetLR(exponential.At(g.LR, Time{Step: step, PerEpoch: len(rates), Total: len(rates)}))
			}
			for i := range params {
				if got, want := b.rate(i), want[g.Params[i].Group]; math.Abs(got-want) > 1e-14 {
					t.Errorf("%s: step %d gives parameter %d the rate %.17g, want %.17g", name, step, i, got, want)
				}
			}
		}
	}
}
