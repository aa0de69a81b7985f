package loss_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// outputs is a block whose lane l holds rows[l].
func outputs(rows ...[]float32) op.Block {
	b := op.NewBlock(op.Shape{len(rows[0])})
	for l, row := range rows {
		b.SetSample(l, row)
	}
	return b
}

// total is the sum of a block's losses.
func total(losses [op.Lanes]float64) (sum float64) {
	for _, v := range losses {
		sum += v
	}
	return sum
}

func lane(b op.Block, l int) []float32 {
	v := make([]float32, b.Shape.Size())
	b.Sample(l, v)
	return v
}

// Losses of one sample as their definitions say, in float64.
var lossFormulas = []struct {
	loss  loss.Loss
	value func(out []float64, label int) float64
}{
	{loss.CrossEntropy{}, crossEntropy(0, []float64{1, 1, 1})},
	{loss.CrossEntropy{Smoothing: 0.1}, crossEntropy(0.1, []float64{1, 1, 1})},
	{loss.CrossEntropy{Smoothing: 1}, crossEntropy(1, []float64{1, 1, 1})},
	{loss.CrossEntropy{Weights: []float64{0.5, 3, 0}}, crossEntropy(0, []float64{0.5, 3, 0})},
	{loss.CrossEntropy{Smoothing: 0.25, Weights: []float64{0.5, 3, 0}}, crossEntropy(0.25, []float64{0.5, 3, 0})},
	{loss.ClassWeighted{Loss: loss.CrossEntropy{Smoothing: 0.25}, Weights: []float64{0.5, 3, 2}},
		weighted(crossEntropy(0.25, []float64{1, 1, 1}), []float64{0.5, 3, 2})},
	{loss.ClassWeighted{Loss: loss.BCELogits{}, Weights: []float64{0.5, 3, 0}}, weighted(meanOver(bceLogits(1)), []float64{0.5, 3, 0})},
	{loss.BCELogits{}, meanOver(bceLogits(1))},
	{loss.BCELogits{PosWeight: []float64{3}}, meanOver(bceLogits(3))},
	{loss.Huber{}, meanOver(huber(1))},
	{loss.Huber{Delta: 0.5}, meanOver(huber(0.5))},
	{loss.MSE{}, meanOver(func(p, t float64) float64 { return (p - t) * (p - t) })},
	{loss.BCE{Semantics: op.PyTorch}, meanOver(bce)},
	{loss.BCE{Semantics: op.Keras}, meanOver(bce)},
}

// crossEntropy is −Σ t·ln softmax(z), t being the smoothed label times the weights.
func crossEntropy(smoothing float64, weights []float64) func([]float64, int) float64 {
	return func(z []float64, label int) (sum float64) {
		for k := range z {
			t := smoothing / float64(len(z))
			if k == label {
				t += 1 - smoothing
			}
			var all float64
			for _, v := range z {
				all += math.Exp(v - z[k])
			}
			sum += weights[k] * t * math.Log(all)
		}
		return sum
	}
}

func weighted(f func([]float64, int) float64, weights []float64) func([]float64, int) float64 {
	return func(out []float64, label int) float64 { return weights[label] * f(out, label) }
}

func bceLogits(w float64) func(z, t float64) float64 {
	return func(z, t float64) float64 {
		p := 1 / (1 + math.Exp(-z))
		return -w*t*math.Log(p) - (1-t)*math.Log(1-p)
	}
}

