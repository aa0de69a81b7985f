package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// foldedConv is a packedConv on blocks, in inference. The convolution is by the fast algorithm
// where that applies and pays.
type foldedConv struct {
	packedConv
	direct *kernel.Conv
	fast   *kernel.FastConv // nil for the sum of taps
	size   int              // number of weights, transformed or not
	maps   op.Share         // of the channels, for what follows the convolution
}

func (o packedConv) Fast(training bool) (op.Op, bool) {
	if training {
		return nil, false
	}
	f := &foldedConv{packedConv: o, direct: o.g, fast: o.g.Fast(), maps: op.Whole}
	f.size = o.convOp.Params()[0].Shape.Size()
	if f.fast != nil {
		f.size = f.fast.Weights()
		if o.after != nil && o.after.IsReLU() {
			f.packedConv, f.fast.Relu = o.rectified(), true
		}
	}
	return f, true
}

func (o *foldedConv) Prepare() op.Preparation {
	return op.Preparation{Floats: o.size + o.conv.Out + o.parameters(), Compute: o.prepare}
}

// split divides what prepare computes.
func (o *foldedConv) split(p []float32) (weights, shift, param []float32) {
	n := o.size + o.conv.Out
	return p[:o.size], p[o.size:n], p[n:]
}

// parameters is the number of parameters of o.after.
func (o *foldedConv) parameters() int {
	if o.after == nil {
		return 0
	}
	_, values := o.after.Elementwise()
	return values
}

func (o *foldedConv) prepare(w op.Weights, p []float32) {
	weights, shift, param := o.split(p)
	scale, rest := o.fold(w, shift)
	switch {
	case o.fast != nil:
		kernel.FastWeights(weights, w[0], scale, o.fast)
	case scale == nil:
		copy(weights, w[0])
	default:
		each := len(weights) / len(scale)
		for i, v := range w[0] {
			weights[i] = v * scale[i/each]
		}
	}
	if o.after != nil {
		copy(param, o.after.Parameter(rest))
	}
}

func (o *foldedConv) Split(i, n int) op.Op {
	part := *o
	if o.fast != nil {
		part.fast = o.fast.Part(i, n)
	} else {
		part.direct = o.direct.Part(i, n)
	}
	part.maps = op.Share{I: i, N: n}
	return &part
}

func (o *foldedConv) Forward(c *op.Call) {
	weights, shift, param := o.split(c.Prepared)
	var add []float32
	if o.add {
		add = c.X[1].Data
	}
	if o.fast != nil {
		kernel.ConvFast(c.Y.Data, c.X[0].Data, weights, shift, add, o.fast)
		add = nil
	} else {
		kernel.ConvForward(c.Y.Data, c.X[0].Data, weights, shift, o.direct)
	}
	if add == nil && o.after == nil {
		return
	}
	c.Wait() // shares of channels are not those of the convolution
	channel := len(c.Y.Data) / o.conv.Out
	lo, hi := o.maps.Of(o.conv.Out)
	for ch := lo; ch < hi; ch++ {
		y := c.Y.Data[ch*channel : (ch+1)*channel]
		if add != nil {
			kernel.AddMaps(y, y, add[ch*channel:(ch+1)*channel], 1)
		}
		if o.after == nil {
			continue
		}
		f, values := o.after.Elementwise()
		if values > 1 {
			f(y, y, param[ch:ch+1])
		} else {
			f(y, y, param)
		}
	}
}

// Backward is never called: the op runs in inference only.
func (o *foldedConv) Backward(*op.Call) { panic("layer: a folded convolution has no backward pass") }
