package reference

import (
	"fmt"
	"math"
)

// batchNormOps normalise each channel over the batch.
var batchNormOps = map[string]op{
	"BatchNormalization": batchNorm,
}

// batchNorm is (x − mean)/√(variance + epsilon)·scale + bias for each channel. In training
// mean and variance are those of the batch (the variance divided by the number of
// elements), and the results that follow are the running ones, moved towards them by
// 1 − momentum; before opset 14 the batch's own follow those.
func batchNorm(c *call) ([]*Tensor, error) {
	epsilon, momentum := c.float("epsilon", 1e-5), c.float("momentum", 0.9)
	training, err := c.node.TrainsNorm(c.opset)
	if err != nil {
		return nil, err
	}
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	n, channels, size, err := c.channels(x.Shape)
	if err != nil {
		return nil, err
	}
	var p [4][]float64 // scale, bias, mean, variance
	for k := range p {
		t, err := c.floats(1 + k)
		if err != nil {
			return nil, err
		}
		if len(t.Floats) != channels {
			return nil, fmt.Errorf("input %d has shape %v, it must hold a number for each of %d channels", 1+k, t.Shape, channels)
		}
		p[k] = t.Floats
	}
	if !training {
		return []*Tensor{like(x, normalised(x.Floats, n, channels, size, epsilon, p))}, nil
	}
	mean, variance := moments(x.Floats, n, channels, size)
	out := []*Tensor{
		like(x, normalised(x.Floats, n, channels, size, epsilon, [4][]float64{p[0], p[1], mean, variance})),
		like(c.in[3], mixed(p[2], mean, momentum)),
		like(c.in[4], mixed(p[3], variance, momentum)),
	}
	if c.opset < 14 {
		out = append(out, like(c.in[3], mean), like(c.in[4], variance))
	}
	return out, nil
}

// channels cuts x into a batch of n, channels, and a map of size numbers in each. A vector
// has one channel, and with spatial=0 (before opset 9) every place of a map is one.
func (c *call) channels(shape []int) (n, channels, size int, err error) {
	spatial := c.opset >= 9 || c.flag("spatial", true)
	switch {
	case len(shape) == 0:
		return 0, 0, 0, fmt.Errorf("input 0 is a scalar")
	case len(shape) == 1:
		return shape[0], 1, 1, nil
	case !spatial:
		return shape[0], product(shape[1:]), 1, nil
	}
	return shape[0], shape[1], product(shape[2:]), nil
}

// normalised applies scale, bias, mean and variance p.
func normalised(x []float64, n, channels, size int, epsilon float64, p [4][]float64) []float64 {
	y := make([]float64, len(x))
	factor := make([]float64, channels)
	for c := range factor {
		factor[c] = p[0][c] / math.Sqrt(p[3][c]+epsilon)
	}
	parallelRuns(n*channels, 1, size, func(low, high int) {
		for i := low; i < high; i++ {
			c := i % channels
			from, to := x[i*size:][:size], y[i*size:][:size]
			mean, f, bias := p[2][c], factor[c], p[1][c]
			for k, v := range from {
				to[k] = (v-mean)*f + bias
			}
		}
	})
	return y
}

// moments is the mean and the variance of each channel.
func moments(x []float64, n, channels, size int) (mean, variance []float64) {
	mean, variance = make([]float64, channels), make([]float64, channels)
	count := float64(n * size)
	eachChannel(x, channels, size, func(c int, v float64) { mean[c] += v / count })
	eachChannel(x, channels, size, func(c int, v float64) { variance[c] += (v - mean[c]) * (v - mean[c]) / count })
	return mean, variance
}

func eachChannel(x []float64, channels, size int, visit func(c int, v float64)) {
	for i, v := range x {
		visit(i/size%channels, v)
	}
}

// mixed is old·momentum + now·(1 − momentum).
func mixed(old, now []float64, momentum float64) []float64 {
	y := make([]float64, len(old))
	for i := range y {
		y[i] = old[i]*momentum + now[i]*(1-momentum)
	}
	return y
}
