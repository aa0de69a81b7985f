package optim

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func newGroups(t *testing.T, c Config, groups ...Group) Optimizer {
	t.Helper()
	o, err := NewGroups(c, groups)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Keras has no groups: there an optimizer for each has the same effect.
func TestGroupsEqualOptimizersOfTheirOwn(t *testing.T) {
	groups := []struct {
		group Group
		own   func(*Config)
	}{
		{Group{}, func(*Config) {}},
		{Group{LR: 0.05}, func(c *Config) { c.LR = 0.05 }},
		{Group{WeightDecay: 0.2}, func(c *Config) { c.WeightDecay = 0.2 }},
		{Group{LR: 0.002, WeightDecay: 0.3}, func(c *Config) { c.LR, c.WeightDecay = 0.002, 0.3 }},
	}
	for _, r := range rules {
		r.config.LR, r.config.DecayAll = 0.01, true
		var together []Group
		var apart []Optimizer
		var params, separate []*nn.Param
		for _, g := range groups {
			p, q := bias(1, -2), bias(1, -2)
			g.group.Params = []*nn.Param{p}
			together = append(together, g.group)
			c := r.config
			g.own(&c)
			c.DecayAll = c.WeightDecay != 0 || c.Name == "adamw"
			apart = append(apart, newOptimizer(t, c, q))
			params, separate = append(params, p), append(separate, q)
		}
		o := newGroups(t, r.config, together...)
		for step := range 6 {
			factor := []float64{1, 0.5, 0.25}[step%3] // powers of two: no rounding
			o.SetLR(0.01 * factor)
			grads, own := nn.Grads{}, nn.Grads{}
			for i, p := range params {
				grads[p] = []float32{float32(step) - 2.5, 1e-3}
				own[separate[i]] = grads[p]
				if lr := groups[i].group.LR; lr != 0 {
					apart[i].SetLR(lr * factor)
				} else {
					apart[i].SetLR(0.01 * factor)
				}
			}
			update(t, o, grads)
			for _, a := range apart {
				update(t, a, own)
			}
		}
		for i, p := range params {
			if !slices.Equal(p.Data, separate[i].Data) {
				t.Errorf("%+v: group %d is %v, by an optimizer of its own %v", r.config, i+1, p.Data, separate[i].Data)
			}
		}
	}
}

// AdamW has a decay by default, which a group can go without.
func TestAGroupWithoutDecay(t *testing.T) {
	for _, s := range bothSemantics {
		for _, all := range []bool{false, true} {
			w, v := param(1), param(1)
			o := newGroups(t, Config{Name: "adamw", Semantics: s, DecayAll: all}, Group{Params: []*nn.Param{w}}, Group{Params: []*nn.Param{v}, NoDecay: true})
			update(t, o, nn.Grads{w: {0}, v: {0}})
			if w.Data[0] >= 1 || v.Data[0] != 1 {
				t.Errorf("%v, all %v: the weights become %v and %v, want the first shrunk alone", s, all, w.Data, v.Data)
			}
		}
	}
}

// The rate of a group without one of its own is the optimizer's to the last bit.
func TestGroupsWithoutSettingsEqualNone(t *testing.T) {
	for _, r := range rules {
		run := func(groups int) []float32 {
			w, b := param(1, -2), bias(3)
			o := newOptimizer(t, r.config, w, b)
			if groups == 2 {
				o = newGroups(t, r.config, Group{Params: []*nn.Param{w}}, Group{}, Group{Params: []*nn.Param{b}})
			}
			for step := range 5 {
				o.SetLR(0.007 / float64(step+3))
				update(t, o, nn.Grads{w: {0.3, -0.1}, b: {float32(step)}})
			}
			return slices.Concat(w.Data, b.Data)
		}
		if one, two := run(1), run(2); !slices.Equal(one, two) {
			t.Errorf("%+v: %v in one group, %v in two", r.config, one, two)
		}
	}
}

func TestWrongGroupsAreRefused(t *testing.T) {
	w, v, b := param(1), param(2), bias(3)
	params := func(p ...*nn.Param) []*nn.Param { return p }
	frozen := param(1)
	frozen.Frozen = true
	for _, c := range []struct {
		want   string
		config Config
		groups []Group
	}{
		{"there are no parameters to train", Config{}, nil},
		{"there are no parameters to train", Config{}, []Group{{}, {}}},
		{"there are no parameters to train: they are frozen", Config{}, []Group{{Params: params(frozen)}, {}}},
		{"group 2: parameter 2 of 2 is nil", Config{}, []Group{{Params: params(w)}, {Params: params(v, nil)}}},
		{"group 2: parameter dense.weight is given twice", Config{}, []Group{{Params: params(w)}, {Params: params(v, w)}}},
		{"group 1: learning rate -1 is not", Config{}, []Group{{Params: params(w), LR: -1}, {}}},
		{"group 2: weight decay -1 is not", Config{}, []Group{{}, {Params: params(w), WeightDecay: -1}}},
		{"group 2: its weight decay is 0.5, and NoDecay is set", Config{}, []Group{{}, {Params: params(w), WeightDecay: 0.5, NoDecay: true}}},
		{"group 2: its weight decay 0.5 shrinks weights alone", Config{}, []Group{{Params: params(w)}, {Params: params(b), WeightDecay: 0.5}}},
		{"decaying all parameters needs a weight decay", Config{DecayAll: true}, []Group{{Params: params(w), LR: 1}, {Params: params(b)}}},
		{"learning rate -1 is not", Config{LR: -1}, []Group{{Params: params(w)}, {Params: params(b)}}},
	} {
		for _, name := range []string{"sgd", "adam", "rmsprop", "adagrad"} {
			c.config.Name = name
			o, err := NewGroups(c.config, c.groups)
			if o != nil || err == nil || !strings.HasPrefix(err.Error(), "optimizer "+name+": "+c.want) {
				t.Errorf("got %v and error %v, want %q", o, err, c.want)
			}
		}
	}
	newGroups(t, Config{Name: "sgd", DecayAll: true}, Group{Params: params(w)}, Group{Params: params(b), WeightDecay: 0.5})
}

func TestStepsOfGroupsMakeNoGarbage(t *testing.T) {
	for _, r := range rules {
		w, b := param(1, 2), bias(3)
		grads := nn.Grads{w: {1, -1}, b: {5}}
		o := newGroups(t, r.config, Group{Params: []*nn.Param{w}, WeightDecay: 0.1}, Group{Params: []*nn.Param{b}, LR: 0.5})
		step := func() { update(t, o, grads) }
		step() // makes room for gradients with their decay
		if n := testing.AllocsPerRun(10, step); n != 0 {
			t.Errorf("%+v: %v allocations a step", r.config, n)
		}
	}
}
