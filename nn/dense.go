package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Dense is the affine map y = W·x + b from a vector (N) to a vector (Out). The
// weight has shape (Out, N), as in PyTorch's Linear; Keras's Dense stores (N, Out).
//
// ONNX: Gemm with transB=1.
type Dense struct {
	Out    int
	NoBias bool
}

func (Dense) Kind() string { return "Dense" }
func (Dense) Stem() string { return "dense" }

func (d Dense) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("got input %v, need a vector (N); put Flatten in front", in[0])
	}
	if err := within("Out", 1, d.Out); err != nil {
		return nil, err
	}
	return &denseOp{d: kernel.NewDense(in[0][0], d.Out), bias: !d.NoBias}, nil
}

type denseOp struct {
	d    *kernel.Dense
	bias bool
}

func (o *denseOp) Shape() Shape { return Shape{o.d.Out} }
func (o *denseOp) MACs() int    { return o.d.In * o.d.Out }

func (o *denseOp) Params() []ParamSpec {
	w := ParamSpec{Name: "weight", Shape: Shape{o.d.Out, o.d.In}, Role: Weight, FanIn: o.d.In, FanOut: o.d.Out}
	return withBias(w, o.d.Out, o.bias)
}

func (o *denseOp) Part(i, n int) Op { return &denseOp{d: o.d.Part(i, n), bias: o.bias} }

func (o *denseOp) Forward(w Weights, x []Block, y Block) {
	kernel.DenseForward(y.Data, x[0].Data, w[0], w.bias(), o.d)
}

func (o *denseOp) Backward(w, dw Weights, x []Block, _, dy Block, dx []Block) {
	kernel.DenseWeightGrad(dw[0], dw.bias(), dy.Data, x[0].Data, o.d)
	if dx[0].Data != nil {
		kernel.DenseInputGrad(dx[0].Data, dy.Data, w[0], o.d)
	}
}
