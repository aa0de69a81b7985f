package loss_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// weightsOfTen are class weights whose sums do not come out even.
var weightsOfTen = []float64{0.3, 1, 2.7, 0, 1.1, 5, 0.01, 1, 1, 0.7}

// alone is one sample as a data set.
func alone(s *nn.TensorSamples, i int) nn.Samples {
	shape := append([]int{1}, s.X.Shape[1:]...)
	return &nn.TensorSamples{X: &nn.Tensor{Shape: shape, Data: s.X.Sample(i)}, Labels: s.Labels[i : i+1], NumClasses: s.NumClasses}
}

// The two frameworks' means over the same sum: by the weights of the labels, and by the
// number of samples.
func TestDenominatorsOfWeightedMeans(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 33, 10, net.InputShape())
	var sum, weight float64
	for i := range 33 {
		one, err := net.Evaluate(alone(data, i), loss.CrossEntropy{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		sum += weightsOfTen[data.Labels[i]] * one.Loss()
		weight += weightsOfTen[data.Labels[i]]
	}
	for _, c := range []struct {
		semantics nn.Semantics
		want      float64
	}{{nn.PyTorch, sum / weight}, {nn.Keras, sum / 33}} {
		loss, err := loss.WithClassWeights(loss.CrossEntropy{}, weightsOfTen, c.semantics)
		if err != nil {
			t.Fatal(err)
		}
		st := step(t, nn.NewStepper(net, loss, 2), data, upTo(33))
		if math.Abs(st.Loss()-c.want) > 1e-12 {
			t.Errorf("%v: loss of a batch %.15g, want %.15g", c.semantics, st.Loss(), c.want)
		}
		all, err := net.Evaluate(data, loss, 2)
		if err != nil || all != st {
			t.Errorf("%v: evaluated %+v, error %v, want the step's %+v", c.semantics, all, err, st)
		}
	}
}

// Equal weights change nothing in PyTorch, and double the loss in Keras if they are 2.
func TestEqualClassWeights(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 21, 10, net.InputShape())
	twos := slices.Repeat([]float64{2}, 10)
	plain := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	st := step(t, plain, data, upTo(21))
	for semantics, times := range map[nn.Semantics]float32{nn.PyTorch: 1, nn.Keras: 2} {
		loss, err := loss.WithClassWeights(loss.CrossEntropy{}, twos, semantics)
		if err != nil {
			t.Fatal(err)
		}
		s := nn.NewStepper(net, loss, 1)
		if got := step(t, s, data, upTo(21)); math.Abs(got.Loss()-float64(times)*st.Loss()) > 1e-12 {
			t.Errorf("%v: loss %g, without weights %g", semantics, got.Loss(), st.Loss())
		}
		for p, g := range s.Grads() {
			want := slices.Clone(plain.Grads()[p])
			for i := range want {
				want[i] *= times
			}
			near(t, semantics.String()+": gradient of "+p.FullName(), g, want, 1e-6)
		}
	}
}

func TestWeightedGradientsAreTheSameBitsForAnyNumberOfWorkers(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 100, 10, net.InputShape())
	for _, loss := range []nn.Loss{
		loss.CrossEntropy{Smoothing: 0.1, Weights: weightsOfTen},
		loss.ClassWeighted{Loss: loss.CrossEntropy{Smoothing: 0.1}, Weights: weightsOfTen},
		loss.ClassWeighted{Loss: loss.BCELogits{PosWeight: weightsOfTen}, Weights: weightsOfTen},
	} {
		for _, n := range []int{1, 17, 100} {
			first := nn.NewStepper(net, loss, 1)
			want := step(t, first, data, upTo(n))
			for _, workers := range []int{2, 3, 8} {
				s := nn.NewStepper(net, loss, workers)
				if st := step(t, s, data, upTo(n)); st != want {
					t.Errorf("%s: batch of %d, %d workers: %+v, one gives %+v", loss.Name(), n, workers, st, want)
				}
				for p, g := range s.Grads() {
					if !slices.Equal(g, first.Grads()[p]) {
						t.Errorf("%s: batch of %d, %d workers: other bits in the gradient of %s", loss.Name(), n, workers, p.FullName())
					}
				}
			}
		}
	}
}

func TestABatchWithoutWeightIsRefused(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 10, 10, net.InputShape())
	none := slices.Repeat([]float64{0}, 10)
	none[data.Labels[9]] = 1
	loss := loss.CrossEntropy{Weights: none}
	s := nn.NewStepper(net, loss, 1)
	_, err := s.Step(data, upTo(9))
	wantError(t, err, "weight is 0", "larger batches")
	if st := step(t, s, data, upTo(10)); st.Weight != 1 || st.Samples != 10 {
		t.Errorf("with one sample that counts: %+v", st)
	}
	st, err := net.Evaluate(alone(data, 0), loss, 1)
	wantError(t, err, "weight is 0")
	if st != (nn.Stats{}) {
		t.Errorf("both %+v and an error", st)
	}
}

func TestClassWeightsMustFit(t *testing.T) {
	two := []float64{1, 2}
	nan := []float64{1, math.NaN(), 1}
	wantError(t, loss.CrossEntropy{Weights: two}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "2 class weights for 3 classes")
	wantError(t, loss.ClassWeighted{Loss: loss.MSE{}, Weights: two}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "2 class weights for 3 classes")
	wantError(t, loss.ClassWeighted{Loss: loss.MSE{}, Weights: nan}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "class weight NaN")
	wantError(t, loss.ClassWeighted{Loss: loss.MSE{}, Weights: two}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 2}), "3 outputs", "2 classes")
	wantError(t, loss.CrossEntropy{Smoothing: 2}.Check(nn.Shape{3}, loss.TargetSpec{Classes: 3}), "label smoothing 2")
	if err := (loss.ClassWeighted{Loss: loss.BCE{}, Weights: two}).Check(nn.Shape{1}, loss.TargetSpec{Classes: 2}); err != nil {
		t.Errorf("one output, two classes: %v", err)
	}
	_, err := loss.WithClassWeights(loss.MSE{}, two, nn.PyTorch)
	wantError(t, err, "PyTorch has none for mse", "cross-entropy")
}

func TestParseClassWeights(t *testing.T) {
	w := []float64{1, 0, 0.1, 1e-7, 4.0 / 3}
	got, err := loss.ParseClassWeights(loss.FormatClassWeights(w))
	if err != nil || !slices.Equal(got, w) {
		t.Errorf("%v reads back as %v, %v", w, got, err)
	}
	for list, words := range map[string]string{
		"": `"" is not a finite number`, "1,x": `"x" is not`, "1,-1": "class weight -1", "0,0": "all class weights are 0", "1,Inf": `"Inf" is not`,
	} {
		_, err := loss.ParseClassWeights(list)
		wantError(t, err, "class weights: ", words)
	}
}

// The values that sklearn.utils.class_weight.compute_class_weight("balanced") gives.
func TestBalancedWeights(t *testing.T) {
	got, err := loss.BalancedWeights([]int{3, 1, 2})
	if want := []float64{2.0 / 3, 2, 1}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	_, err = loss.BalancedWeights([]int{3, 1, 2, 0})
	wantError(t, err, "class 3 has no samples")
}
