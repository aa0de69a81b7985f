package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// outputs is a block whose lane l holds rows[l].
func outputs(rows ...[]float32) nn.Block {
	b := nn.NewBlock(nn.Shape{len(rows[0])})
	for l, row := range rows {
		b.SetSample(l, row)
	}
	return b
}

func lane(b nn.Block, l int) []float32 {
	v := make([]float32, b.Shape.Size())
	b.Sample(l, v)
	return v
}

// Losses of one sample as their definitions say, in float64.
var lossFormulas = []struct {
	loss  nn.Loss
	value func(out []float64, label int) float64
}{
	{nn.CrossEntropy{}, func(z []float64, label int) float64 {
		var sum float64
		for _, v := range z {
			sum += math.Exp(v - z[label])
		}
		return math.Log(sum)
	}},
	{nn.MSE{}, meanOver(func(p, t float64) float64 { return (p - t) * (p - t) })},
	{nn.BCE{Semantics: nn.PyTorch}, meanOver(bce)},
	{nn.BCE{Semantics: nn.Keras}, meanOver(bce)},
}

func bce(p, t float64) float64 { return -t*math.Log(p) - (1-t)*math.Log(1-p) }

func meanOver(f func(p, t float64) float64) func([]float64, int) float64 {
	return func(out []float64, label int) (sum float64) {
		for k, p := range out {
			t := 0.0
			if k == label || len(out) == 1 && label == 1 {
				t = 1
			}
			if len(out) == 1 && label == 0 {
				t = 0
			}
			sum += f(p, t) / float64(len(out))
		}
		return sum
	}
}

func TestLossesAndTheirGradients(t *testing.T) {
	const h, scale = 1e-6, 0.25
	for _, c := range lossFormulas {
		for _, rows := range [][][]float32{
			{{0.1, 0.7, 0.3}, {0.9, 0.05, 0.5}, {0.2, 0.2, 0.99}}, // 3 of 16 lanes
			{{0.25}, {0.75}}, // one output
		} {
			if _, ce := c.loss.(nn.CrossEntropy); ce && len(rows[0]) == 1 {
				continue
			}
			labels := []int{1, 0, 2}[:len(rows)]
			out := outputs(rows...)
			for i := range out.Data { // lanes without a sample hold what biases left there
				if i%nn.Lanes >= len(rows) {
					out.Data[i] = 0.5
				}
			}
			dout := nn.NewBlock(out.Shape)
			for i := range dout.Data {
				dout.Data[i] = float32(math.NaN()) // must be overwritten
			}
			got := c.loss.Block(out, labels, dout, scale)

			var want float64
			for l, label := range labels {
				row := float64s(rows[l])
				want += c.value(row, label)
				slope := make([]float32, len(row))
				for k, at := range row {
					row[k] = at + h
					up := c.value(row, label)
					row[k] = at - h
					slope[k] = float32(scale * (up - c.value(row, label)) / (2 * h))
					row[k] = at
				}
				near(t, c.loss.Name()+" gradient", lane(dout, l), slope, 1e-6)
			}
			tolerance := 1e-12
			if _, ce := c.loss.(nn.CrossEntropy); ce { // exponentials in float32, of a few ulp
				tolerance = 5e-7
			}
			if math.Abs(got-want) > tolerance {
				t.Errorf("%s is %.15g, want %.15g", c.loss.Name(), got, want)
			}
			for i, d := range dout.Data {
				if i%nn.Lanes >= len(labels) && d != 0 {
					t.Fatalf("%s: gradient %g in a lane without a sample", c.loss.Name(), d)
				}
			}
			if alone := c.loss.Block(out, labels, nn.Block{}, 0); alone != got {
				t.Errorf("%s is %g without and %g with gradients", c.loss.Name(), alone, got)
			}
		}
	}
}

