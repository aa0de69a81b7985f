package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// PyTorch's BatchNorm refuses one value in a channel, and Keras's gives β.
func TestBatchNormOfOneValueInAChannel(t *testing.T) {
	for _, c := range []struct {
		in        nn.Shape
		samples   int
		semantics nn.Semantics
		refused   bool
	}{
		{nn.Shape{3}, 1, nn.PyTorch, true},
		{nn.Shape{3}, 2, nn.PyTorch, false},
		{nn.Shape{3}, 1, nn.Keras, false},
		{nn.Shape{3, 1, 1}, 1, nn.PyTorch, true},
		{nn.Shape{3, 1, 2}, 1, nn.PyTorch, false},
	} {
		net := build(t, c.in, layer.NewBatchNorm(c.semantics))
		randomize(net, 1)
		x := randomTensor(1, append([]int{c.samples}, c.in...)...)
		data, err := nn.NewTensorTargets(x, x)
		if err != nil {
			t.Fatal(err)
		}
		s := nn.NewStepper(net, loss.MSE{}, 1)
		_, stepped := s.Step(data, upTo(c.samples))
		e, err := nn.NewExecutor(net, nn.ExecutorConfig{Mode: nn.Training})
		if err != nil {
			t.Fatal(err)
		}
		_, ran := e.Run(map[string]*nn.Tensor{nn.InputName: x}, nil)
		for _, err := range []error{stepped, ran} {
			if c.refused {
				wantError(t, err, `layer "bn`, "batch of 1", "one value in a channel", "PyTorch")
			} else if err != nil {
				t.Errorf("%d of %v in %v: %v", c.samples, c.in, c.semantics, err)
			}
		}
		if err := s.SetMode(nn.Inference); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Step(data, upTo(c.samples)); err != nil {
			t.Errorf("in inference: %v", err)
		}
	}
}
