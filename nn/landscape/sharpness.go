package landscape

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/gonn-toolkit/gonn/nn"
)

// Options say what Measure computes.
type Options struct {
	Seed       uint64
	Directions int     // number of random directions, 2 or more
	Distance   float64 // of Sharpness.Rise, above 0: 0.5 changes each filter by half its norm
	Products   int     // most products with the Hessian for a pair of eigenvalues, 1 or more
	Tolerance  float64 // residual of eigenvalues, relative to the larger one, at which they are good enough
	// Progress, if not nil, is told what comes next.
	Progress func(what string) `json:"-"`
}

// tell tells Progress of one of several like steps, from 0.
func (o Options) tell(what string, i, n int) {
	if o.Progress != nil {
		o.Progress(fmt.Sprintf("%s %d/%d", what, i+1, n))
	}
}

// DefaultOptions take some hundred gradients.
func DefaultOptions() Options {
	return Options{Seed: 1, Directions: 10, Distance: 0.5, Products: 40, Tolerance: 0.01}
}

// Sharpness says how sharp an objective is at the network's parameters θ.
type Sharpness struct {
	Loss     float64
	Accuracy float64
	// GradientNorm is ‖∇L(θ)‖ over the trained parameters: 0 at a minimum.
	GradientNorm float64
	// Curvature is dᵀHd for each direction d of FilterNormalized: the second derivative of the loss
	// along d, for a change of each filter by its own norm.
	Curvature []float64
	// Rise is the mean of L(θ + r·d) and L(θ − r·d), minus L(θ), for each direction d and the
	// distance r: of a parabola, r²/2 times the curvature.
	Rise []float64
	// Largest and Smallest are the extreme eigenvalues of the Hessian H.
	Largest, Smallest Eigenvalue
	// Relative is the largest eigenvalue of D·H·D, where D is diagonal with the norm of its
	// filter for each weight and 0 for other parameters: the most that dᵀHd can be if each
	// number of d is measured by the norm of its filter and ‖d‖ is 1 in that measure.
	Relative Eigenvalue
	// Trace is the sum of all eigenvalues.
	Trace Estimate
}

// Estimate is a mean over random vectors and its standard error.
type Estimate struct {
	Value float64 `json:"value"`
	Error float64 `json:"standard_error"`
}

// ErrNotFinite is the error of Measure for a network that has no curvature to measure.
var ErrNotFinite = errors.New("the loss or its gradient is not a finite number")

// Measure computes the sharpness of an objective. Networks of the same structure get directions
// from the same random numbers. The trace is Hutchinson's estimate over vectors of ±1, as many as
// there are directions (A stochastic estimator of the trace of the influence matrix for Laplacian
// smoothing splines, 1989).
func Measure(ctx context.Context, o *Objective, opt Options) (*Sharpness, error) {
	if opt.Directions < 2 || opt.Products < 1 || !(opt.Distance > 0) {
		return nil, fmt.Errorf("curvature by %d directions, a distance of %g and %d products: need 2 or more, above 0, 1 or more",
			opt.Directions, opt.Distance, opt.Products)
	}
	h, err := NewHessian(o)
	if err != nil {
		return nil, err
	}
	s := &Sharpness{}
	w := NewDirection(o.Net)
	st, err := h.Gradient(ctx, w, 0, nil)
	if err != nil {
		return nil, err
	}
	s.Loss, s.Accuracy, s.GradientNorm = st.Loss(), st.Accuracy(), norm(w)
	if v := s.Loss + s.GradientNorm; v-v != 0 {
		return nil, ErrNotFinite
	}
	if err := s.alongDirections(ctx, h, opt); err != nil {
		return nil, err
	}
	if err := s.eigenvalues(ctx, h, opt); err != nil {
		return nil, err
	}
	s.Trace, err = h.trace(ctx, opt)
	return s, err
}

