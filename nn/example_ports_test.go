package nn_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// A network with two inputs and two outputs: how alike are two vectors, and what do they
// have in common? An executor takes and gives tensors by name; seeds at both outputs train
// both.
func ExampleBuilder_Outputs() {
	net, err := nn.NewBuilder(nil).
		Input("left", nn.Shape{3}).Input("right", nn.Shape{3}).
		Add("common", layer.Mul{}, "left", "right").
		Add("alike", layer.Dense{Out: 1}).
		Outputs("alike", "common").
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(net.Param("alike.weight").Data, []float32{1, 1, 1})
	fmt.Println(net.Inputs(), net.Outputs())

	executor, err := nn.NewExecutor(net, nn.ExecutorConfig{
		Seeds: []string{"alike", "common"}, Gradients: []string{"left", "right"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := executor.Run(map[string]*nn.Tensor{
		"left":  {Shape: []int{1, 3}, Data: []float32{1, 2, 3}},
		"right": {Shape: []int{1, 3}, Data: []float32{4, 0, -1}},
	}, map[string]*nn.Tensor{
		"alike":  {Shape: []int{1, 1}, Data: []float32{1}},
		"common": {Shape: []int{1, 3}, Data: []float32{0, 10, 0}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("alike", result.Outputs["alike"].Data, "common", result.Outputs["common"].Data)
	fmt.Println("gradient of left", result.Gradients["left"].Data, "of right", result.Gradients["right"].Data)
	fmt.Println("of the weights", result.Params[net.Param("alike.weight")])
	_, err = net.Forward(nn.NewTensor(1, 3))
	fmt.Println(err)
	// Output:
	// [{left (3)} {right (3)}] [{alike (1)} {common (3)}]
	// alike [1] common [4 0 -3]
	// gradient of left [4 0 -1] of right [1 22 3]
	// of the weights [4 0 -3]
	// the network has inputs left, right and outputs alike, common: need one of each; run it by an Executor
}
