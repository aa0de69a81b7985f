package loss_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// On logits nothing saturates: a wrong answer costs |z| and pulls with its whole weight,
// a right one keeps a derivative of e^−|z|.
func TestBCELogitsOfHugeLogits(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		z     float64
		label int
		v, d  float64
	}{
		{0, 0, math.Ln2, 0.5},
		{0, 1, math.Ln2, -0.5},
		{50, 1, math.Exp(-50), -math.Exp(-50)},
		{50, 0, 50, 1},
		{-50, 0, math.Exp(-50), math.Exp(-50)},
		{-50, 1, 50, -1},
		{1e30, 0, float64(float32(1e30)), 1},
		{1e30, 1, 0, 0},
		{-1e30, 1, float64(float32(1e30)), -1},
		{inf, 1, 0, 0},
		{inf, 0, inf, 1},
		{-inf, 0, 0, 0},
	} {
		for _, w := range []float64{1, 4} {
			v, d := c.v, c.d
			if c.label == 1 {
				v, d = w*v, w*d
			}
			dout := nn.NewBlock(nn.Shape{1})
			got := total(loss.BCELogits{PosWeight: []float64{w}}.Block(outputs([]float32{float32(c.z)}), loss.ClassTargets(c.label), dout, 1))
			if !(got == v || math.Abs(got-v) <= 1e-12*v) || !(math.Abs(float64(dout.Data[0])-d) <= 1e-7*math.Abs(d)) {
				t.Errorf("z = %g, label %d, weight %g: %g with derivative %g, want %g and %g", c.z, c.label, w, got, dout.Data[0], v, d)
			}
		}
	}
}

// One weight is for all outputs, several are each for one.
func TestBCELogitsWeightsOfOutputs(t *testing.T) {
	out := outputs([]float32{0.5, -1, 2}, []float32{0.5, -1, 2}, []float32{0.5, -1, 2})
	labels := []int{0, 1, 2}
	each := loss.BCELogits{PosWeight: []float64{2, 3, 5}}.Block(out, loss.ClassTargets(labels...), nn.Block{}, 0)
	for l, w := range []float64{2, 3, 5} {
		one := loss.BCELogits{PosWeight: []float64{w}}.Block(out, loss.ClassTargets(labels...), nn.Block{}, 0)
		if one[l] != each[l] {
			t.Errorf("sample %d: %g with weight %g, %g with a weight for each", l, one[l], w, each[l])
		}
	}
}

func TestBCELogitsCheck(t *testing.T) {
	if err := (loss.BCELogits{PosWeight: []float64{2}}).Check(nn.Shape{1}, loss.TargetSpec{Classes: 2}); err != nil {
		t.Errorf("one output for two classes: %v", err)
	}
	wantError(t, loss.BCELogits{}.Check(nn.Shape{1}, loss.TargetSpec{Classes: 3}), "1 outputs", "3 classes")
	wantError(t, loss.BCELogits{PosWeight: []float64{1, 2}}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "2 weights of positive targets for 3 outputs")
	wantError(t, loss.BCELogits{PosWeight: []float64{-1}}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "weight -1 of positive targets")
}

// A network with one output is trained and evaluated on its logit: above 0 says class 1.
func TestOneLogitLearnsTwoClasses(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Dense{Out: 1})
	net.Init(nn.KerasInit, 3)
	if l := nn.LossFor(net); l.Name() != "bce-logits" {
		t.Errorf("its loss is %s", l.Name())
	}
	data := randomSamples(t, 24, 2, nn.Shape{4})
	for i := range 24 { // the class is the sign of the first number
		data.Labels[i] = 0
		if data.X.Sample(i)[0] > 0 {
			data.Labels[i] = 1
		}
	}
	s := nn.NewStepper(net, loss.BCELogits{}, 2)
	for range 300 {
		step(t, s, data, upTo(24))
		for p, g := range s.Grads() {
			for j, v := range g {
				p.Data[j] -= v
			}
		}
	}
	st, err := net.Evaluate(data, loss.BCELogits{}, 1)
	if err != nil || st.Accuracy() < 0.95 || st.Loss() > 0.2 {
		t.Errorf("accuracy %.2f, loss %.3f, error %v", st.Accuracy(), st.Loss(), err)
	}
}
