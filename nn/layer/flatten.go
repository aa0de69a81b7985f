package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// Flatten turns a feature map (C, H, W) into a vector (C·H·W) in that order, as
// ONNX and PyTorch do. Keras flattens in H, W, C order, so the rows of a Dense
// that follows are permuted between the frameworks.
//
// ONNX: Flatten, or Reshape to (−1, C·H·W).
type Flatten struct{}

func (Flatten) Kind() string { return "Flatten" }
func (Flatten) Stem() string { return "flatten" }

func (Flatten) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	return reshapeOp{op.Shape{in[0].Size()}, op.Whole}, nil
}
