package bench

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// ForwardFLOPs are the floating-point operations of one sample's way through a network.
func ForwardFLOPs(net *nn.Network) int { return 2 * net.MACs() }

// TrainFLOPs adds those of the gradients: of the weights, and of the inputs of layers
// that have trained parameters before them.
func TrainFLOPs(net *nn.Network) int {
	flops := ForwardFLOPs(net)
	for _, n := range backwardFLOPs(net) {
		flops += n
	}
	return flops
}

// backwardFLOPs are those of the gradients of each layer, for one sample.
func backwardFLOPs(net *nn.Network) []int {
	wanted := map[string]bool{} // whether the gradient of a node's output is
	flops := make([]int, len(net.Nodes()))
	for i, node := range net.Nodes() {
		trained := optim.Trains(node.Params)
		for _, in := range node.Inputs {
			if wanted[in] {
				flops[i] += 2 * node.MACs() // of that input
				wanted[node.Name] = true
			}
		}
		if trained {
			flops[i] += 2 * node.MACs()
			wanted[node.Name] = true
		}
	}
	return flops
}