func huber(delta float64) func(p, t float64) float64 {
	return func(p, t float64) float64 {
		e := math.Abs(p - t)
		if e <= delta {
			return e * e / 2
		}
		return delta*e - delta*delta/2
	}
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
			classes := max(2, len(rows[0]))
			if c.loss.Check(op.Shape{len(rows[0])}, loss.TargetSpec{Classes: classes}) != nil {
				continue // this loss has no use for a single output
			}
			labels := []int{1, 0, 2}[:len(rows)]
			out := outputs(rows...)
			for i := range out.Data { // lanes without a sample hold what biases left there
				if i%op.Lanes >= len(rows) {
					out.Data[i] = 0.5
				}
			}
			dout := op.NewBlock(out.Shape)
			for i := range dout.Data {
				dout.Data[i] = float32(math.NaN()) // must be overwritten
			}
			losses := c.loss.Block(out, loss.ClassTargets(labels...), dout, scale)
			got := total(losses)

			var want float64
			for l, label := range labels {
				row := float64s(rows[l])
				value := c.value(row, label)
				if math.Abs(losses[l]-value) > 5e-7 {
					t.Errorf("%s of sample %d is %.15g, want %.15g", c.loss.Name(), l, losses[l], value)
				}
				want += value
				slope := make([]float32, len(row))
				for k, at := range row {
					row[k] = at + h
					up := c.value(row, label)
					row[k] = at - h
					slope[k] = float32(scale * (up - c.value(row, label)) / (2 * h))
					row[k] = at
				}
				if norm(slope) > 1e-9 { // of a class without weight it is 0
					near(t, c.loss.Name()+" gradient", lane(dout, l), slope, 1e-6)
				} else if norm(lane(dout, l)) > 1e-9 {
					t.Errorf("%s gradient is %g, want 0", c.loss.Name(), lane(dout, l))
				}
			}
			tolerance := 1e-12
			if !c.loss.Probabilities() { // softmax takes exponentials in float32, of a few ulp
				tolerance = 5e-7
			}
			if math.Abs(got-want) > tolerance {
				t.Errorf("%s is %.15g, want %.15g", c.loss.Name(), got, want)
			}
			for i, d := range dout.Data {
				if i%op.Lanes >= len(labels) && d != 0 {
					t.Fatalf("%s: gradient %g in a lane without a sample", c.loss.Name(), d)
				}
			}
			if alone := c.loss.Block(out, loss.ClassTargets(labels...), op.Block{}, 0); alone != losses {
				t.Errorf("%s is %g without and %g with gradients", c.loss.Name(), alone, losses)
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
		dout := op.NewBlock(op.Shape{len(c.logits)})
		got := total(loss.CrossEntropy{}.Block(outputs(c.logits), loss.ClassTargets(c.label), dout, 1))
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
			for l, want := range map[loss.Loss]float64{
				loss.MSE{}: 0.25, loss.Huber{}: 0.125, loss.BCE{Semantics: op.PyTorch}: math.Ln2, loss.BCE{Semantics: op.Keras}: math.Ln2,
			} {
				if got := total(l.Block(outputs(out), loss.ClassTargets(label), op.Block{}, 0)); math.Abs(got-want) > 1e-15 {
					t.Errorf("%s of %v: %g, want %g", l.Name(), out, got, want)
				}
			}
		}
	}
}

// Values and gradients printed by torch 2.15.0 (BCELoss) and keras 3.15.1 on
// tensorflow 2.21.0 (BinaryCrossentropy) for one output.
func TestBCEAtTheEndsEqualsTheFrameworks(t *testing.T) {
	for _, c := range []struct {
		semantics  op.Semantics
		p          float32
		label      int
		value, grd float64
	}{
		{op.PyTorch, 0, 0, 0, 0},
		{op.PyTorch, 0, 1, 100, -1e12},
		{op.PyTorch, 1, 0, 100, 1e12},
		{op.PyTorch, 1, 1, 0, 0},
		{op.PyTorch, 1e-8, 1, 18.42068099975586, -1e8},
		{op.PyTorch, 0.99999988, 0, 15.942384719848633, 8388608},
		{op.Keras, 0, 0, 1.19e-7, 0},
		{op.Keras, 0, 1, 16.11809539794922, 0},
		{op.Keras, 1e-8, 1, 16.11809539794922, 0},
		{op.Keras, 1e-7, 1, 16.11809539794922, -1e7},
		{op.Keras, 0.99999988, 0, 15.942384719848633, 8388608},
		{op.Keras, 0.99999994, 0, 15.942384719848633, 0},
		{op.Keras, 1, 0, 15.942384719848633, 0},
		{op.Keras, 1, 1, 1.1920928955078125e-07, 0},
	} {
		dout := op.NewBlock(op.Shape{1})
		got := total(loss.BCE{Semantics: c.semantics}.Block(outputs([]float32{c.p}), loss.ClassTargets(c.label), dout, 1))
		// 5e-8 is float32's 1 − p, in which the frameworks take the logarithm.
		if math.Abs(got-c.value) > 5e-8+1e-7*c.value || math.Abs(float64(dout.Data[0])-c.grd) > 1e-6*math.Abs(c.grd) {
			t.Errorf("%v at p = %g, label %d: %g with derivative %g, want %g and %g",
				c.semantics, c.p, c.label, got, dout.Data[0], c.value, c.grd)
		}
	}
}
