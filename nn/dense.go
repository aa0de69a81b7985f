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
	return &denseOp{in: in[0][0], out: d.Out, bias: !d.NoBias}, nil
}

type denseOp struct {
	in, out int
	bias    bool
}

func (o *denseOp) Shape() Shape { return Shape{o.out} }
func (o *denseOp) MACs() int    { return o.in * o.out }

func (o *denseOp) Params() []ParamSpec {
	w := ParamSpec{Name: "weight", Shape: Shape{o.out, o.in}, Role: Weight, FanIn: o.in, FanOut: o.out}
	return withBias(w, o.out, o.bias)
}

func (o *denseOp) Forward(w Weights, x []Block, y Block) {
	kernel.DenseForward(y.Data, x[0].Data, w[0], w.bias(), o.in, o.out)
}

func (o *denseOp) Backward(w, dw Weights, x []Block, _, dy Block, dx []Block) {
	kernel.DenseWeightGrad(dw[0], dw.bias(), dy.Data, x[0].Data, o.in, o.out)
	if dx[0].Data != nil {
		kernel.DenseInputGrad(dx[0].Data, dy.Data, w[0], o.in, o.out)
	}
}
