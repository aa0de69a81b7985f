package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// fastConv is a convOp whose output, gradient of the input, or both are computed by the fast
// algorithm, from transformed weights.
type fastConv struct {
	*convOp
	forward, back *kernel.FastConv // nil for the sum of taps
}

// Fast returns a form that folds the layers behind the convolution in inference, and a fastConv
// in training.
func (o *convOp) Fast(training bool) (op.Op, bool) {
	if !training {
		return packedConv{convOp: o}.Fast(false)
	}
	f := &fastConv{o, o.g.Fast(), o.g.FastInputGrad()}
	return f, f.forward != nil || f.back != nil
}

// sizes are the numbers of transformed weights.
func (o *fastConv) sizes() (forward, back int) {
	if o.forward != nil {
		forward = o.forward.Weights()
	}
	if o.back != nil {
		back = o.back.Weights()
	}
	return forward, back
}

func (o *fastConv) Prepare() op.Preparation {
	n, m := o.sizes()
	return op.Preparation{Floats: n + m, Compute: func(w op.Weights, to []float32) {
		if o.forward != nil {
			kernel.FastWeights(to[:n], w[0], nil, o.forward)
		}
		if o.back != nil {
			kernel.FastWeights(to[n:], w[0], nil, o.back)
		}
	}}
}

func (o *fastConv) Split(i, n int) op.Op {
	part := &fastConv{convOp: o.convOp.Split(i, n).(*convOp)}
	if o.forward != nil {
		part.forward = o.forward.Part(i, n)
	}
	if o.back != nil {
		part.back = o.back.Part(i, n)
	}
	return part
}

// Accumulates is false: ConvFast overwrites.
func (o *fastConv) Accumulates() bool { return o.back == nil && o.convOp.Accumulates() }

func (o *fastConv) Forward(c *op.Call) {
	if o.forward == nil {
		o.convOp.Forward(c)
		return
	}
	n, _ := o.sizes()
	kernel.ConvFast(c.Y.Data, c.X[0].Data, c.Prepared[:n], bias(c.W), nil, o.forward)
}

func (o *fastConv) Backward(c *op.Call) {
	o.weightGrad(c)
	if c.DX[0].Data == nil {
		return
	}
	if o.back == nil {
		o.inputGrad(c)
		return
	}
	n, _ := o.sizes()
	kernel.ConvFast(c.DX[0].Data, c.DY.Data, c.Prepared[n:], nil, nil, o.back)
}
