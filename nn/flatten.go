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

func (o flattenOp) alias() {}

// A block's values lie in C, H, W order already: only the shape changes, and in a
// network x and y have the same memory.
func (o flattenOp) Forward(_ Weights, x []Block, y Block) { move(y, x[0]) }

func (o flattenOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data != nil {
		move(dx[0], dy)
	}
}

// move copies what does not lie there already.
func move(to, from Block) {
	if &to.Data[0] != &from.Data[0] {
		copy(to.Data, from.Data)
	}
}
