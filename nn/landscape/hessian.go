package landscape

import (
	"context"
	"errors"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Hessian multiplies vectors by the Hessian of an objective, the matrix of its second derivatives
// with respect to the trained parameters. It may be used by one goroutine at a time.
type Hessian struct {
	objective *Objective
	net       *nn.Network // the copy that moves
	stepper   *nn.Stepper
	origin    float64 // norm of the trained parameters
	forward   Direction
	idx       []int
}

// gradientSamples is the number of samples whose gradients are added up in float32. The sums are
// added up in float64, so that more samples do not round more.
const gradientSamples = 256

// NewHessian returns the Hessian of an objective at the network's current parameters. It is an
// error if no parameter is trained.
func NewHessian(o *Objective) (*Hessian, error) {
	h := &Hessian{objective: o, net: o.Net.Clone(), forward: NewDirection(o.Net)}
	h.net.SetFastConv(false) // which rounds more
	h.stepper = nn.NewStepper(h.net, o.Loss, o.Workers)
	if err := h.stepper.SetMode(nn.Inference); err != nil {
		return nil, err
	}
	if len(h.stepper.Grads()) == 0 {
		return nil, errors.New("curvature: the network has no trained parameter")
	}
	for _, p := range o.Net.Params() {
		if p.Trained() {
			h.origin = math.Hypot(h.origin, norm(p.Data))
		}
	}
	return h, nil
}

// Gradient computes the gradient of the objective at θ + step·v, which may be nil for θ, and returns
// it in dst: 0 for parameters that are not trained.
func (h *Hessian) Gradient(ctx context.Context, dst Direction, step float64, v Direction) (nn.Stats, error) {
	if v == nil {
		move(h.net, h.objective.Net)
	} else {
		move(h.net, h.objective.Net, term{step, v})
	}
	clear(dst)
	var sum nn.Stats
	n := h.objective.Data.Len()
	for first := 0; first < n; first += gradientSamples {
		if err := context.Cause(ctx); err != nil {
			return nn.Stats{}, err
		}
		h.idx = h.idx[:0]
		for i := first; i < min(first+gradientSamples, n); i++ {
			h.idx = append(h.idx, i)
		}
		st, err := h.stepper.Run(h.objective.Data, h.idx, nn.Part{First: first, Weight: 1})
		if err != nil {
			return nn.Stats{}, err
		}
		sum.Add(st)
		grads := h.stepper.Reduce()
		dst.each(h.net, func(p *nn.Param, d Direction) {
			for i, g := range grads[p] {
				d[i] += float64(g)
			}
		})
	}
	if sum.Weight == 0 {
		return nn.Stats{}, errors.New("curvature: need samples with a weight above 0")
	}
	for i := range dst {
		dst[i] /= sum.Weight
	}
	return sum, nil
}

// Steps of Product. Both balance the rounding of float32 gradients, which grows as 1/ε, against
// the error of the difference, which grows as ε² and with the sharpness along v. On the preset
// study with mish, trained on 12,000 samples of MNIST and its inverse, the products have errors of
// about 0.1 % with either.
const (
	// EigenvalueStep is for any v, also those along which the loss is sharpest.
	EigenvalueStep = 3e-4
	// DirectionStep is for random v. With ReLU, a step passes kinks at random, and their
	// part of the product varies the less the longer it is.
	DirectionStep = 1e-2
)

// Product computes H·v in dst, as the central difference of two gradients:
//
//	H·v ≈ (∇L(θ + ε·v) − ∇L(θ − ε·v)) / 2ε,  ε = relative·(1 + ‖θ‖)/‖v‖
//
// with the form of ε of Andrei (Accelerated conjugate gradient algorithm with finite difference
// Hessian/vector product approximation, 2009). v must be 0 at parameters that are not trained.
func (h *Hessian) Product(ctx context.Context, dst, v Direction, relative float64) error {
	length := norm(v)
	if length == 0 {
		clear(dst)
		return nil
	}
	step := relative * (1 + h.origin) / length
	if _, err := h.Gradient(ctx, h.forward, step, v); err != nil {
		return err
	}
	if _, err := h.Gradient(ctx, dst, -step, v); err != nil {
		return err
	}
	for i, forward := range h.forward {
		dst[i] = (forward - dst[i]) / (2 * step)
	}
	return nil
}
