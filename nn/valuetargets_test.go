package nn_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// formulas are losses of one output v and its target t in float64, with the derivative.
var formulas = []struct {
	loss nn.Loss
	f    func(v, t float64) (loss, d float64)
	prob bool // outputs and targets lie between 0 and 1
}{
	{loss.MSE{}, func(v, t float64) (float64, float64) { return (v - t) * (v - t), 2 * (v - t) }, false},
	{loss.Huber{Delta: 0.5}, func(v, t float64) (float64, float64) {
		if e := v - t; math.Abs(e) > 0.5 {
			return 0.5 * (math.Abs(e) - 0.25), 0.5 * e / math.Abs(e)
		}
		return (v - t) * (v - t) / 2, v - t
	}, false},
	{loss.BCE{}, func(p, t float64) (float64, float64) {
		return -t*math.Log(p) - (1-t)*math.Log(1-p), (p - t) / (p * (1 - p))
	}, true},
	{loss.BCELogits{}, func(z, t float64) (float64, float64) {
		p := 1 / (1 + math.Exp(-z))
		return -t*math.Log(p) - (1-t)*math.Log(1-p), p - t
	}, true},
}

// Losses of numbers: several labels of 0 and 1 a sample, vectors between, and maps.
func TestLossesOfNumbers(t *testing.T) {
	const n = 21
	for _, c := range formulas {
		for _, shape := range []nn.Shape{{5}, {1}, {2, 3, 4}} {
			for _, labels := range []bool{true, false} {
				last := nn.Layer(activation.Must("linear"))
				if c.loss.Probabilities() && c.prob {
					last = activation.Must("sigmoid")
				}
				net := build(t, shape, last)
				y := randomTensor(2, append([]int{n}, shape...)...)
				for i, v := range y.Data {
					switch {
					case labels:
						y.Data[i] = float32(i % 3 % 2)
					case c.prob:
						y.Data[i] = float32(1 / (1 + math.Exp(-float64(v))))
					}
				}
				data, err := nn.NewTensorTargets(randomTensor(1, append([]int{n}, shape...)...), y)
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%s of %v, labels %v", c.loss.Name(), shape, labels)
				outputs := forward(t, net, data.X)
				var sum float64
				dy := make([]float32, len(y.Data))
				for i, v := range outputs.Data {
					loss, d := c.f(float64(v), float64(y.Data[i]))
					sum += loss / float64(shape.Size())
					dy[i] = float32(d / n / float64(shape.Size()))
				}
				s := nn.NewStepper(net, c.loss, 2)
				if err := s.Observe(nil, []string{net.Outputs()[0].Name}); err != nil {
					t.Fatal(err)
				}
				st, err := s.Step(data, upTo(n))
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if st.Samples != n || st.Weight != n || st.Correct != 0 || math.Abs(st.Loss()-sum/n) > 1e-6*sum/n {
					t.Errorf("%s: %+v, want a loss of %g", what, st, sum/n)
				}
				_, grads := s.Observed()
				near(t, what+": gradient", grads[net.Outputs()[0].Name].Data, dy, 1e-6)
				if all, err := net.Evaluate(data, c.loss, 2); err != nil || math.Abs(all.LossSum-st.LossSum) > 1e-6*sum {
					t.Errorf("%s: Evaluate gives %+v, %v", what, all, err)
				}
			}
		}
	}
}

func TestLossesRefuseNumbersThatDoNotFit(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Dense{Out: 3})
	data := func(shape ...int) nn.Dataset {
		d, err := nn.NewTensorTargets(randomTensor(1, 5, 4), randomTensor(2, append([]int{5}, shape...)...))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	weighted, err := loss.WithClassWeights(loss.BCELogits{}, []float64{1, 2, 3}, nn.Keras)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		loss  nn.Loss
		data  nn.Dataset
		words []string
	}{
		{loss.CrossEntropy{}, data(3), []string{"cross-entropy is of classes", "targets of shape (3)"}},
		{weighted, data(3), []string{"class"}},
		{loss.MSE{}, data(4), []string{"(3)", "targets of shape (4)"}},
		{loss.BCELogits{}, data(3, 1, 1), []string{"(3)", "targets of shape (3, 1, 1)"}},
		{loss.MSE{}, unlabelled{data(3)}, []string{"neither labels nor targets"}},
	} {
		_, err := nn.NewStepper(net, c.loss, 1).Step(c.data, upTo(5))
		wantError(t, err, c.words...)
		_, err = net.Evaluate(c.data, c.loss, 1)
		wantError(t, err, c.words...)
	}
}

// unlabelled is data without targets.
type unlabelled struct{ nn.Dataset }

// A stepper that has seen numbers as targets takes labels for labels.
func TestNumbersAndThenLabels(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Dense{Out: 3}, activation.Must("sigmoid"))
	randomize(net, 1)
	labelled := randomSamples(t, 20, 3, nn.Shape{4})
	numbers, err := nn.NewTensorTargets(labelled.X, randomTensor(3, 20, 3))
	if err != nil {
		t.Fatal(err)
	}
	want := step(t, nn.NewStepper(net, loss.MSE{}, 1), labelled, upTo(20))
	s := nn.NewStepper(net, loss.MSE{}, 1)
	if _, err := s.Step(numbers, upTo(20)); err != nil {
		t.Fatal(err)
	}
	if got := step(t, s, labelled, upTo(20)); got != want {
		t.Errorf("%+v, without numbers before %+v", got, want)
	}
}
