package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// withBias returns the specs of a weight and, if the layer has one, a bias.
func withBias(weight op.ParamSpec, out int, bias bool) []op.ParamSpec {
	if !bias {
		return []op.ParamSpec{weight}
	}
	return []op.ParamSpec{weight, {
		Name: "bias", Shape: op.Shape{out}, Role: op.Bias, FanIn: weight.FanIn, FanOut: weight.FanOut,
	}}
}

// bias is the second parameter of layers declared by withBias, or nil.
func bias(w op.Weights) []float32 {
	if len(w) < 2 {
		return nil
	}
	return w[1]
}
