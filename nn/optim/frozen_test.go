package optim

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// A frozen parameter keeps its values and has no state, whether it has a gradient or not.
func TestFrozenParametersAreLeftAlone(t *testing.T) {
	for _, r := range rules {
		for _, hasGradient := range []bool{false, true} {
			w, still := param(1, 2), param(3, 4)
			still.Frozen = true
			c := r.config
			c.WeightDecay = 0.1
			o := newOptimizer(t, c, still, w)
			grads := nn.Grads{w: {1, -1}}
			if hasGradient {
				grads[still] = []float32{5, float32(math.NaN())}
			}
			for range 3 {
				Clip{Norm: 1}.Apply(o.Params(), grads)
				update(t, o, grads)
			}
			if got := math.Hypot(float64(grads[w][0]), float64(grads[w][1])); !(math.Abs(got-1) <= 1e-5) {
				t.Errorf("the weight's gradient has norm %v: one of a frozen parameter counted", got)
			}
			if !slices.Equal(still.Data, []float32{3, 4}) || slices.Equal(w.Data, []float32{1, 2}) {
				t.Errorf("%+v: the weight is %v, the frozen one %v; want the first changed alone", c, w.Data, still.Data)
			}
			for _, m := range o.State().Moments {
				if m.Values[0] != nil || len(m.Values[1]) != 2 {
					t.Errorf("%+v: %s of the frozen parameter is %v, of the other %v", c, m.Name, m.Values[0], m.Values[1])
				}
			}
		}
	}
}

func TestAnOptimizerOfFrozenParametersIsRefused(t *testing.T) {
	w, mean := param(1), paramOf(nn.Statistic, "running_mean", []float32{1})
	w.Frozen = true
	for name, construct := range constructors {
		_, err := construct([]*nn.Param{w, mean}, Config{})
		if want := "optimizer " + name + ": there are no parameters to train: they are frozen"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// What is frozen between steps keeps its values from then on; to train what was frozen
// takes a new optimizer.
func TestFreezingBetweenSteps(t *testing.T) {
	for _, r := range rules {
		w, v := param(1), param(2)
		v.Frozen = true
		o := newOptimizer(t, r.config, w, v)
		grads := nn.Grads{w: {1}, v: {1}}
		update(t, o, grads)
		w.Frozen = true
		before := w.Data[0]
		update(t, o, nn.Grads{})
		if w.Data[0] != before || v.Data[0] != 2 {
			t.Errorf("%+v: frozen weights became %v and %v", r.config, w.Data, v.Data)
		}
		w.Frozen, v.Frozen = false, false
		err := o.Step(grads)
		if want := "parameter dense.weight was frozen when the optimizer was made"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", r.config, err, want)
		}
		if w.Data[0] != before || o.State().Steps != 2 {
			t.Errorf("%+v: the failed step changed the weight to %v and counts %d", r.config, w.Data, o.State().Steps)
		}
	}
}
