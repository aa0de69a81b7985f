package loss_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Loss and gradient are as precise as exponentials in float32 allow, relative to their
// own size: where the answer is nearly perfect, and where thousands are added up.
func TestCrossEntropyKeepsItsRelativePrecision(t *testing.T) {
	many := randomTensor(3, 3000).Data
	for _, c := range []struct {
		logits []float32
		label  int
	}{
		{[]float32{20.3, 0.7, -5.1}, 0},
		{[]float32{20.3, 0.7, -5.1}, 2},
		{[]float32{-40.2, 3.3, 44.4, 1.1}, 2},
		{[]float32{7, 7}, 1},
		{[]float32{5}, 0},
		{many, 0},
		{many, 2999},
	} {
		dout := op.NewBlock(op.Shape{len(c.logits)})
		got := total(loss.CrossEntropy{}.Block(outputs(c.logits), loss.ClassTargets(c.label), dout, 0.5))
		z := float64s(c.logits)
		others := 0.0 // Σ e^(z[k] − z[label]) without the label
		for k, v := range z {
			if k != c.label {
				others += math.Exp(v - z[c.label])
			}
		}
		for k, d := range lane(dout, 0) {
			want := 0.5 * math.Exp(z[k]-z[c.label]) / (1 + others)
			if k == c.label {
				want = -0.5 * others / (1 + others)
			}
			// Adding 64 numbers, exponentials, and their exponents, which are rounded.
			if bound := (80 + 2*math.Abs(z[k]-z[c.label])) / (1 << 24); !(math.Abs(float64(d)-want) <= bound*math.Abs(want)) {
				t.Fatalf("%d classes, label %d: gradient of logit %d is %g, want %g", len(z), c.label, k, d, want)
			}
		}
		if want := math.Log1p(others); !(math.Abs(got-want) <= 1e-5*want) {
			t.Errorf("%d classes, label %d: loss %g, want %g", len(z), c.label, got, want)
		}
	}
}

// A network that has diverged shows it in the loss of its sample, and nowhere else.
func TestCrossEntropyOfNumbersThatAreNone(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, bad := range [][]float32{
		{nan, 1, 2}, {1, nan, 2}, {1, 2, nan}, {nan, nan, nan}, {inf, 1, 2}, {1, inf, 2}, {inf, inf, 0},
		{-inf, 1, 2}, {-inf, -inf, -inf}, {inf, nan, 1},
	} {
		fine := []float32{1, 2, 3}
		dout := op.NewBlock(op.Shape{3})
		got := total(loss.CrossEntropy{}.Block(outputs(bad, fine), loss.ClassTargets(0, 1), dout, 1))
		if !math.IsNaN(got) && !math.IsInf(got, 0) {
			t.Errorf("%v: loss %g", bad, got)
		}
		alone := op.NewBlock(op.Shape{3})
		loss.CrossEntropy{}.Block(outputs(fine), loss.ClassTargets(1), alone, 1)
		near(t, fmt.Sprintf("gradient beside %v", bad), lane(dout, 1), lane(alone, 0), 0)
		// In a lane without a label they are nothing.
		got = total(loss.CrossEntropy{}.Block(outputs(fine, bad), loss.ClassTargets(1), dout, 1))
		if want := math.Log(math.Exp(-1) + 1 + math.E); math.Abs(got-want) > 1e-6 {
			t.Errorf("loss beside %v is %g, want %g", bad, got, want)
		}
		for k, d := range lane(dout, 1) {
			if d != 0 {
				t.Errorf("%v without a label: gradient %g of logit %d", bad, d, k)
			}
		}
	}
}

// Smoothed labels keep an answer finite whatever the logits: the largest costs its
// share of the others, and so does one that is far below.
func TestSmoothedCrossEntropyOfHugeLogits(t *testing.T) {
	l := loss.CrossEntropy{Smoothing: 0.3} // of three classes: 0.8, 0.1, 0.1
	for _, c := range []struct {
		logits []float32
		label  int
		want   float64
		grad   []float32
	}{
		{[]float32{1e4, 0, 0}, 0, 2e3, []float32{0.2, -0.1, -0.1}},
		{[]float32{1e4, 0, 0}, 1, 9e3, []float32{0.9, -0.8, -0.1}},
		{[]float32{-1e30, -1e30, -1e30}, 2, math.Log(3), []float32{1./3 - 0.1, 1./3 - 0.1, 1./3 - 0.8}},
		{[]float32{5, 5, 5}, 0, math.Log(3), []float32{1./3 - 0.8, 1./3 - 0.1, 1./3 - 0.1}},
	} {
		dout := op.NewBlock(op.Shape{3})
		got := total(l.Block(outputs(c.logits), loss.ClassTargets(c.label), dout, 1))
		if math.Abs(got-c.want) > 1e-12*max(1, c.want) {
			t.Errorf("%v: loss %.15g, want %.15g", c.logits, got, c.want)
		}
		near(t, fmt.Sprintf("gradient at %v", c.logits), lane(dout, 0), c.grad, 1e-7)
	}
}
