package score_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/score"
)

func ExampleOf() {
	// Four samples, whose outputs are their own numbers.
	x := &nn.Tensor{Shape: []int{4, 3}, Data: []float32{
		9, 1, 0,
		8, 2, 0,
		0, 7, 1,
		5, 6, 0,
	}}
	samples, err := nn.NewTensorSamples(x, []int{0, 0, 1, 0}, 3)
	if err != nil {
		panic(err)
	}
	net, err := nn.Sequential(nn.Shape{3}, activation.Must("linear"))
	if err != nil {
		panic(err)
	}
	s, err := score.Of(net, samples, loss.CrossEntropy{}, 0)
	if err != nil {
		panic(err)
	}
	fmt.Println("accuracy", s.Accuracy(), "top-2", s.Top(2))
	for k, c := range s.Classes() {
		fmt.Printf("class %d: precision %.2f, recall %.2f, F1 %.2f of %d samples\n", k, c.Precision, c.Recall, c.F1, c.Support)
	}
	fmt.Println(s.Confusion)
	// Output:
	// accuracy 0.75 top-2 1
	// class 0: precision 1.00, recall 0.67, F1 0.80 of 3 samples
	// class 1: precision 0.50, recall 1.00, F1 0.67 of 1 samples
	// class 2: precision 0.00, recall 0.00, F1 0.00 of 0 samples
	// [[2 1 0] [0 1 0] [0 0 0]]
}
