package layer

import (
	"fmt"
	"math/bits"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// oneMap checks the input of layers of one feature map.
func oneMap(in []op.Shape) error {
	if err := oneInput(in); err != nil {
		return err
	}
	if len(in[0]) != 3 {
		return fmt.Errorf("got input %v, need (channels, height, width)", in[0])
	}
	return nil
}

// oneInput checks the input of layers of one input.
func oneInput(in []op.Shape) error {
	if len(in) != 1 {
		return fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return nil
}

// maxExtent is the limit for hyperparameters of layers, so that products of two of them do not
// overflow.
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
