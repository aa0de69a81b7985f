package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Where parabola and line meet, value and derivative do: δ²/2 and δ.
func TestHuberAtItsKink(t *testing.T) {
	const delta = 0.25
	for _, c := range []struct {
		p     float32
		label int
		v, d  float64
	}{
		{0.25, 0, delta * delta / 2, delta},
		{0.75, 1, delta * delta / 2, -delta},
		{0, 0, 0, 0},
		{1, 1, 0, 0},
		{1, 0, delta * (1 - delta/2), delta},
		{0, 1, delta * (1 - delta/2), -delta},
		{-3, 1, delta * (4 - delta/2), -delta},
	} {
		dout := nn.NewBlock(nn.Shape{1})
		got := total(nn.Huber{Delta: delta}.Block(outputs([]float32{c.p}), nn.ClassTargets(c.label), dout, 1))
		if math.Abs(got-c.v) > 1e-15 || float64(dout.Data[0]) != c.d {
			t.Errorf("at p = %g, label %d: %g with derivative %g, want %g and %g", c.p, c.label, got, dout.Data[0], c.v, c.d)
		}
	}
}

// No output in [0, 1] is farther than 1 from its target.
func TestHuberIsHalfOfMSEFromOneOn(t *testing.T) {
	out := outputs([]float32{0, 0.3, 1}, []float32{0.9, 0.1, 1})
	labels := []int{0, 2}
	mse := nn.MSE{}.Block(out, nn.ClassTargets(labels...), nn.Block{}, 0)
	for _, delta := range []float64{0, 1, 7} {
		for l, v := range (nn.Huber{Delta: delta}).Block(out, nn.ClassTargets(labels...), nn.Block{}, 0) {
			if math.Abs(v-mse[l]/2) > 1e-15 {
				t.Errorf("δ = %g: %g, half of MSE is %g", delta, v, mse[l]/2)
			}
		}
	}
	wantError(t, nn.Huber{Delta: -1}.Check(nn.Shape{3}, nn.TargetSpec{Classes: 3}), "δ of the Huber loss is -1")
	wantError(t, nn.Huber{Delta: math.NaN()}.Check(nn.Shape{3}, nn.TargetSpec{Classes: 3}), "need a number above 0")
	wantError(t, nn.Huber{}.Check(nn.Shape{3}, nn.TargetSpec{Classes: 4}), "3 outputs", "4 classes")
}
