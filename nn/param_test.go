package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// A parameter's Data is the network's memory. Another slice in its place would be trained, saved or
// set without the network.
func TestAReplacedSliceOfAParameterIsAnError(t *testing.T) {
	net := build(t, nn.Shape{3}, layer.Dense{Out: 2})
	randomize(net, 1)
	data, err := nn.NewTensorTargets(randomTensor(1, 4, 3), randomTensor(2, 4, 2))
	if err != nil {
		t.Fatal(err)
	}
	s := nn.NewStepper(net, loss.MSE{}, 1)
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{})
	if err != nil {
		t.Fatal(err)
	}
	old, err := optim.New(optim.Config{Name: "sgd"}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"Step":           func() error { _, err := s.Step(data, upTo(4)); return err },
		"Optimizer.Step": func() error { return old.Step(s.Grads()) },
		"optim.New":      func() error { _, err := optim.New(optim.Config{Name: "sgd"}, net.Params()); return err },
		"Executor.Run": func() error {
			_, err := e.Run(map[string]*nn.Tensor{nn.InputName: randomTensor(1, 4, 3)}, nil)
			return err
		},
		"Forward":    func() error { _, err := net.Forward(randomTensor(1, 4, 3)); return err },
		"Predict":    func() error { _, err := net.Predict(data, 1); return err },
		"Evaluate":   func() error { _, err := net.Evaluate(data, loss.MSE{}, 1); return err },
		"CopyParams": func() error { return build(t, nn.Shape{3}, layer.Dense{Out: 2}).CopyParams(net) },
		"a copy into it": func() error {
			return net.CopyParams(build(t, nn.Shape{3}, layer.Dense{Out: 2}))
		},
	}
	bias := net.Param("dense.bias")
	own := bias.Data
	for name, call := range calls {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, other := range [][]float32{slices.Clone(own), nil, own[:1]} {
			bias.Data = other
			wantError(t, call(), "dense.bias", "Data was replaced", "copy(p.Data, values)")
		}
		bias.Data = own
	}
}
