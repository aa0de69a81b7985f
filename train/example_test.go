package train_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
)

// A network learns the exclusive or of two numbers, with a slope learned beside the
// weights.
func ExampleFit() {
	x := &nn.Tensor{Shape: []int{4, 2}, Data: []float32{0, 0, 0, 1, 1, 0, 1, 1}}
	samples, err := nn.NewTensorSamples(x, []int{0, 1, 1, 0}, 2)
	if err != nil {
		panic(err)
	}
	net, err := nn.Sequential(samples.Shape(), layer.Dense{Out: 8}, activation.Must("prelu:one"), layer.Dense{Out: 2})
	if err != nil {
		panic(err)
	}
	net.Init(nn.KerasInit, 1)

	adam, err := optim.NewAdam(net.Params(), optim.Config{LR: 0.05})
	if err != nil {
		panic(err)
	}
	history, err := train.Fit(net, samples, train.Config{
		Loss:      loss.CrossEntropy{},
		Optimizer: adam,
		Epochs:    100,
		Batch:     4,
		Seed:      1,
		Callbacks: []train.Callback{&train.Best{Restore: true}},
	})
	if err != nil {
		panic(err)
	}
	last := history.Epochs[len(history.Epochs)-1]
	fmt.Printf("epoch %d: accuracy %.2f, loss below 0.1: %v\n", last.Epoch, last.Accuracy(), last.Loss() < 0.1)
	// Output: epoch 100: accuracy 1.00, loss below 0.1: true
}
