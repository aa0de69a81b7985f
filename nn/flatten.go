package nn

// Flatten turns a feature map (C, H, W) into a vector (C·H·W) in that order, as
// ONNX and PyTorch do. Keras flattens in H, W, C order, so the rows of a Dense
// that follows are permuted between the frameworks.
//
// ONNX: Flatten, or Reshape to (−1, C·H·W).
type Flatten struct{}

func (Flatten) Kind() string { return "Flatten" }
func (Flatten) Stem() string { return "flatten" }

func (Flatten) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	return flattenOp{Shape{in[0].Size()}}, nil
}

type flattenOp struct{ shape Shape }

func (o flattenOp) Shape() Shape        { return o.shape }
func (o flattenOp) Params() []ParamSpec { return nil }
func (o flattenOp) MACs() int           { return 0 }

// A block's values lie in C, H, W order already: only the shape changes.
func (o flattenOp) Forward(_ Weights, x []Block, y Block) { copy(y.Data, x[0].Data) }

func (o flattenOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data != nil {
		copy(dx[0].Data, dy.Data)
	}
}
