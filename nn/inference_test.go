package nn_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

func TestForwardEvaluateAndPredictAgree(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 37, 10, net.InputShape())
	y := forward(t, net, data.X)
	for _, workers := range []int{0, 1, 3} {
		p, err := net.Predict(data, workers)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Shape, []int{37, 10}) || !slices.Equal(p.Data, y.Data) {
			t.Errorf("%d workers: Predict gives other numbers than Forward", workers)
		}
		st, err := net.Evaluate(data, loss.CrossEntropy{}, workers)
		if err != nil {
			t.Fatal(err)
		}
		var want nn.Stats
		for i := range 37 {
			row := y.Sample(i)
			want.Samples++
			want.LossSum += total(loss.CrossEntropy{}.Block(outputs(row), loss.ClassTargets(data.Labels[i]), nn.Block{}, 0))
			if slices.Index(row, slices.Max(row)) == data.Labels[i] {
				want.Correct++
			}
		}
		if st.Samples != 37 || st.Correct != want.Correct || max(st.LossSum-want.LossSum, want.LossSum-st.LossSum) > 1e-9 {
			t.Errorf("%d workers: Evaluate gives %+v, Forward %+v", workers, st, want)
		}
		if got := step(t, nn.NewStepper(net, loss.CrossEntropy{}, workers), data, upTo(37)); got != st {
			t.Errorf("a training step sees %+v, Evaluate %+v", got, st)
		}
	}
}

func TestOneOutputAnswersAboveEvenOdds(t *testing.T) {
	x := nn.NewTensor(4, 1)
	copy(x.Data, []float32{-2, 0.1, 3, -0.1})
	data, err := nn.NewTensorSamples(x, []int{0, 1, 0, 0}, 2)
	if err != nil {
		t.Fatal(err)
	}
	st, err := build(t, nn.Shape{1}, activation.Must("sigmoid")).Evaluate(data, loss.BCE{}, 1)
	if err != nil || st.Correct != 3 || st.Accuracy() != 0.75 {
		t.Errorf("%+v (%v), want 3 of 4 right: 3 is called a 1", st, err)
	}
}

func TestInferenceRefusesWrongData(t *testing.T) {
	net := study(t)
	wrong := randomSamples(t, 3, 10, nn.Shape{1, 28, 28})
	_, err := net.Predict(wrong, 1)
	wantError(t, err, "takes samples of shape (1, 14, 14)", "has (1, 28, 28)")
	_, err = net.Evaluate(wrong, loss.CrossEntropy{}, 1)
	wantError(t, err, "takes samples of shape (1, 14, 14)", "has (1, 28, 28)")
	for _, c := range []struct {
		x     *nn.Tensor
		words []string
	}{
		{nn.NewTensor(2, 1, 28, 28), []string{"takes (N, 1, 14, 14)", "(2, 1, 28, 28)"}},
		{nn.NewTensor(1, 14, 14), []string{"got (1, 14, 14)"}},
		{&nn.Tensor{}, []string{"got ()"}},
		{&nn.Tensor{Shape: []int{2, 1, 14, 14}, Data: make([]float32, 196)}, []string{"196 values", "need 392"}},
		{&nn.Tensor{Shape: []int{-1, 1, 14, 14}}, []string{"(-1, 1, 14, 14)", "0 values"}},
	} {
		y, err := net.Forward(c.x)
		wantError(t, err, c.words...)
		if y != nil {
			t.Error("both an output and an error")
		}
	}
}

func TestNothingInNothingOut(t *testing.T) {
	net := study(t)
	y, err := net.Forward(nn.NewTensor(0, 1, 14, 14))
	if err != nil || len(y.Data) != 0 || y.Shape[0] != 0 {
		t.Errorf("%v, %v", y, err)
	}
	st, err := net.Evaluate(randomSamples(t, 0, 10, net.InputShape()), loss.CrossEntropy{}, 0)
	if err != nil || st != (nn.Stats{}) || st.Loss() != 0 || st.Accuracy() != 0 {
		t.Errorf("%+v, %v", st, err)
	}
}

// Many goroutines share one network. The race detector sees what this cannot.
func TestConcurrentInferenceEqualsSerial(t *testing.T) {
	net := study(t)
	inputs, want := make([]*nn.Tensor, 12), make([]*nn.Tensor, 12)
	for i := range inputs {
		inputs[i] = randomTensor(uint64(i), 1+5*i%24, 1, 14, 14)
		want[i] = forward(t, net, inputs[i])
	}
	data := randomSamples(t, 33, 10, net.InputShape())
	stats, err := net.Evaluate(data, loss.CrossEntropy{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for g := range errs {
		wg.Go(func() {
			for k := range inputs {
				i := (k + g) % len(inputs)
				if y, err := net.Forward(inputs[i]); err != nil || !slices.Equal(y.Data, want[i].Data) {
					errs[g] = fmt.Errorf("input %d gives other numbers (%v)", i, err)
				}
			}
			if st, err := net.Evaluate(data, loss.CrossEntropy{}, 2); err != nil || st != stats {
				errs[g] = fmt.Errorf("evaluation gives %+v (%v)", st, err)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestArgMaxIsTheFirstOfTheLargest(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		v    []float32
		want int
	}{{[]float32{1}, 0}, {[]float32{0, 2, 2}, 1}, {[]float32{-3, -1, -2}, 1}, {[]float32{5, 5, 5}, 0},
		{nil, -1}, {[]float32{nan}, -1}, {[]float32{nan, 1, nan, 2, 1}, 3}, {[]float32{-inf, nan}, 0}, {[]float32{1, inf, nan}, 1}} {
		if got := nn.ArgMax(c.v); got != c.want {
			t.Errorf("ArgMax%v = %d, want %d", c.v, got, c.want)
		}
	}
}
