package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Run, loss and reduction one by one are what a step is.
func TestRunLossAndReductionAreAStep(t *testing.T) {
	net := build(t, nn.Shape{2, 7, 6}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 3})
	randomize(net, 2)
	const n = 37
	data := randomSamples(t, n, 3, net.InputShape())
	for _, loss := range []nn.Loss{loss.CrossEntropy{}, loss.CrossEntropy{Weights: []float64{1, 2, 0.5}}, loss.MSE{}} {
		s := nn.NewStepper(net, loss, 2)
		want := step(t, s, data, upTo(n))

		e, err := nn.NewExecutor(net, nn.ExecutorConfig{Mode: nn.Training, Seeds: []string{"dense"}})
		if err != nil {
			t.Fatal(err)
		}
		x := map[string]*nn.Tensor{nn.InputName: data.X}
		r, err := e.Run(x, nil)
		if err != nil || r.Params != nil {
			t.Fatalf("gradients without a seed: %v, %v", r, err)
		}
		dy, got, err := nn.LossGradient(loss, r.Outputs["dense"], data, upTo(n))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", loss.Name(), got, err, want)
		}
		if r, err = e.Run(x, map[string]*nn.Tensor{"dense": dy}); err != nil {
			t.Fatal(err)
		}
		for p, g := range s.Grads() {
			if !slices.Equal(r.Params[p], g) {
				t.Errorf("%s: another gradient of %s", loss.Name(), p.FullName())
			}
		}
	}
}

func TestLossGradientRefuses(t *testing.T) {
	data := randomSamples(t, 4, 3, nn.Shape{2})
	y := nn.NewTensor(4, 3)
	for what, c := range map[string]struct {
		y   *nn.Tensor
		idx []int
	}{
		"empty batch":           {y, nil},
		"asks for sample 4":     {y, []int{4}},
		"(4, 3) for 3 samples":  {y, upTo(3)},
		"2 outputs, the data 3": {nn.NewTensor(4, 2), upTo(4)},
		"(4, 3) with 11 values": {&nn.Tensor{Shape: y.Shape, Data: y.Data[1:]}, upTo(4)},
		"() for 4 samples":      {&nn.Tensor{}, upTo(4)},
	} {
		_, _, err := nn.LossGradient(loss.CrossEntropy{}, c.y, data, c.idx)
		wantError(t, err, what)
	}
}

// A few samples in blocks come out as they do among many.
func TestFewSamplesInBlocks(t *testing.T) {
	net := study(t)
	x := randomTensor(1, append([]int{20}, net.InputShape()...)...)
	run := func(x *nn.Tensor, inBlocks bool) []float32 {
		t.Helper()
		e, err := nn.NewExecutor(net, nn.ExecutorConfig{InBlocks: inBlocks})
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Run(map[string]*nn.Tensor{nn.InputName: x}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Outputs[net.Outputs()[0].Name].Data
	}
	one := &nn.Tensor{Shape: append([]int{1}, net.InputShape()...), Data: x.Sample(0)}
	want := run(x, false)[:10]
	if !slices.Equal(run(one, true), want) {
		t.Error("one sample in a block differs from the same among many")
	}
	if slices.Equal(run(one, false), want) {
		t.Error("one sample alone does not go another way: the test shows nothing")
	}
}

// Parameters that no seed reaches have no gradient, which is not the same as zero.
func TestParametersBehindTheSeedHaveNoGradient(t *testing.T) {
	net := build(t, nn.Shape{3}, layer.Dense{Out: 4}, activation.Must("tanh"), layer.Dense{Out: 2})
	randomize(net, 1)
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Seeds: []string{"dense1"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(map[string]*nn.Tensor{nn.InputName: randomTensor(1, 5, 3)}, map[string]*nn.Tensor{"dense1": randomTensor(2, 5, 4)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Params) != 2 || r.Params[net.Param("dense1.weight")] == nil || r.Params[net.Param("dense1.bias")] == nil {
		t.Errorf("gradients of %d parameters, want those of dense1", len(r.Params))
	}
}
