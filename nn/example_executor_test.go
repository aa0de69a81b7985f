package nn_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Looking into a network: what an inner layer gives, and what the result depends on.
func ExampleExecutor() {
	net, err := nn.Sequential(nn.Shape{1, 3, 4},
		layer.Conv{Out: 1, Kernel: [2]int{1, 2}, NoBias: true}, activation.Must("relu"), layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(net.Param("conv.weight").Data, []float32{-1, 1}) // an edge from dark to bright
	copy(net.Param("dense.weight").Data, []float32{
		1, 1, 1, 1, 1, 1, 1, 1, 1, // class 0: edges anywhere
		-1, 0, 0, -1, 0, 0, -1, 0, 0, // class 1: none on the left
	})
	image := &nn.Tensor{Shape: []int{1, 1, 3, 4}, Data: []float32{
		0, 0, 5, 5,
		0, 5, 5, 0,
		0, 0, 0, 0,
	}}

	// The gradient of a score with respect to the image says which pixels it depends on. A
	// seed at the scores chooses the class; one at "act" would choose a place in the map.
	executor, err := nn.NewExecutor(net, nn.ExecutorConfig{
		Outputs: []string{"act", "dense"}, Seeds: []string{"dense", "act"}, Gradients: []string{nn.InputName},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	inputs := map[string]*nn.Tensor{nn.InputName: image}
	class0 := &nn.Tensor{Shape: []int{1, 2}, Data: []float32{1, 0}}
	result, err := executor.Run(inputs, map[string]*nn.Tensor{"dense": class0})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("edges", result.Outputs["act"].Data, "scores", result.Outputs["dense"].Data)
	printRows("class 0", result.Gradients[nn.InputName].Data, 4)

	place := nn.NewTensor(1, 1, 3, 3)
	place.Data[3] = 1 // in the middle, on the left
	if result, err = executor.Run(inputs, map[string]*nn.Tensor{"act": place}); err != nil {
		fmt.Println(err)
		return
	}
	printRows("one edge", result.Gradients[nn.InputName].Data, 4)
	// Output:
	// edges [0 5 0 5 0 0 0 0 0] scores [10 -5]
	// class 0
	//   [0 -1 1 0]
	//   [-1 1 0 0]
	//   [0 0 0 0]
	// one edge
	//   [0 0 0 0]
	//   [-1 1 0 0]
	//   [0 0 0 0]
}

func printRows(what string, v []float32, columns int) {
	fmt.Println(what)
	for ; len(v) > 0; v = v[columns:] {
		fmt.Println(" ", v[:columns])
	}
}
