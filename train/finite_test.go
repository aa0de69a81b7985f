package train

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// poisoned are pictures of which the last has a NaN.
func poisoned(t *testing.T) nn.Samples {
	t.Helper()
	x := nn.NewTensor(100, 1, 8, 8)
	x.Data[99*64] = float32(math.NaN())
	labels := make([]int, 100)
	labels[0] = 1
	s, err := nn.NewTensorSamples(x, labels, toy.Classes)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fillWith sets numbers of a parameter.
func fillWith(net *nn.Network, name string, v float32) {
	for i := range net.Param(name).Data {
		net.Param(name).Data[i] = v
	}
}

// overflowingSquares has a finite loss and gradients of 1e20, by which the optimizer steps by 0.
func overflowingSquares(name string, s nn.Semantics) func(*testing.T, *nn.Network, *Config) nn.Samples {
	return func(t *testing.T, n *nn.Network, c *Config) nn.Samples {
		fillWith(n, "bn.bias", 1e21)
		fillWith(n, "dense.weight", 1e-21)
		var err error
		if c.Optimizer, err = optim.New(optim.Config{Name: name, Semantics: s}, n.Params()); err != nil {
			t.Fatal(err)
		}
		return samples
	}
}

// divergences are trainings that come to something that is not finite, with what the error says.
var divergences = []struct {
	name string
	edit func(*testing.T, *nn.Network, *Config) nn.Samples
	want []string
}{
	{"a NaN picture", func(t *testing.T, _ *nn.Network, c *Config) nn.Samples { c.Batch = 100; return poisoned(t) },
		[]string{"epoch 1: step 1: the loss is NaN: ", "sample 99 of the training data has NaN"}},
	{"a NaN picture in validation", func(t *testing.T, _ *nn.Network, c *Config) nn.Samples { c.Validation = poisoned(t); return samples },
		[]string{"epoch 1: the validation loss is NaN: ", "sample 99 of the validation data has NaN"}},
	{"an enormous learning rate", func(_ *testing.T, _ *nn.Network, c *Config) nn.Samples { c.Optimizer.SetLR(1e39); return samples },
		[]string{"epoch 1: step 1: the updated conv.weight is -Inf at 0 (18 of 18 numbers are not finite)", "learning rate below 1e+39"}},
	{"a learning rate of 1e30", func(_ *testing.T, _ *nn.Network, c *Config) nn.Samples { c.Optimizer.SetLR(1e30); return samples },
		[]string{"epoch 1: step 2: ", "learning rate below 1e+30"}},
	{"an infinity in a parameter", func(_ *testing.T, n *nn.Network, _ *Config) nn.Samples {
		n.Param("conv.weight").Data[5] = float32(math.Inf(1))
		return samples
	}, []string{"epoch 1: step 1: the loss is NaN: 1 of the 18 numbers of conv.weight is not finite, the first at 5: +Inf", "began with that"}},
	{"a layer that overflows", func(_ *testing.T, n *nn.Network, _ *Config) nn.Samples {
		fillWith(n, "bn.bias", 1e20)
		fillWith(n, "dense.weight", 1e20)
		return samples
	}, []string{"epoch 1: step 1: the loss is NaN: dense (Dense) is the first layer whose output is not finite: it has +Inf for sample "}},
	{"a variance that overflows", func(_ *testing.T, n *nn.Network, _ *Config) nn.Samples {
		fillWith(n, "conv.weight", 1e22)
		return samples
	}, []string{"epoch 1: step 1: the ", "bn"}},
	{"squares of gradients overflow in adam", overflowingSquares("adam", nn.PyTorch),
		[]string{"epoch 1: step 1: exp_avg_sq of dense.weight in the optimizer's state is +Inf at ", "clip gradients"}},
	{"squares of gradients overflow in rmsprop", overflowingSquares("rmsprop", nn.Keras),
		[]string{"epoch 1: step 1: velocity of dense.weight in the optimizer's state is +Inf at ", "clip gradients"}},
	{"squares of gradients overflow in adagrad", overflowingSquares("adagrad", nn.PyTorch),
		[]string{"epoch 1: step 1: sum of dense.weight in the optimizer's state is +Inf at ", "clip gradients"}},
	{"the gradient of one layer overflows", func(_ *testing.T, n *nn.Network, _ *Config) nn.Samples {
		clear(n.Param("conv.weight").Data)
		n.Param("bn.bias").Data[0] = 1e-3             // above the kink
		for i := range n.Param("dense.weight").Data { // class 0 wins, every mistake is enormous
			n.Param("dense.weight").Data[i] = -3e38
			if i < 72 {
				n.Param("dense.weight").Data[i] = 3e38
			}
		}
		return samples
	}, []string{"epoch 1: step 1: the gradient of ", "is the first layer, in backward order, where gradients are not finite"}},
}

// A loss, gradient or parameter that is not finite ends the training in that step, and the error
// says where it began.
func TestNonFiniteValuesEndTrainingInTheirStep(t *testing.T) {
	held := 0
	for _, c := range divergences {
		net := toy.Network(1)
		cfg := config(net)
		data := c.edit(t, net, &cfg)
		h, err := Fit(net, data, cfg)
		if h != nil || err == nil {
			t.Errorf("%s: got history %v and error %v", c.name, h, err)
			continue
		}
		t.Logf("%s: %v", c.name, err)
		missing := false
		for i, want := range c.want {
			if text := err.Error(); i == 0 && !strings.HasPrefix(text, want) || !strings.Contains(text, want) {
				t.Errorf("%s: %v\ndoes not say %q", c.name, err, want)
				missing = true
			}
		}
		if !missing {
			held++
		}
	}
	t.Logf("promise T8: %d of %d trainings that diverge end in that step and name step, layer and number", held, len(divergences))
}

// BenchmarkFiniteChecks reports what checking gradients and parameters adds to a step of the
// study's network.
func BenchmarkFiniteChecks(b *testing.B) {
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must("prelu:channel"))
	if err != nil {
		b.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	opt, err := optim.New(optim.Config{Name: "adam"}, net.Params())
	if err != nil {
		b.Fatal(err)
	}
	x, labels := nn.NewTensor(128, 1, 28, 28), make([]int, 128)
	for i := range x.Data {
		x.Data[i] = float32(i%251) / 251
	}
	set, err := nn.NewTensorSamples(x, labels, 10)
	if err != nil {
		b.Fatal(err)
	}
	idx := make([]int, 128)
	for i := range idx {
		idx[i] = i
	}
	f := &fitting{net: net, cfg: Config{Optimizer: opt}, trained: net.Params()}
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	check := func() {
		if f.checkGradients(idx, s.Grads()) != nil || f.checkUpdated() != nil {
			b.Fatal("a step is not finite")
		}
	}
	step := func() {
		if _, err := s.Step(set, idx); err != nil {
			b.Fatal(err)
		}
		if err := opt.Step(s.Grads()); err != nil {
			b.Fatal(err)
		}
	}
	step()
	whole, checks := 0.0, 0.0
	for b.Loop() {
		began := time.Now()
		step()
		stepped := time.Now()
		check()
		whole += stepped.Sub(began).Seconds()
		checks += time.Since(stepped).Seconds()
	}
	b.ReportMetric(100*checks/whole, "%-of-step")
}
