package saliency

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Smooth is the noise of SmoothGrad.
type Smooth struct {
	Copies int // noisy copies of each sample
	// Noise is the standard deviation of what is added to each number, as a part of the range
	// (largest − smallest number) of the sample. Smilkov et al. take 0.1 to 0.2.
	Noise float64
	Seed  uint64
}

// SmoothGrad is the mean gradient of the scores over noisy copies of the samples (Smilkov et
// al. 2017), of the shape of x. Equal seeds give equal results.
func (e *Explainer) SmoothGrad(x *nn.Tensor, classes []int, s Smooth) (*nn.Tensor, error) {
	if s.Copies < 1 || !(s.Noise >= 0) {
		return nil, fmt.Errorf("saliency: SmoothGrad of %d copies with noise %g; need at least one and noise ≥ 0", s.Copies, s.Noise)
	}
	noisy, sum := nn.NewTensor(x.Shape...), make([]float64, len(x.Data))
	for c := range s.Copies {
		random := rand.New(rand.NewPCG(s.Seed, uint64(c)))
		for i := range x.Shape[0] {
			from := x.Sample(i)
			deviation := s.Noise * float64(slices.Max(from)-slices.Min(from))
			for j, v := range from {
				noisy.Sample(i)[j] = v + float32(deviation*random.NormFloat64())
			}
		}
		ex, err := e.Explain(noisy, classes)
		if err != nil {
			return nil, err
		}
		for j, g := range ex.Gradient.Data {
			sum[j] += float64(g)
		}
	}
	mean := nn.NewTensor(x.Shape...)
	for j, v := range sum {
		mean.Data[j] = float32(v / float64(s.Copies))
	}
	return mean, nil
}

// TimesInput is gradient × input (Shrikumar et al. 2016), element by element: how much each
// number of the samples adds to the score if the network is linear around them. Both tensors
// are of one shape.
func TimesInput(gradient, x *nn.Tensor) *nn.Tensor {
	product := nn.NewTensor(x.Shape...)
	for i, v := range x.Data {
		product.Data[i] = gradient.Data[i] * v
	}
	return product
}
