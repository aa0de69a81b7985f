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
	wanted := map[string]bool{} // whether the gradient of a node's output is
	flops := ForwardFLOPs(net)
	for _, node := range net.Nodes() {
		trained := optim.Trains(node.Params)
		for _, in := range node.Inputs {
			if wanted[in] {
				flops += 2 * node.MACs() // of that input
				wanted[node.Name] = true
			}
		}
		if trained {
			flops += 2 * node.MACs()
			wanted[node.Name] = true
		}
	}
	return flops
}
