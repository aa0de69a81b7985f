package landscape_test

import (
	"context"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// The mean squared error of a·x + b over the points (−1, 0), (1, 4) is least at a = b = 2, and its
// second derivatives are 2 along a and along b.
func ExampleMeasure() {
	net, err := nn.Sequential(nn.Shape{1}, layer.Dense{Out: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Params()[0].Data[0], net.Params()[1].Data[0] = 2, 2
	x, y := &nn.Tensor{Shape: []int{2, 1}, Data: []float32{-1, 1}}, &nn.Tensor{Shape: []int{2, 1}, Data: []float32{0, 4}}
	o := &landscape.Objective{Net: net, Data: &nn.TensorTargets{X: x, Y: y}, Loss: loss.MSE{}}
	s, err := landscape.Measure(context.Background(), o, landscape.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("loss %.2f, largest eigenvalue %.2f, trace %.2f\n", s.Loss, s.Largest.Value, s.Trace.Value)
	fmt.Printf("along a, which changes by its own size: curvature %.2f\n", s.Curvature[0])

	line, err := o.Line(context.Background(), landscape.Direction{2, 0}, []float64{-1, 0, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, at := range line {
		fmt.Printf("%.2f ", at.Loss())
	}
	// Output:
	// loss 0.00, largest eigenvalue 2.00, trace 4.00
	// along a, which changes by its own size: curvature 8.00
	// 4.00 0.00 4.00
}