// Streams of random numbers of a seed, so that none depends on how many another one has taken.
const (
	directionStream = iota
	eigenvalueStream
	traceStream
)

func random(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// Directions are the first n random directions of a seed, those of Measure.
func Directions(net *nn.Network, seed uint64, n int) []Direction {
	rng := random(seed, directionStream)
	list := make([]Direction, n)
	for i := range list {
		list[i] = FilterNormalized(net, rng)
	}
	return list
}

// alongDirections computes Curvature and Rise, one direction after the other to save memory.
func (s *Sharpness) alongDirections(ctx context.Context, h *Hessian, opt Options) error {
	rng := random(opt.Seed, directionStream)
	w := NewDirection(h.net)
	for i := range opt.Directions {
		opt.tell("direction", i, opt.Directions)
		d := FilterNormalized(h.objective.Net, rng)
		if err := h.Product(ctx, w, d, DirectionStep); err != nil {
			return err
		}
		ends, err := h.objective.Line(ctx, d, []float64{-opt.Distance, 0, opt.Distance})
		if err != nil {
			return err
		}
		s.Curvature = append(s.Curvature, floats.Dot(w, d))
		s.Rise = append(s.Rise, (ends[0].Loss()+ends[2].Loss())/2-ends[1].Loss())
	}
	return nil
}

// eigenvalues computes Largest, Smallest and Relative.
func (s *Sharpness) eigenvalues(ctx context.Context, h *Hessian, opt Options) (err error) {
	start := h.random(random(opt.Seed, eigenvalueStream).NormFloat64)
	n := 0
	s.Largest, s.Smallest, err = Extremes(start, func(dst, v Direction) error {
		opt.tell("eigenvalues, product", n, opt.Products)
		n++
		return h.Product(ctx, dst, v, EigenvalueStep)
	}, opt.Products, func(largest, smallest Eigenvalue) bool {
		return max(largest.Residual, smallest.Residual) <= opt.Tolerance*max(math.Abs(largest.Value), math.Abs(smallest.Value))
	})
	if err != nil {
		return err
	}
	n = 0
	scale, scaled := filterNorms(h.objective.Net), NewDirection(h.net)
	for i, x := range scale {
		if x == 0 {
			start[i] = 0 // no direction moves it
		}
	}
	if norm(start) == 0 {
		return nil // no weight is trained
	}
	s.Relative, _, err = Extremes(start, func(dst, v Direction) error {
		opt.tell("relative eigenvalue, product", n, opt.Products)
		n++
		floats.MulTo(scaled, v, scale)
		err := h.Product(ctx, dst, scaled, EigenvalueStep)
		floats.Mul(dst, scale)
		return err
	}, opt.Products, func(largest, _ Eigenvalue) bool {
		return largest.Residual <= opt.Tolerance*math.Abs(largest.Value)
	})
	return err
}

// trace is the mean of zᵀHz over random vectors of ±1.
func (h *Hessian) trace(ctx context.Context, opt Options) (Estimate, error) {
	rng := random(opt.Seed, traceStream)
	w := NewDirection(h.net)
	forms := make([]float64, opt.Directions)
	for i := range forms {
		opt.tell("trace", i, opt.Directions)
		z := h.random(func() float64 { return float64(2*rng.IntN(2) - 1) })
		if err := h.Product(ctx, w, z, DirectionStep); err != nil {
			return Estimate{}, err
		}
		forms[i] = floats.Dot(w, z)
	}
	mean, std := stat.MeanStdDev(forms, nil)
	return Estimate{mean, stat.StdErr(std, float64(opt.Directions))}, nil
}

// random is a vector of random numbers, 0 at parameters that are not trained.
func (h *Hessian) random(number func() float64) Direction {
	v := NewDirection(h.net)
	v.each(h.objective.Net, func(p *nn.Param, v Direction) {
		for i := range v {
			if p.Trained() {
				v[i] = number()
			}
		}
	})
	return v
}
