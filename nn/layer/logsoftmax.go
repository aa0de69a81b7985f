package layer

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// LogSoftmax is the logarithm of Softmax, also accurate where probabilities underflow to 0:
//
//	y[k] = z[k] − log Σ e^z          dx[k] = dy[k] − e^(y[k])·Σ dy
//
// It may be followed by loss.CrossEntropy: the softmax of y is that of z.
//
// Shapes: (K) → (K), or (K, H, W) → (K, H, W), over the channels of each pixel.
//
// ONNX: LogSoftmax over axis 1. Before opset 13 ONNX defines it differently for maps.
type LogSoftmax struct{}

func (LogSoftmax) Kind() string { return "LogSoftmax" }
func (LogSoftmax) Stem() string { return "logsoftmax" }

func (LogSoftmax) Bind(in []op.Shape) (op.Op, error) {
	o, err := bindChannels(in)
	if err != nil {
		return nil, err
	}
	return logSoftmaxOp{o}, nil
}

type logSoftmaxOp struct{ channelsOp }

func (o logSoftmaxOp) Split(i, n int) op.Op { return logSoftmaxOp{o.split(i, n)} }

func (o logSoftmaxOp) Forward(c *op.Call) {
	for p, end := o.Of(o.pixels); p < end; p++ {
		top, rest := kernel.SoftmaxColumn(c.X[0].Data, o.pixels, p)
		for l := range rest {
			rest[l] = math.Log1p(rest[l])
		}
		for k := range o.shape[0] {
			for l := range op.Lanes {
				i := (k*o.pixels+p)*op.Lanes + l
				c.Y.Data[i] = float32(float64(c.X[0].Data[i]) - float64(top[l]) - rest[l])
			}
		}
	}
}

func (o logSoftmaxOp) BackwardReads() (x, y bool) { return false, true }

func (o logSoftmaxOp) Backward(c *op.Call) {
	y, dy, dx := c.Y, c.DY, c.DX
	if dx[0].Data == nil {
		return
	}
	o.eachColumn(func(first, step int) {
		var s float64
		for i := first; i < len(y.Data); i += step {
			s += float64(dy.Data[i])
		}
		for i := first; i < len(y.Data); i += step {
			dx[0].Data[i] = float32(float64(dy.Data[i]) - math.Exp(float64(y.Data[i]))*s)
		}
	})
}
