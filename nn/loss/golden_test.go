package loss_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/data"
)

// lossGolden is what a framework itself computed (testdata/ref/golden_losses.py).
type lossGolden struct {
	Framework string
	Cases     []struct {
		Batch        string // of outputs and labels
		Loss         string
		ClassWeights string `json:"class_weights"`
		// Divisor is by what the framework's loss is gonn's divided.
		Divisor float64
		Value   float64
	}
	arrays map[string]*data.Array
}

func TestLossesEqualPyTorchAndKeras(t *testing.T) {
	for framework, cases := range map[nn.Semantics]int{nn.PyTorch: 84, nn.Keras: 120} {
		g := lossGolden{arrays: golden.ReadNPZ(t, filepath.Join(goldenDir, "losses", framework.String()+".npz"))}
		text, err := os.ReadFile(filepath.Join(goldenDir, "losses", framework.String()+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatal(err)
		}
		if g.Framework != framework.String() || len(g.Cases) != cases {
			t.Fatalf("%d cases of %s, want %d of %v", len(g.Cases), g.Framework, cases, framework)
		}
		for i := range g.Cases {
			g.check(t, framework, i)
		}
	}
}

// check holds the loss of a batch and its gradient with respect to the outputs.
func (g *lossGolden) check(t *testing.T, framework nn.Semantics, i int) {
	c := g.Cases[i]
	name := fmt.Sprintf("%v: %s with weights %q on %s", framework, c.Loss, c.ClassWeights, c.Batch)
	l, err := loss.Parse(c.Loss, framework)
	if err == nil && c.ClassWeights != "" {
		var w []float64
		if w, err = loss.ParseClassWeights(c.ClassWeights); err == nil {
			l, err = loss.WithClassWeights(l, w, framework)
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	samples, want := g.samples(t, c.Batch), g.arrays[fmt.Sprintf("%d/grad", i)].Float32
	st, grad := gradientOfOutputs(t, l, samples)
	value := st.Loss() / c.Divisor
	if !(math.Abs(value-c.Value) <= 1e-7+1e-5*math.Abs(c.Value)) {
		t.Errorf("%s: loss %.9g, want %.9g", name, value, c.Value)
	}
	for k := range grad {
		grad[k] /= float32(c.Divisor)
	}
	if filepath.Base(c.Batch) != "extreme" {
		near(t, name+": gradient", grad, want, 1e-5)
		return
	}
	// Sizes from 0 to 1e12: each element counts by itself.
	for k, v := range grad {
		if !(math.Abs(float64(v-want[k])) <= 1e-7+1e-5*math.Abs(float64(want[k]))) {
			outputs := samples.X.Shape[1]
			t.Errorf("%s: sample %d (%v), label %d: gradient of output %d is %g, want %g", name, k/outputs,
				samples.X.Sample(k/outputs), samples.Labels[k/outputs], k%outputs, v, want[k])
		}
	}
}

// samples are a batch's outputs, as if they were the pictures.
func (g *lossGolden) samples(t *testing.T, batch string) *nn.TensorSamples {
	x, err := g.arrays[batch+"/outputs"].Tensor()
	if err != nil {
		t.Fatal(err)
	}
	labels := make([]int, x.Shape[0])
	for i, l := range g.arrays[batch+"/labels"].Int64 {
		labels[i] = int(l)
	}
	s, err := nn.NewTensorSamples(x, labels, max(2, x.Shape[1]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gradientOfOutputs takes a step of a network that hands its input through.
func gradientOfOutputs(t *testing.T, loss nn.Loss, samples *nn.TensorSamples) (nn.Stats, []float32) {
	t.Helper()
	net := build(t, nn.Shape{samples.X.Shape[1]}, activation.Must("linear"))
	s := nn.NewStepper(net, loss, 1)
	if err := s.Observe(nil, []string{nn.InputName}); err != nil {
		t.Fatal(err)
	}
	st := step(t, s, samples, upTo(samples.Len()))
	all, err := net.Evaluate(samples, loss, 2)
	if err != nil || all != st {
		t.Errorf("%s: Evaluate gives %+v, error %v, a step %+v", loss.Name(), all, err, st)
	}
	_, gradients := s.Observed()
	return st, gradients[nn.InputName].Data
}
