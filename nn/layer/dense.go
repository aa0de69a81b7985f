package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Dense is an affine map:
//
//	y = W·x + b
//
// Shapes: (N) → (Out). The weight has shape (Out, N), the bias (Out).
//
// Gradient: ∂W = dy·xᵀ, ∂b = dy, dx = Wᵀ·dy.
//
// ONNX: Gemm with transB=1. The weight has the same shape in PyTorch's Linear; Keras's Dense
// stores (N, Out).
type Dense struct {
	Out    int
	NoBias bool
}

func (Dense) Kind() string { return "Dense" }
func (Dense) Stem() string { return "dense" }

func (d Dense) Bind(in []op.Shape) (op.Op, error) {
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

func (o *denseOp) Shape() op.Shape { return op.Shape{o.d.Out} }
func (o *denseOp) MACs() int       { return o.d.In * o.d.Out }

func (o *denseOp) Params() []op.ParamSpec {
	w := op.ParamSpec{Name: "weight", Shape: op.Shape{o.d.Out, o.d.In}, Role: op.Weight, FanIn: o.d.In, FanOut: o.d.Out}
	return withBias(w, o.d.Out, o.bias)
}

func (o *denseOp) Split(i, n int) op.Op {
	return &denseOp{o.d.Part(i, n), o.bias}
}

func (o *denseOp) Forward(c *op.Call) {
	kernel.DenseForward(c.Y.Data, c.X[0].Data, c.W[0], bias(c.W), o.d)
}

func (o *denseOp) BackwardReads() (x, y bool) { return true, false }

func (o *denseOp) Backward(c *op.Call) {
	if db := bias(c.DW); c.DW[0] != nil || db != nil {
		kernel.DenseWeightGrad(c.DW[0], db, c.DY.Data, c.X[0].Data, o.d)
	}
	if c.DX[0].Data != nil {
		kernel.DenseInputGrad(c.DX[0].Data, c.DY.Data, c.W[0], o.d)
	}
}

func (o *denseOp) Planar([]op.Planes, int) ([]op.PlanarStep, bool) {
	n := o.d.In
	return []op.PlanarStep{{To: op.PlanesOf(o.Shape()), Mixes: true, Scatters: true, MACs: o.MACs(), Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		lo, hi := s.Of(o.d.Out)
		b := bias(w)
		if b != nil {
			b = b[lo:hi]
		}
		kernel.DenseSingle(y[lo:hi], x[0][:n], w[0][lo*n:hi*n], b)
	}}}, true
}
