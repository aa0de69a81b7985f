package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Several steppers, each with a part of a batch, of any size, and the weight of all of it: their gradients and
// statistics add up to those of the whole. So another process can join in.
func TestPartsOfABatchAddUpToTheWhole(t *testing.T) {
	net := build(t, nn.Shape{1, 8, 9}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel"), layer.Dropout{Rate: 0.4},
		layer.Flatten{}, layer.Dense{Out: 10})
	randomize(net, 1)
	const n = 50
	data := randomSamples(t, n, 10, net.InputShape())
	classWeights := []float64{1, 2, 0.5, 1, 1, 3, 1, 1, 0.25, 1}
	weighted, err := loss.WithClassWeights(loss.CrossEntropy{}, classWeights, nn.PyTorch)
	if err != nil {
		t.Fatal(err)
	}
	for _, loss := range []nn.Loss{loss.CrossEntropy{}, weighted} {
		want := nn.NewStepper(net, loss, 2)
		want.Seed(5, 7)
		whole := step(t, want, data, upTo(n))
		var sum nn.Stats
		total := nn.Grads{}
		for _, cut := range [][2]int{{0, 32}, {32, 39}, {39, n}} {
			s := nn.NewStepper(net, loss, 2)
			s.Seed(5, 7)
			st, err := s.Run(data, upTo(n)[cut[0]:cut[1]], nn.Part{First: cut[0], Weight: whole.Weight})
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

func TestRunChecksItsPart(t *testing.T) {
	net := study(t)
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	for _, weight := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err := s.Run(randomSamples(t, 4, 10, net.InputShape()), upTo(4), nn.Part{Weight: weight})
		wantError(t, err, "weight of the batch", "above 0")
	}
	_, err := s.Run(randomSamples(t, 4, 10, net.InputShape()), upTo(4), nn.Part{First: -1})
	wantError(t, err, "starts at sample -1")
	for _, g := range s.Reduce() { // before the first run
		if slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
			t.Error("gradients without a run")
		}
	}
}

// A run that its arguments fail leaves nothing of the run before: no gradients to reduce and
// no recorded values.
func TestARefusedRunLeavesNothingBehind(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 4, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	if err := s.Observe([]string{net.Nodes()[0].Name}, nil); err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string]func() error{
		"index":  func() error { _, err := s.Run(data, []int{4}, nn.Part{}); return err },
		"weight": func() error { _, err := s.Run(data, upTo(4), nn.Part{Weight: -1}); return err },
		"shape":  func() error { _, err := s.Run(randomSamples(t, 4, 10, nn.Shape{3}), upTo(4), nn.Part{}); return err },
	} {
		step(t, s, data, upTo(4))
		if refused() == nil {
			t.Fatalf("%s: no error", name)
		}
		if outputs, _ := s.Observed(); len(outputs) > 0 {
			t.Errorf("%s: values of the step before are still observed", name)
		}
		for _, g := range s.Reduce() {
			if slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
				t.Errorf("%s: gradients of the step before are still there", name)
				break
			}
		}
	}
}

// careless is MSE that leaves lanes without a sample as it finds them.
type careless struct{ loss.MSE }

func (c careless) Block(out nn.Block, t *loss.Targets, dout nn.Block, scale float32) [nn.Lanes]float64 {
	before := slices.Clone(dout.Data)
	losses := c.MSE.Block(out, t, dout, scale)
	for i := range dout.Data {
		if i%nn.Lanes >= t.N {
			dout.Data[i] = before[i]
		}
	}
	return losses
}

// A loss need not care for lanes without a sample: they have no gradient.
func TestLanesWithoutASampleHaveNoGradient(t *testing.T) {
	net := build(t, nn.Shape{3}, layer.Dense{Out: 2}, activation.Must("tanh"), layer.Dense{Out: 2})
	randomize(net, 1)
	data, err := nn.NewTensorTargets(randomTensor(1, 20, 3), randomTensor(2, 20, 2))
	if err != nil {
		t.Fatal(err)
	}
	fresh, used := nn.NewStepper(net, careless{}, 1), nn.NewStepper(net, careless{}, 1)
	for _, idx := range [][]int{upTo(16), upTo(3)} { // the first fills all lanes
		if _, err := used.Step(data, idx); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fresh.Step(data, upTo(3)); err != nil {
		t.Fatal(err)
	}
	for p, g := range fresh.Grads() {
		if !slices.Equal(g, used.Grads()[p]) {
			t.Errorf("gradient of %s: %v after a full block, else %v", p.FullName(), used.Grads()[p], g)
		}
	}
}
