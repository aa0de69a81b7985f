package parity_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// through hands some of its inputs on as its outputs, from number first on.
func through(t *testing.T, first int, end ...nn.Layer) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{6}, append([]nn.Layer{layer.Dense{Out: 3, NoBias: true}}, end...)...)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 3 {
		net.Param("dense.weight").Data[k*6+first+k] = 1
	}
	return net
}

// The samples on which two networks disagree come with what each takes them for and how sure it
// is, the surest first.
func TestDisagreements(t *testing.T) {
	ln := func(p float64) float32 { return float32(math.Log(p)) }
	rows := [][6]float32{ // logits of the first network, then of the second
		{ln(0.8), ln(0.1), ln(0.1), ln(0.2), ln(0.7), ln(0.1)}, // 0: 0 and 1, label 0
		{ln(0.9), ln(0.1), ln(0), ln(0.9), ln(0.1), ln(0)},     // agree
		{ln(0.1), ln(0.1), ln(0.8), ln(0.1), ln(0.8), ln(0.1)}, // 2: 2 and 1, label 1
		{ln(0.6), ln(0.4), ln(0), ln(0), ln(0.05), ln(0.95)},   // 3: 0 and 2, label 1
		{ln(0.1), ln(0.8), ln(0.1), ln(0.7), ln(0.2), ln(0.1)}, // 4: as 0, label 2
	}
	x := nn.NewTensor(len(rows), 6)
	for i, r := range rows {
		for k, v := range r {
			x.Data[i*6+k] = max(v, -100)
		}
	}
	data := &nn.TensorSamples{X: x, Labels: []int{0, 0, 1, 1, 2}, NumClasses: 3}
	for name, end := range map[string][]nn.Layer{"logits": nil, "softmax": {layer.Softmax{}}, "log-softmax": {layer.LogSoftmax{}}} {
		r, err := parity.Models(through(t, 0, end...), through(t, 3), data, data, nil, 2)
		if err != nil {
			t.Fatal(err)
		}
		want := []parity.Disagreement{
			{Sample: 2, A: parity.Answer{Class: 2, Probability: 0.8}, B: parity.Answer{Class: 1, Probability: 0.8, Right: true}},
			{Sample: 0, A: parity.Answer{Class: 0, Probability: 0.8, Right: true}, B: parity.Answer{Class: 1, Probability: 0.7}},
			{Sample: 4, A: parity.Answer{Class: 1, Probability: 0.8}, B: parity.Answer{Class: 0, Probability: 0.7}},
			{Sample: 3, A: parity.Answer{Class: 0, Probability: 0.6}, B: parity.Answer{Class: 2, Probability: 0.95}},
		}
		if r.Agree != 1 || r.OnlyA != 1 || r.OnlyB != 1 || len(r.Disagreements) != len(want) {
			t.Fatalf("%s: %+v", name, r)
		}
		for i, w := range want {
			d := r.Disagreements[i]
			near := func(a, b float32) bool { return math.Abs(float64(a)-float64(b)) < 1e-5 }
			if d.Sample != w.Sample || d.A.Class != w.A.Class || d.B.Class != w.B.Class || d.A.Right != w.A.Right || d.B.Right != w.B.Right ||
				!near(d.A.Probability, w.A.Probability) || !near(d.B.Probability, w.B.Probability) {
				t.Errorf("%s: place %d: %+v, want %+v", name, i, d, w)
			}
		}
	}
}

// Classes that are one by their names are no disagreement.
func TestDisagreementsByName(t *testing.T) {
	x := nn.NewTensor(2, 6)
	copy(x.Data, []float32{9, 0, 0, 0, 9, 0 /* 0 and 1 */, 9, 0, 0, 9, 0, 0})
	data := &nn.TensorSamples{X: x, Labels: []int{0, 0}, NumClasses: 3}
	r, err := parity.Models(through(t, 0), through(t, 3), data, data, func(a, b int) bool { return (a+1)%3 == b }, 1)
	if err != nil {
		t.Fatal(err)
	}
	if r.Agree != 1 || len(r.Disagreements) != 1 || r.Disagreements[0].Sample != 1 {
		t.Errorf("%+v", r)
	}
}

// Answers that are not numbers have no probability.
func TestDisagreementsWithNaN(t *testing.T) {
	x := nn.NewTensor(1, 6)
	copy(x.Data, []float32{0, 0, 0, 0, 9, 0})
	data := &nn.TensorSamples{X: x, Labels: []int{1}, NumClasses: 3}
	a := through(t, 0, activation.Must("linear"))
	a.Param("dense.weight").Data[0] = float32(math.NaN())
	r, err := parity.Models(a, through(t, 3), data, data, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Disagreements) != 1 || r.Disagreements[0].A != (parity.Answer{Class: nn.NoClass}) || r.OnlyB != 1 {
		t.Errorf("%+v", r)
	}
	if r, err = parity.Models(a, a, data, data, nil, 1); err != nil || r.Agree != 0 || len(r.Disagreements) != 1 || r.UnansweredA != 1 || r.UnansweredB != 1 {
		t.Errorf("beside itself: %+v, %v", r, err)
	}
}
