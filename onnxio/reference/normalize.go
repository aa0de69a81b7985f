package reference

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"
)

// normalizeOps give numbers of one sample that belong together mean 0 and variance 1, or
// norm 1.
var normalizeOps = map[string]op{
	"InstanceNormalization":     instanceNorm,
	"GroupNormalization":        groupNorm,
	"LayerNormalization":        layerNorm,
	"RMSNormalization":          rmsNorm,
	"MeanVarianceNormalization": meanVarianceNorm,
	"LpNormalization":           lpNormalization,
	"LRN":                       lrn,
}

// standardised gives each run of n numbers mean 0 and variance 1, up to epsilon. mean and
// inverse, of the standard deviation, are those of the runs.
func standardised(v []float64, count, n int, epsilon float64) (y, mean, inverse []float64) {
	y = make([]float64, 0, len(v))
	for k := range count {
		run := v[k*n : (k+1)*n]
		m, squares := average(run), 0.0
		for _, x := range run {
			squares += (x - m) * (x - m)
		}
		inv := 1 / math.Sqrt(squares/float64(n)+epsilon)
		for _, x := range run {
			y = append(y, (x-m)*inv)
		}
		mean, inverse = append(mean, m), append(inverse, inv)
	}
	return y, mean, inverse
}

// instanceNorm standardises each channel of each sample, then scales and shifts it.
func instanceNorm(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 0)
	if err != nil {
		return nil, err
	}
	return one(c.grouped(x, x.Shape[1], x.Shape[1]))
}

// groupNorm standardises groups of channels. Before opset 21 there is a scale and a bias for
// each group, since then for each channel.
func groupNorm(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 0)
	if err != nil {
		return nil, err
	}
	groups := c.count("num_groups", 0, 1)
	if c.err != nil || x.Shape[1]%groups != 0 {
		return nil, fmt.Errorf("%d channels do not part into %d groups", x.Shape[1], groups)
	}
	if c.opset < 21 {
		return one(c.grouped(x, groups, groups))
	}
	return one(c.grouped(x, groups, x.Shape[1]))
}

// grouped standardises groups of channels and applies inputs 1 and 2, which hold n scales
// and biases.
func (c *call) grouped(x *Tensor, groups, n int) (*Tensor, error) {
	if _, err := c.inputs(3); err != nil {
		return nil, err
	}
	scale, err := c.vector(1, n)
	if err != nil {
		return nil, err
	}
	bias, err := c.vector(2, n)
	if err != nil {
		return nil, err
	}
	size := 0 // of what has one scale
	if n > 0 {
		size = product(x.Shape[1:]) / n
	}
	run := size * n / max(groups, 1)
	y, _, _ := standardised(x.Floats, x.Shape[0]*groups, run, c.float("epsilon", 1e-5))
	for i := range y {
		k := i / size % n
		y[i] = y[i]*scale[k] + bias[k]
	}
	return like(x, y), nil
}

// lpNormalization divides by the norm along an axis: the sum of magnitudes (p = 1) or the
// root of the sum of squares (p = 2). Zeros stay zeros.
func lpNormalization(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	p, axis := c.int("p", 2), c.axis("axis", -1, len(x.Shape))
	switch {
	case c.err != nil:
		return nil, c.err
	case p != 1 && p != 2:
		return nil, fmt.Errorf("attribute \"p\" is %d, it must be 1 or 2", p)
	}
	_, n, inner := around(x.Shape, axis)
	y := slices.Clone(x.Floats)
	eachLine(y, n, inner, func(line []float64) {
		norm := lpNorm(line, float64(p))
		for i := range line {
			if norm != 0 {
				line[i] /= norm
			}
		}
	})
	return []*Tensor{like(x, y)}, nil
}

// lrn divides each number by a power of the mean square over size channels around its own:
// x/(bias + alpha/size·Σx²)^beta. Of an even size the one channel more comes after.
func lrn(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 0)
	if err != nil {
		return nil, err
	}
	alpha, beta, bias := c.float("alpha", 1e-4), c.float("beta", 0.75), c.float("bias", 1)
	n := c.count("size", 0, 1)
	if c.err != nil {
		return nil, c.err
	}
	_, channels, size := around(x.Shape, 1)
	scale := func(sum float64) float64 { return math.Pow(bias+alpha/float64(n)*sum, beta) }
	var stopped atomic.Pointer[error]
	y := slices.Clone(x.Floats)
	eachLine(y, channels, size, func(line []float64) {
		if stopped.Load() != nil {
			return
		}
		if err := c.lrnLine(line, n, scale); err != nil {
			stopped.Store(&err)
		}
	})
	if err := stopped.Load(); err != nil {
		return nil, *err
	}
	return []*Tensor{like(x, y)}, nil
}

// lrnLine divides the channels of a place by the scale of the n squares around each.
func (c *call) lrnLine(line []float64, n int, scale func(sum float64) float64) error {
	meter := paced{call: c}
	squares := make([]float64, len(line))
	for k := range line {
		low, high := max(0, k-(n-1)/2), min(k+n/2, len(line)-1)
		for _, v := range line[low : high+1] {
			squares[k] += v * v
		}
		if err := meter.did(high + 1 - low); err != nil {
			return err
		}
	}
	for k, sum := range squares {
		line[k] /= scale(sum)
	}
	return nil
}
