package layer

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// BatchNorm normalises each channel to mean 0 and variance 1, and then scales and shifts it
// (Ioffe & Szegedy 2015):
//
//	y = γ[c]·(x − μ[c])/√(σ²[c] + ε) + β[c]
//
// In training μ and σ² are the mean and variance of a channel over the samples of the batch and
// the pixels. In inference they are running means of these.
//
// Shapes: (C, H, W) → (C, H, W), or (N) → (N) where each number is a channel. The parameters
// are weight (γ, initially 1), bias (β, 0), running_mean (0) and running_var (1), all of shape
// (C).
//
// Gradient, with x̂ = (x − μ)/√(σ² + ε) and M values in a channel of the batch:
//
//	∂γ = Σ dy·x̂      ∂β = Σ dy      dx = γ/√(σ² + ε)·(dy − ∂β/M − x̂·∂γ/M)
//
// In inference the statistics are constants: dx = γ/√(σ² + ε)·dy.
//
// ONNX: BatchNormalization, in inference mode. The file does not contain Semantics.
//
// PyTorch's defaults are ε = 1e−5 and a momentum of 0.1, which is 0.9 here; running_var averages
// the unbiased variance, σ²·M/(M − 1). Keras's defaults are ε = 1e−3 and a momentum of 0.99;
// running_var averages σ².
//
// Training on one value in a channel (one sample of one pixel, M = 1) is an error in PyTorch's
// semantics. In Keras's the output is β, without a gradient for what is before it.
type BatchNorm struct {
	Eps float32 // 0 means 1e−5
	// Momentum is the weight of the old value in a running mean, as in ONNX and Keras; in
	// PyTorch it is the weight of the new value. 0 means 0.9.
	Momentum float32
	// Semantics chooses the running variance.
	Semantics op.Semantics
}

// NewBatchNorm returns a layer with a framework's defaults.
func NewBatchNorm(s op.Semantics) BatchNorm {
	if s == op.Keras {
		return BatchNorm{Eps: 1e-3, Momentum: 0.99, Semantics: op.Keras}
	}
	return BatchNorm{Eps: 1e-5, Momentum: 0.9}
}

func (BatchNorm) Kind() string { return "BatchNorm" }
func (BatchNorm) Stem() string { return "bn" }

func (l BatchNorm) CheckBatch(out op.Shape, samples int) error {
	if l.Semantics == op.PyTorch && len(out) > 0 && samples*out.Size() == out[0] {
		return errors.New("one value in a channel has no variance, which PyTorch refuses in training: train on batches of two samples or more")
	}
	return nil
}

// Normal returns the layer with defaults in place of zero values.
func (l BatchNorm) Normal() BatchNorm {
	d := NewBatchNorm(op.PyTorch)
	if l.Eps == 0 {
		l.Eps = d.Eps
	}
	if l.Momentum == 0 {
		l.Momentum = d.Momentum
	}
	return l
}

func (l BatchNorm) WithSemantics(s op.Semantics) op.Layer {
	l.Semantics = s
	return l
}

func (l BatchNorm) TrainsAs() (op.Semantics, bool) { return l.Semantics, true }

func (l BatchNorm) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	l = l.Normal()
	if !(l.Eps > 0) || math.IsInf(float64(l.Eps), 0) {
		return nil, fmt.Errorf("ε is %g, need a finite number above 0", l.Eps)
	}
	if !(l.Momentum >= 0 && l.Momentum <= 1) {
		return nil, fmt.Errorf("momentum is %g, need a number from 0 to 1: the weight of the old", l.Momentum)
	}
	x := in[0]
	if len(x) == 0 {
		return nil, fmt.Errorf("got input %v, need channels", x)
	}
	return &batchNormOp{BatchNorm: l, shape: x, channels: x[0], plane: x.Size() / x[0], Share: op.Whole}, nil
}

type batchNormOp struct {
	BatchNorm
	shape           op.Shape
	channels, plane int // plane: pixels in a channel
	op.Share            // of the channels
}

func (o *batchNormOp) Shape() op.Shape { return o.shape }
func (o *batchNormOp) MACs() int       { return 0 }
func (o *batchNormOp) InPlace() bool   { return true }

func (o *batchNormOp) Split(i, n int) op.Op {
	part := *o
	part.Share = op.Share{I: i, N: n}
	return &part
}

func (o *batchNormOp) Params() []op.ParamSpec {
	zero, one := float32(0), float32(1)
	spec := func(name string, role op.Role, start *float32) op.ParamSpec {
		return op.ParamSpec{Name: name, Shape: op.Shape{o.channels}, Role: role, FanIn: 1, FanOut: 1, Start: start}
	}
	return []op.ParamSpec{
		spec("weight", op.Scale, &one), spec("bias", op.Bias, &zero),
		spec("running_mean", op.Statistic, &zero), spec("running_var", op.Statistic, &one),
	}
}

// factor is 1/√(σ² + ε).
func (o *batchNormOp) factor(variance float64) float64 {
	return 1 / math.Sqrt(variance+float64(o.Eps))
}

// moments are the mean and variance for channel ch: those of the batch in training, the running
// ones in inference.
func (o *batchNormOp) moments(c *op.Call, ch int) (mean, variance float64) {
	if t := c.Training; t != nil {
		return t.Forward[ch], t.Forward[o.channels+ch]
	}
	return float64(c.W[2][ch]), float64(c.W[3][ch])
}

func (o *batchNormOp) Forward(c *op.Call) {
	k := o.all()
	o.normalize(k.of(c.Y), c, k)
}

func (o *batchNormOp) BackwardReads() (x, y bool) { return true, false }

func (o *batchNormOp) Backward(c *op.Call) {
	k := o.all()
	switch {
	case c.Training == nil:
		o.backwardConstant(k.of(c.DY), c, k)
	case c.DX[0].Data != nil:
		o.inputGradient(k.of(c.DX[0]), k.of(c.DY), c, k)
	}
	if c.Training != nil {
		first, end := o.Of(o.channels)
		o.addGradients(c, first, end)
	}
}

// addGradient adds to the gradients of β and γ, if they are wanted.
func (o *batchNormOp) addGradient(c *op.Call, ch int, shift, scale float64) {
	if c.DW[0] != nil {
		c.DW[0][ch] += float32(scale)
	}
	if c.DW[1] != nil {
		c.DW[1][ch] += float32(shift)
	}
}
