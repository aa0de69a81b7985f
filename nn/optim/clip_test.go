package optim

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestClip(t *testing.T) {
	params := []*nn.Param{param(0, 0), bias(0)}
	for _, c := range []struct {
		name string
		clip Clip
		want []float64 // of the gradients 3, 4 and 12: norms 5, 12 and 13
	}{
		{"nothing", Clip{}, []float64{3, 4, 12}},
		{"a norm above", Clip{Norm: 14}, []float64{3, 4, 12}},
		{"the norm itself, Keras", Clip{Semantics: nn.Keras, Norm: 13}, []float64{3, 4, 12}},
		{"norm", Clip{Norm: 1}, []float64{3 / (13 + 1e-6), 4 / (13 + 1e-6), 12 / (13 + 1e-6)}},
		{"norm, Keras", Clip{Semantics: nn.Keras, Norm: 1}, []float64{3. / 13, 4. / 13, 12. / 13}},
		{"each norm", Clip{Norm: 6, Each: true}, []float64{3, 4, 6 / (1 + 1e-6/12)}},
		{"each norm, Keras", Clip{Semantics: nn.Keras, Norm: 6, Each: true}, []float64{3, 4, 6}},
		{"each norm, both", Clip{Semantics: nn.Keras, Norm: 1, Each: true}, []float64{0.6, 0.8, 1}},
		{"value", Clip{Value: 3.5}, []float64{3, 3.5, 3.5}},
	} {
		for _, sign := range []float32{1, -1} {
			w, b := []float32{3 * sign, 4 * sign}, []float32{12 * sign}
			c.clip.Apply(params, nn.Grads{params[0]: w, params[1]: b})
			for i, got := range []float32{w[0], w[1], b[0]} {
				if want := c.want[i] * float64(sign); math.Abs(float64(got)-want) > 1e-7*math.Abs(want) {
					t.Errorf("%s: element %d becomes %v, want %v", c.name, i, got, want)
				}
			}
		}
	}
}

// PyTorch's 1e−6 shows where the norm is as small.
func TestClipOfSmallGradientsDiffers(t *testing.T) {
	for s, want := range map[nn.Semantics]float64{nn.PyTorch: 1e-7 * 2e-6 / 3e-6, nn.Keras: 1e-7} {
		w, g := param(0), []float32{2e-6}
		Clip{Semantics: s, Norm: 1e-7}.Apply([]*nn.Param{w}, nn.Grads{w: g})
		if got := float64(g[0]); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%v: got %v, want %v", s, got, want)
		}
	}
	w, zero := param(0), []float32{0}
	for _, s := range bothSemantics {
		if (Clip{Semantics: s, Norm: 1, Each: true}).Apply([]*nn.Param{w}, nn.Grads{w: zero}); zero[0] != 0 {
			t.Errorf("%v: a gradient of 0 becomes %v", s, zero[0])
		}
	}
}

func TestWrongClippingIsRefused(t *testing.T) {
	for want, c := range map[string]Clip{
		"by norm: the limit -1":    {Norm: -1},
		"by norm: the limit NaN":   {Norm: math.NaN()},
		"by value: the limit +Inf": {Value: math.Inf(1)},
		"not by both: choose one":  {Norm: 1, Value: 1},
		"by its own norm needs":    {Each: true, Value: 1},
	} {
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", c, err, want)
		}
	}
	for _, c := range []Clip{{}, {Norm: 1}, {Norm: 1, Each: true}, {Value: 1}} {
		if err := c.Check(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
