package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// Flatten reshapes a feature map (C, H, W) to a vector (C·H·W), in that order.
//
// ONNX: Flatten, or Reshape to (−1, C·H·W).
//
// PyTorch has the same order. Keras flattens in H, W, C order, so the rows of a Dense after it
// are permuted between the frameworks.
type Flatten struct{}

func (Flatten) Kind() string { return "Flatten" }
func (Flatten) Stem() string { return "flatten" }

func (Flatten) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	return reshapeOp{in[0], op.Shape{in[0].Size()}, op.Whole}, nil
}
