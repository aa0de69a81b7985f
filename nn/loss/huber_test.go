package loss_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
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
		dout := op.NewBlock(op.Shape{1})
		got := total(loss.Huber{Delta: delta}.Block(outputs([]float32{c.p}), loss.ClassTargets(c.label), dout, 1))
		if math.Abs(got-c.v) > 1e-15 || float64(dout.Data[0]) != c.d {
			t.Errorf("at p = %g, label %d: %g with derivative %g, want %g and %g", c.p, c.label, got, dout.Data[0], c.v, c.d)
		}
	}
}

// No output in [0, 1] is farther than 1 from its target.
func TestHuberIsHalfOfMSEFromOneOn(t *testing.T) {
	out := outputs([]float32{0, 0.3, 1}, []float32{0.9, 0.1, 1})
	labels := []int{0, 2}
	mse := loss.MSE{}.Block(out, loss.ClassTargets(labels...), op.Block{}, 0)
	for _, delta := range []float64{0, 1, 7} {
		for l, v := range (loss.Huber{Delta: delta}).Block(out, loss.ClassTargets(labels...), op.Block{}, 0) {
			if math.Abs(v-mse[l]/2) > 1e-15 {
				t.Errorf("δ = %g: %g, half of MSE is %g", delta, v, mse[l]/2)
			}
		}
	}
	wantError(t, loss.Huber{Delta: -1}.Check(op.Shape{3}, loss.TargetSpec{Classes: 3}), "δ of the Huber loss is -1")
	wantError(t, loss.Huber{Delta: math.NaN()}.Check(op.Shape{3}, loss.TargetSpec{Classes: 3}), "need a number above 0")
	wantError(t, loss.Huber{}.Check(op.Shape{3}, loss.TargetSpec{Classes: 4}), "3 outputs", "4 classes")
}
