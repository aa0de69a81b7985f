package nn

import (
	"fmt"
	"math/bits"
)

// oneInput is the check of layers that read exactly one other.
func oneInput(in []Shape) error {
	if len(in) != 1 {
		return fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return nil
}

// maxExtent bounds the hyperparameters of layers, so that no product of two of them
// overflows.
const maxExtent = min(1<<24, 1<<(bits.UintSize/2-1))

// within checks each value of a hyperparameter.
func within(field string, least int, values ...int) error {
	for _, v := range values {
		if v < least {
			return fmt.Errorf("%s is %d, need at least %d", field, v, least)
		}
		if v > maxExtent {
			return fmt.Errorf("%s is %d, need at most %d", field, v, maxExtent)
		}
	}
	return nil
}

// withBias lists a weight and, if the layer has one, the bias of its outputs.
func withBias(weight ParamSpec, out int, bias bool) []ParamSpec {
	if !bias {
		return []ParamSpec{weight}
	}
	return []ParamSpec{weight, {
		Name: "bias", Shape: Shape{out}, Role: Bias, FanIn: weight.FanIn, FanOut: weight.FanOut,
	}}
}

// bias is the second parameter of layers declared by withBias, or nil.
func bias(w Weights) []float32 {
	if len(w) < 2 {
		return nil
	}
	return w[1]
}
