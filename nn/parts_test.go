package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Two steppers, each with a part of a batch and the weight of all of it: their gradients and
// statistics add up to those of the whole. So another process can join in.
func TestPartsOfABatchAddUpToTheWhole(t *testing.T) {
	net := study(t)
	const n = 50
	data := randomSamples(t, n, 10, net.InputShape())
	classWeights := []float64{1, 2, 0.5, 1, 1, 3, 1, 1, 0.25, 1}
	weighted, err := nn.WithClassWeights(nn.CrossEntropy{}, classWeights, nn.PyTorch)
	if err != nil {
		t.Fatal(err)
	}
	for _, loss := range []nn.Loss{nn.CrossEntropy{}, weighted} {
		want := nn.NewStepper(net, loss, 2)
		whole := step(t, want, data, upTo(n))
		var sum nn.Stats
		total := nn.Grads{}
		for _, part := range [][]int{upTo(n)[:32], upTo(n)[32:]} {
			s := nn.NewStepper(net, loss, 2)
			st, err := s.Run(data, part, whole.Weight)
			if err != nil {
				t.Fatal(err)
			}
			sum.Add(st)
			for p, g := range s.Reduce() {
				if total[p] == nil {
					total[p] = make([]float32, len(g))
				}
				for i, v := range g {
					total[p][i] += v
				}
			}
		}
		if sum.Samples != n || sum.Correct != whole.Correct || math.Abs(sum.LossSum-whole.LossSum) > 1e-9 || math.Abs(sum.Weight-whole.Weight) > 1e-9 {
			t.Errorf("%s: parts %+v, the whole %+v", loss.Name(), sum, whole)
		}
		for p, g := range want.Grads() {
			near(t, loss.Name()+": gradient of "+p.FullName(), total[p], g, 1e-6)
		}
	}
}

func TestRunChecksItsWeight(t *testing.T) {
	net := study(t)
	s := nn.NewStepper(net, nn.CrossEntropy{}, 1)
	for _, weight := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err := s.Run(randomSamples(t, 4, 10, net.InputShape()), upTo(4), weight)
		wantError(t, err, "weight of the batch", "above 0")
	}
	for _, g := range s.Reduce() { // before the first run
		if slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
			t.Error("gradients without a run")
		}
	}
}
