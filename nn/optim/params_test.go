package optim

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// constructors are New's other spellings.
var constructors = map[string]func([]*nn.Param, Config) (Optimizer, error){
	"adam":    func(p []*nn.Param, c Config) (Optimizer, error) { return NewAdam(p, c) },
	"adamw":   func(p []*nn.Param, c Config) (Optimizer, error) { return NewAdamW(p, c) },
	"sgd":     func(p []*nn.Param, c Config) (Optimizer, error) { return NewSGD(p, c) },
	"rmsprop": func(p []*nn.Param, c Config) (Optimizer, error) { return NewRMSprop(p, c) },
	"adagrad": func(p []*nn.Param, c Config) (Optimizer, error) { return NewAdagrad(p, c) },
}

func TestWrongParametersAreRefused(t *testing.T) {
	w, b := param(1, 2), bias(3)
	unbuilt := param(1, 2)
	unbuilt.Data = nil
	for _, tc := range []struct {
		want   string
		params []*nn.Param
	}{
		{"there are no parameters to train", []*nn.Param{}},
		{"parameter 2 of 2 is nil", []*nn.Param{w, nil}},
		{"parameter dense.weight is given twice", []*nn.Param{w, b, w}},
		{"parameter dense.weight of shape (2) has 0 values", []*nn.Param{unbuilt}},
		{"there are no parameters to train", []*nn.Param{paramOf(nn.Statistic, "running_mean", []float32{1})}},
	} {
		for name, construct := range constructors {
			_, err := construct(tc.params, Config{})
			if err == nil || !strings.HasPrefix(err.Error(), "optimizer "+name+": "+tc.want) {
				t.Errorf("%s: error %v, want %q", name, err, tc.want)
			}
		}
	}
}

func TestAConstructorRefusesAnothersName(t *testing.T) {
	for name, construct := range constructors {
		for _, other := range append(slices.Clone(Names), "lion") {
			_, err := construct([]*nn.Param{param(1)}, Config{Name: other})
			if name == other && err != nil {
				t.Errorf("%s refuses its own name: %v", name, err)
			}
			if name != other && (err == nil || !strings.Contains(err.Error(), `has the name "`+other+`"`)) {
				t.Errorf("%s with the name %s: error %v", name, other, err)
			}
		}
	}
}

// Parameters have the same gradients and end with the same bits, whichever of them the
// optimizer has, and in whatever order.
func TestGradientsGoToTheirParameters(t *testing.T) {
	for _, r := range rules {
		run := func(order ...int) [][]float32 {
			all := []*nn.Param{param(1, -2), bias(0.5), param(3, 4, 5)}
			grads := nn.Grads{all[0]: {1, 2}, all[1]: {-1}, all[2]: {3, -4, 0.1}}
			var some []*nn.Param
			for _, i := range order {
				some = append(some, all[i])
			}
			o := newOptimizer(t, r.config, some...)
			for range 3 {
				update(t, o, grads)
			}
			return [][]float32{all[0].Data, all[1].Data, all[2].Data}
		}
		want, start := run(0, 1, 2), [][]float32{{1, -2}, {0.5}, {3, 4, 5}}
		for _, order := range [][]int{{2, 0, 1}, {2}, {1, 0}} {
			for i, got := range run(order...) {
				expected := start[i]
				if slices.Contains(order, i) {
					expected = want[i]
				}
				if !slices.Equal(got, expected) {
					t.Errorf("%+v: made for %v, parameter %d becomes %v, want %v", r.config, order, i, got, expected)
				}
			}
		}
	}
}

func TestAStepWithoutAGradientChangesNothing(t *testing.T) {
	for _, r := range rules {
		w, b := param(1, 2), bias(3)
		o := newOptimizer(t, r.config, w, b)
		for want, grads := range map[string]nn.Grads{
			"parameter dense.bias has no gradient":              {w: {1, 1}, bias(3): {1}},
			"parameter dense.bias has 1 values, its gradient 2": {w: {1, 1}, b: {1, 1}},
		} {
			if err := o.Step(grads); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%+v: error %v, want %q", r.config, err, want)
			}
		}
		if !slices.Equal(w.Data, []float32{1, 2}) || o.State().Steps != 0 {
			t.Errorf("%+v: the failed step changed the weight to %v and counts %d", r.config, w.Data, o.State().Steps)
		}
	}
}

// The parameters are the caller's choice at that moment.
func TestAnOptimizerKeepsItsParameters(t *testing.T) {
	w, b := param(1), bias(2)
	params := []*nn.Param{w, b}
	o := newOptimizer(t, Config{Name: "sgd"}, params...)
	params[0] = nil
	if got := o.Params(); !slices.Equal(got, []*nn.Param{w, b}) {
		t.Errorf("the optimizer's parameters became %v", got)
	}
}
