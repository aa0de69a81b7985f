package nn_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

func ExampleSequential() {
	act := activation.Must("prelu:channel")
	net, err := nn.Sequential(nn.Shape{1, 28, 28},
		layer.Conv{Out: 8, Kernel: [2]int{7, 7}}, act,
		layer.Conv{Out: 8, Kernel: [2]int{5, 5}}, act,
		layer.Flatten{},
		layer.Dense{Out: 10},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, node := range net.Nodes() {
		fmt.Println(node.Name, node.Layer.Kind(), node.Shape)
	}
	fmt.Println(net.NumParams(), "parameters")
	// Output:
	// conv1 Conv (8, 22, 22)
	// act1 prelu (8, 22, 22)
	// conv2 Conv (8, 18, 18)
	// act2 prelu (8, 18, 18)
	// flatten Flatten (2592)
	// dense Dense (10)
	// 27954 parameters
}

// A residual block: two convolutions with batch normalisation, and a way past them. Each
// layer reads the one before it unless it names others.
func ExampleBuilder() {
	conv := layer.Conv{Out: 8, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}, NoBias: true}
	norm, act := layer.NewBatchNorm(nn.PyTorch), activation.Must("prelu:channel")
	net, err := nn.NewBuilder(nn.Shape{1, 28, 28}).
		Add("conv1", conv).Add("bn1", norm).Add("act1", act).
		Add("conv2", conv).Add("bn2", norm).Add("act2", act).
		Add("conv3", conv).Add("bn3", norm).
		Add("add", layer.Add{}, "bn3", "act1").Add("act3", act).
		Add("pool", layer.GlobalAveragePool{}).Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 10}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Init(nn.PyTorchInit, 1)
	fmt.Println(net.Node("add").Inputs, net.Node("add").Shape, net.OutputShape())
	fmt.Println(net.NumParams(), "parameters,", net.NumStatistics(), "running statistics")
	// Output:
	// [bn3 act1] (8, 28, 28) (10)
	// 1386 parameters, 48 running statistics
}

// A network of two layers learns the exclusive or by plain gradient descent.
func ExampleStepper() {
	x := &nn.Tensor{Shape: []int{4, 2}, Data: []float32{0, 0, 0, 1, 1, 0, 1, 1}}
	data, err := nn.NewTensorSamples(x, []int{0, 1, 1, 0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := nn.Sequential(nn.Shape{2}, layer.Dense{Out: 8}, activation.Must("tanh"), layer.Dense{Out: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Init(nn.KerasInit, 1)
	stepper := nn.NewStepper(net, loss.CrossEntropy{}, 0)
	for range 500 {
		if _, err := stepper.Step(data, []int{0, 1, 2, 3}); err != nil {
			fmt.Println(err)
			return
		}
		for p, grad := range stepper.Grads() {
			for j, g := range grad {
				p.Data[j] -= 0.5 * g
			}
		}
	}
	stats, err := net.Evaluate(data, loss.CrossEntropy{}, 0)
	fmt.Printf("%.0f %% right, loss below 0.05: %v, %v\n", 100*stats.Accuracy(), stats.Loss() < 0.05, err)
	// Output: 100 % right, loss below 0.05: true, <nil>
}

func ExampleNetwork_Forward() {
	net, err := nn.Sequential(nn.Shape{3}, layer.Dense{Out: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(net.Param("dense.weight").Data, []float32{1, 2, 3, 0, 0, -1})
	copy(net.Param("dense.bias").Data, []float32{0.5, 0})
	y, err := net.Forward(&nn.Tensor{Shape: []int{2, 3}, Data: []float32{1, 1, 1, 2, 0, -1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Shape, y.Data)
	_, err = net.Forward(nn.NewTensor(1, 28, 28))
	fmt.Println(err)
	// Output:
	// [2 2] [6.5 -1 -0.5 1]
	// the network takes (N, 3), got (1, 28, 28)
}
