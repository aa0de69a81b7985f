package optim

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Without a gradient only decay changes a parameter.
func TestDecayShrinksWeightsAlone(t *testing.T) {
	roles := []nn.Role{nn.Weight, nn.Bias, nn.Slope, nn.Beta, nn.Scale}
	for _, s := range bothSemantics {
		for _, name := range Names {
			for _, all := range []bool{false, true} {
				var params []*nn.Param
				grads := nn.Grads{}
				for _, role := range roles {
					p := paramOf(role, "p", []float32{1, -1})
					params = append(params, p)
					grads[p] = []float32{0, 0}
				}
				update(t, newOptimizer(t, Config{Name: name, Semantics: s, LR: 0.01, WeightDecay: 0.5, DecayAll: all}, params...), grads)
				for _, p := range params {
					shrunk := p.Data[0] < 1 && p.Data[0] > 0 && p.Data[1] == -p.Data[0]
					if want := all || p.Role == nn.Weight; shrunk != want {
						t.Errorf("%v %s, all %v: role %d becomes %v", s, name, all, p.Role, p.Data)
					}
				}
			}
		}
	}
}

func TestStepLeavesTheGradientsAlone(t *testing.T) {
	for _, s := range bothSemantics {
		for _, name := range Names {
			w, g := param(1, 2, 3), []float32{1, -2, 3}
			update(t, newOptimizer(t, Config{Name: name, Semantics: s, WeightDecay: 0.5}, w), nn.Grads{w: g})
			if !slices.Equal(g, []float32{1, -2, 3}) {
				t.Errorf("%v %s: the gradient became %v", s, name, g)
			}
		}
	}
}

// Keras's small decays are exact to rounding, where 1 − lr·decay in float32 is not.
func TestSmallDecaysOfKerasAreExact(t *testing.T) {
	const lr, rate, steps = 1e-3, 0.004, 1000
	w := param(1)
	o := newOptimizer(t, Config{Name: "adamw", Semantics: nn.Keras, LR: lr, WeightDecay: rate}, w)
	for range steps {
		update(t, o, nn.Grads{w: {0}})
	}
	if got := 1 - float64(w.Data[0]); got < 0.99*lr*rate*steps || got > 1.01*lr*rate*steps {
		t.Errorf("%d steps shrink 1 by %v, want %v within a hundredth", steps, got, lr*rate*steps)
	}
}
