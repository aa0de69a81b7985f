package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// study is the study's network on smaller images, with every kind of parameter.
func study(t testing.TB) *nn.Network {
	t.Helper()
	net := build(t, nn.Shape{1, 14, 14},
		layer.Conv{Out: 4, Kernel: [2]int{7, 7}}, activation.Must("prelu:channel"),
		layer.Conv{Out: 4, Kernel: [2]int{5, 5}}, activation.Must("swish-beta:one"),
		layer.Flatten{}, layer.Dense{Out: 10})
	randomize(net, 5)
	return net
}

func step(t testing.TB, s *nn.Stepper, data nn.Samples, idx []int) nn.Stats {
	t.Helper()
	st, err := s.Step(data, idx)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestGradientsAreTheSameBitsForAnyNumberOfWorkers(t *testing.T) {
	for _, act := range []string{"prelu:channel", "swish-beta:one"} {
		t.Run(act, func(t *testing.T) {
			net := build(t, nn.Shape{1, 28, 28}, // enough work for teams of up to eight
				layer.Conv{Out: 8, Kernel: [2]int{7, 7}, Pads: [4]int{1, 1, 1, 1}}, activation.Must(act),
				layer.Conv{Out: 8, Kernel: [2]int{5, 5}, Stride: [2]int{2, 2}}, activation.Must(act),
				layer.Flatten{}, layer.Dense{Out: 10})
			randomize(net, 5)
			sameGradients(t, net)
		})
	}
}

func sameGradients(t *testing.T, net *nn.Network) {
	data := randomSamples(t, 100, 10, net.InputShape())
	for _, n := range []int{1, 16, 17, 100} {
		var first nn.Grads
		var stats nn.Stats
		for _, workers := range []int{1, 2, 3, 8} {
			s := nn.NewStepper(net, loss.CrossEntropy{}, workers)
			if workers > 1 {
				step(t, s, data, upTo(33)) // a batch before must leave nothing behind
			}
			st := step(t, s, data, upTo(n))
			if first == nil {
				first, stats = s.Grads(), st
				continue
			}
			if st != stats {
				t.Errorf("batch of %d, %d workers: %+v, one gives %+v", n, workers, st, stats)
			}
			for p, g := range s.Grads() {
				if !slices.Equal(g, first[p]) {
					t.Errorf("batch of %d, %d workers: other bits in the gradient of %s", n, workers, p.FullName())
				}
			}
		}
	}
}

// The gradient of a batch is the mean of those of its samples.
func TestABatchIsTheMeanOfItsSamples(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 19, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	want := nn.Grads{}
	for _, p := range net.Params() {
		want[p] = make([]float32, len(p.Data))
	}
	var sum nn.Stats
	for i := range 19 {
		st := step(t, s, data, []int{i})
		sum.Add(st)
		for p, g := range s.Grads() {
			for j, v := range g {
				want[p][j] += v / 19
			}
		}
	}
	st := step(t, s, data, upTo(19))
	for p, g := range s.Grads() {
		near(t, "gradient of "+p.FullName(), g, want[p], 2e-6)
	}
	if st.Samples != 19 || st.Correct != sum.Correct || st.LossSum-sum.LossSum > 1e-9 || sum.LossSum-st.LossSum > 1e-9 {
		t.Errorf("batch %+v, samples %+v", st, sum)
	}
}

func TestAStepLeavesParametersAsTheyAre(t *testing.T) {
	net := study(t)
	was := slices.Clone(values(net))
	step(t, nn.NewStepper(net, loss.CrossEntropy{}, 2), randomSamples(t, 20, 10, net.InputShape()), upTo(20))
	if !slices.Equal(values(net), was) {
		t.Error("they change")
	}
}

func TestSamplesMayBeInAnyOrderAndTwice(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 5, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	once := step(t, s, data, []int{3, 1})
	g := slices.Clone(s.Grads()[net.Params()[0]])
	twice := step(t, s, data, []int{1, 3, 3, 1})
	if d := twice.Loss() - once.Loss(); d > 1e-12 || d < -1e-12 {
		t.Errorf("mean loss %g, want %g", twice.Loss(), once.Loss())
	}
	near(t, "gradient", s.Grads()[net.Params()[0]], g, 1e-6)
}

func TestStepperRefusesWrongData(t *testing.T) {
	net := study(t)
	fits := randomSamples(t, 4, 10, net.InputShape())
	binary := build(t, nn.Shape{4}, layer.Dense{Out: 1}, activation.Must("sigmoid"))
	for name, c := range map[string]struct {
		net   *nn.Network
		loss  nn.Loss
		data  nn.Samples
		idx   []int
		words []string
	}{
		"shape":          {net, loss.CrossEntropy{}, randomSamples(t, 4, 10, nn.Shape{1, 28, 28}), []int{0}, []string{"takes samples of shape (1, 14, 14)", "has (1, 28, 28)"}},
		"classes":        {net, loss.CrossEntropy{}, randomSamples(t, 4, 3, net.InputShape()), []int{0}, []string{"10 outputs", "3 classes"}},
		"binary, logits": {binary, loss.CrossEntropy{}, randomSamples(t, 4, 2, nn.Shape{4}), []int{0}, []string{"one output", "choose bce-logits"}},
		"empty batch":    {net, loss.CrossEntropy{}, fits, nil, []string{"empty batch", "at least one"}},
		"beyond the end": {net, loss.CrossEntropy{}, fits, []int{0, 4}, []string{"sample 4", "0…3"}},
		"negative":       {net, loss.CrossEntropy{}, fits, []int{-1}, []string{"sample -1", "0…3"}},
	} {
		t.Run(name, func(t *testing.T) {
			st, err := nn.NewStepper(c.net, c.loss, 2).Step(c.data, c.idx)
			wantError(t, err, c.words...)
			if st != (nn.Stats{}) {
				t.Errorf("both %+v and an error", st)
			}
		})
	}
}

func TestTrainingLearns(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 32, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	first := step(t, s, data, upTo(32)).Loss()
	for range 60 {
		step(t, s, data, upTo(32))
		for p, g := range s.Grads() {
			for j, v := range g {
				p.Data[j] -= 0.02 * v
			}
		}
	}
	st := step(t, s, data, upTo(32))
	if !(st.Loss() < first/10) || st.Accuracy() < 0.9 {
		t.Errorf("loss %.3g after 60 steps from %.3g, accuracy %.2f", st.Loss(), first, st.Accuracy())
	}
}
