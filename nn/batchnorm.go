package nn

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// BatchNorm brings each channel to mean 0 and variance 1 and then scales and shifts it
// (Ioffe & Szegedy 2015):
//
//	y = γ[c]·(x − μ[c])/√(σ²[c] + ε) + β[c]
//
// It takes (C, H, W) or (N), whose numbers are the channels then. In training μ and σ² are
// mean and variance over the samples of the batch and the pixels of a channel, and running
// means of them are kept; a network that answers takes these. With x̂ = (x − μ)/√(σ² + ε)
// and M values in a channel of the batch,
//
//	∂γ = Σ dy·x̂      ∂β = Σ dy      dx = γ/√(σ² + ε)·(dy − ∂β/M − x̂·∂γ/M)
//
// and, where the statistics are fixed, dx = γ/√(σ² + ε)·dy.
//
// The parameters are weight (γ, which starts at 1), bias (β, at 0), running_mean (at 0)
// and running_var (at 1). PyTorch has ε = 1e−5, a momentum of 0.1, which is 0.9 here, and
// keeps a running variance of M/(M − 1) times that of the batch; Keras has ε = 1e−3, a
// momentum of 0.99 and keeps the batch's.
//
// ONNX: BatchNormalization, as in inference; the file does not say whose running variance
// it is.
type BatchNorm struct {
	Eps float32 // 0 means 1e−5
	// Momentum is the weight of the old in a running mean, as in ONNX and Keras; PyTorch
	// gives that of the new. 0 means 0.9.
	Momentum float32
	// Semantics chooses the running variance.
	Semantics Semantics
}

// NewBatchNorm has a framework's defaults.
func NewBatchNorm(s Semantics) BatchNorm {
	if s == Keras {
		return BatchNorm{Eps: 1e-3, Momentum: 0.99, Semantics: Keras}
	}
	return BatchNorm{Eps: 1e-5, Momentum: 0.9}
}

func (BatchNorm) Kind() string { return "BatchNorm" }
func (BatchNorm) Stem() string { return "bn" }

// Normal returns the layer with its zero values written out.
func (l BatchNorm) Normal() BatchNorm {
	d := NewBatchNorm(PyTorch)
	if l.Eps == 0 {
		l.Eps = d.Eps
	}
	if l.Momentum == 0 {
		l.Momentum = d.Momentum
	}
	return l
}

func (l BatchNorm) withSemantics(s Semantics) Layer {
	l.Semantics = s
	return l
}

func (l BatchNorm) semantics() (Semantics, bool) { return l.Semantics, true }

func (l BatchNorm) Bind(in []Shape) (Op, error) {
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
	return &batchNormOp{BatchNorm: l, shape: x, channels: x[0], plane: x.Size() / x[0]}, nil
}

type batchNormOp struct {
	BatchNorm
	shape           Shape
	channels, plane int // plane: pixels in a channel
}

func (o *batchNormOp) Shape() Shape  { return o.shape }
func (o *batchNormOp) MACs() int     { return 0 }
func (o *batchNormOp) InPlace() bool { return true }

func (o *batchNormOp) Params() []ParamSpec {
	zero, one := float32(0), float32(1)
	spec := func(name string, role Role, start *float32) ParamSpec {
		return ParamSpec{Name: name, Shape: Shape{o.channels}, Role: role, FanIn: 1, FanOut: 1, Start: start}
	}
	return []ParamSpec{
		spec("weight", Scale, &one), spec("bias", Bias, &zero),
		spec("running_mean", Statistic, &zero), spec("running_var", Statistic, &one),
	}
}

// channel is the part of a block's data that belongs to a channel.
func (o *batchNormOp) channel(b Block, c int) []float32 {
	n := o.plane * Lanes
	return b.Data[c*n : (c+1)*n]
}

// factor is 1/√(σ² + ε).
func (o *batchNormOp) factor(variance float64) float64 {
	return 1 / math.Sqrt(variance+float64(o.Eps))
}

func (o *batchNormOp) Forward(w Weights, x []Block, y Block) {
	for c := range o.channels {
		scale := float64(w[0][c]) * o.factor(float64(w[3][c]))
		kernel.Affine(o.channel(y, c), o.channel(x[0], c), w[2][c], float32(scale), w[1][c])
	}
}

// Backward takes the running statistics for fixed.
func (o *batchNormOp) Backward(w, dw Weights, x []Block, _, dy Block, dx []Block) {
	for c := range o.channels {
		g, v := o.channel(dy, c), o.channel(x[0], c)
		f := o.factor(float64(w[3][c]))
		sum, product := kernel.SumProduct(g, v, w[2][c])
		dw[0][c] += float32(product * f)
		dw[1][c] += float32(sum)
		if dx[0].Data != nil {
			kernel.Affine(o.channel(dx[0], c), g, 0, float32(float64(w[0][c])*f), 0)
		}
	}
}