func TestCrossEntropyOfHugeLogits(t *testing.T) {
	for _, c := range []struct {
		logits []float32
		label  int
		want   float64
		grad   []float32
	}{
		{[]float32{1e4, 0, 0}, 0, 0, []float32{0, 0, 0}},
		{[]float32{1e4, 0, 0}, 1, 1e4, []float32{1, -1, 0}},
		{[]float32{-1e30, -1e30}, 0, math.Ln2, []float32{-0.5, 0.5}},
		{[]float32{3e38, -3e38}, 1, float64(float32(3e38)) * 2, []float32{1, -1}},
		{[]float32{0, 0, 0, 0}, 2, math.Log(4), []float32{0.25, 0.25, -0.75, 0.25}},
	} {
		dout := nn.NewBlock(nn.Shape{len(c.logits)})
		got := nn.CrossEntropy{}.Block(outputs(c.logits), []int{c.label}, dout, 1)
		if math.Abs(got-c.want) > 1e-12*max(1, c.want) {
			t.Errorf("%v: loss %g, want %g", c.logits, got, c.want)
		}
		for k, d := range lane(dout, 0) {
			if math.Abs(float64(d-c.grad[k])) > 1e-7 {
				t.Errorf("%v: gradient %v, want %v", c.logits, lane(dout, 0), c.grad)
				break
			}
		}
	}
}

// A classifier that answers one half knows nothing: ¼ and ln 2, of one output and
// of any number of them.
func TestLossesOfKnowingNothing(t *testing.T) {
	for _, out := range [][]float32{{0.5}, {0.5, 0.5}, {0.5, 0.5, 0.5}} {
		for _, label := range []int{0, 1} {
			for loss, want := range map[nn.Loss]float64{
				nn.MSE{}: 0.25, nn.BCE{Semantics: nn.PyTorch}: math.Ln2, nn.BCE{Semantics: nn.Keras}: math.Ln2,
			} {
				if got := loss.Block(outputs(out), []int{label}, nn.Block{}, 0); math.Abs(got-want) > 1e-15 {
					t.Errorf("%s of %v: %g, want %g", loss.Name(), out, got, want)
				}
			}
		}
	}
}

// Values and gradients printed by torch 2.15.0 (BCELoss) and keras 3.15.1 on
// tensorflow 2.21.0 (BinaryCrossentropy) for one output.
func TestBCEAtTheEndsEqualsTheFrameworks(t *testing.T) {
	for _, c := range []struct {
		semantics  nn.Semantics
		p          float32
		label      int
		value, grd float64
	}{
		{nn.PyTorch, 0, 0, 0, 0},
		{nn.PyTorch, 0, 1, 100, -1e12},
		{nn.PyTorch, 1, 0, 100, 1e12},
		{nn.PyTorch, 1, 1, 0, 0},
		{nn.PyTorch, 1e-8, 1, 18.42068099975586, -1e8},
		{nn.PyTorch, 0.99999988, 0, 15.942384719848633, 8388608},
		{nn.Keras, 0, 0, 1.19e-7, 0},
		{nn.Keras, 0, 1, 16.11809539794922, 0},
		{nn.Keras, 1e-8, 1, 16.11809539794922, 0},
		{nn.Keras, 1e-7, 1, 16.11809539794922, -1e7},
		{nn.Keras, 0.99999988, 0, 15.942384719848633, 8388608},
		{nn.Keras, 0.99999994, 0, 15.942384719848633, 0},
		{nn.Keras, 1, 0, 15.942384719848633, 0},
		{nn.Keras, 1, 1, 1.1920928955078125e-07, 0},
	} {
		dout := nn.NewBlock(nn.Shape{1})
		got := nn.BCE{Semantics: c.semantics}.Block(outputs([]float32{c.p}), []int{c.label}, dout, 1)
		// 5e-8 is float32's 1 − p, in which the frameworks take the logarithm.
		if math.Abs(got-c.value) > 5e-8+1e-7*c.value || math.Abs(float64(dout.Data[0])-c.grd) > 1e-6*math.Abs(c.grd) {
			t.Errorf("%v at p = %g, label %d: %g with derivative %g, want %g and %g",
				c.semantics, c.p, c.label, got, dout.Data[0], c.value, c.grd)
		}
	}
}

func TestParseLoss(t *testing.T) {
	for _, name := range []string{"cross-entropy", "mse", "bce"} {
		l, err := nn.ParseLoss(name, nn.Keras)
		if err != nil || l.Name() != name {
			t.Errorf("%s gives %v, %v", name, l, err)
		}
		if l.Probabilities() != (name != "cross-entropy") {
			t.Errorf("%s is on the wrong kind of output", name)
		}
	}
	if l, _ := nn.ParseLoss("bce", nn.Keras); l != (nn.BCE{Semantics: nn.Keras}) {
		t.Errorf("bce in Keras is %+v", l)
	}
	l, err := nn.ParseLoss("hinge", nn.PyTorch)
	wantError(t, err, `unknown loss "hinge"`, "cross-entropy, mse, bce")
	if l != nil {
		t.Error("both a loss and an error")
	}
}
