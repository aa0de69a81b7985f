package match_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/match"
)

// A network with the units of its hidden layer in another order computes the same.
func ExampleNetworks() {
	build := func(hidden, slopes, out []float32) *nn.Network {
		net, err := nn.Sequential(nn.Shape{2}, layer.Dense{Out: 3, NoBias: true}, activation.Must("prelu:channel"), layer.Dense{Out: 1, NoBias: true})
		if err != nil {
			panic(err)
		}
		copy(net.Param("dense1.weight").Data, hidden)
		copy(net.Param("act.alpha").Data, slopes)
		copy(net.Param("dense2.weight").Data, out)
		return net
	}
	a := build([]float32{1, 0 /**/, 0, 1 /**/, -1, 1}, []float32{0.1, 0.2, 0.3}, []float32{5, 6, 7})
	b := build([]float32{-1, 1 /**/, 1, 0 /**/, 0, 1}, []float32{0.3, 0.1, 0.2}, []float32{7, 5, 6})
	r, err := match.Networks(a, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range r.Layers {
		fmt.Printf("%s: order %v, similarity %.2f, then %.2f\n", l.A, l.Perm, l.Before, l.After)
	}
	for _, act := range r.Activations {
		fmt.Printf("%s: slopes correlate by %.2f\n", act.A, act.Correlation)
	}
	fmt.Println("equal:", r.Equal)
	// Output:
	// dense1: order [1 2 0], similarity 0.00, then 1.00
	// dense2: order [0], similarity 0.97, then 1.00
	// act: slopes correlate by 1.00
	// equal: true
}
