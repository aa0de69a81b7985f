package layer

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Softmax computes probabilities from logits z:
//
//	y[k] = e^(z[k]) / Σ e^z          dx[k] = y[k]·(dy[k] − Σ y·dy)
//
// It is for networks whose outputs are probabilities. For training use loss.CrossEntropy on the
// logits before it.
//
// Shapes: (K) → (K), or (K, H, W) → (K, H, W), over the channels of each pixel.
//
// ONNX: Softmax over axis 1. Before opset 13 ONNX defines it differently for maps.
type Softmax struct{}

func (Softmax) Kind() string { return "Softmax" }
func (Softmax) Stem() string { return "softmax" }

func (Softmax) Bind(in []op.Shape) (op.Op, error) {
	o, err := bindChannels(in)
	if err != nil {
		return nil, err
	}
	return softmaxOp{o}, nil
}

// channelsOp is the common part of softmax and log-softmax.
type channelsOp struct {
	shape    op.Shape
	pixels   int // each is normalised separately
	op.Share     // of the columns: pixels and lanes
}

func bindChannels(in []op.Shape) (channelsOp, error) {
	if err := oneInput(in); err != nil {
		return channelsOp{}, err
	}
	if len(in[0]) != 1 && len(in[0]) != 3 {
		return channelsOp{}, fmt.Errorf("got input %v, need a vector (N) or a map (channels, height, width)", in[0])
	}
	return channelsOp{in[0], in[0][1:].Size(), op.Whole}, nil
}

func (o channelsOp) Shape() op.Shape        { return o.shape }
func (o channelsOp) Params() []op.ParamSpec { return nil }
func (o channelsOp) MACs() int              { return 0 }

// split is share i of n: some of the pixels.
func (o channelsOp) split(i, n int) channelsOp {
	o.Share = op.Share{I: i, N: n}
	return o
}

// eachColumn calls f for every pixel and lane of the share, with the index of the first channel
// and the step to the next one.
func (o channelsOp) eachColumn(f func(first, step int)) {
	lo, hi := o.Of(o.pixels)
	for i := lo * op.Lanes; i < hi*op.Lanes; i++ {
		f(i, o.pixels*op.Lanes)
	}
}

type softmaxOp struct{ channelsOp }

func (o softmaxOp) Split(i, n int) op.Op { return softmaxOp{o.split(i, n)} }

func (o softmaxOp) Forward(c *op.Call) {
	if o.pixels == 1 {
		if lo, hi := o.Of(1); lo == hi {
			return
		}
		_, rest := kernel.SoftmaxExp(c.Y.Data, c.X[0].Data)
		var by [op.Lanes]float32
		for l, r := range rest {
			by[l] = float32(1 / (1 + r))
		}
		kernel.ScaleLanes(c.Y.Data, by)
		return
	}
	for p, end := o.Of(o.pixels); p < end; p++ {
		top, rest := kernel.SoftmaxColumn(c.X[0].Data, o.pixels, p)
		for k := range o.shape[0] {
			for l := range op.Lanes {
				i := (k*o.pixels+p)*op.Lanes + l
				c.Y.Data[i] = float32(math.Exp(float64(c.X[0].Data[i])-float64(top[l])) / (1 + rest[l]))
			}
		}
	}
}

func (o softmaxOp) BackwardReads() (x, y bool) { return false, true }

func (o softmaxOp) Backward(c *op.Call) {
	y, dy, dx := c.Y, c.DY, c.DX
	if dx[0].Data == nil {
		return
	}
	o.eachColumn(func(first, step int) {
		var s float64
		for i := first; i < len(y.Data); i += step {
			s += float64(y.Data[i]) * float64(dy.Data[i])
		}
		for i := first; i < len(y.Data); i += step {
			dx[0].Data[i] = float32(float64(y.Data[i]) * (float64(dy.Data[i]) - s))
		}
	})
}

// Probabilities replaces the logits of one sample by their softmax.
func Probabilities(logits []float32) {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	var buffer [64]float64 // on the stack
	z, sum := append(buffer[:0], make([]float64, len(logits))...), 0.0
	for i, v := range logits {
		z[i] = math.Exp(float64(v) - top)
		sum += z[i]
	}
	for i, v := range z {
		logits[i] = float32(v / sum)
	}
}
