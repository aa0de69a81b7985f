package reference

import "math"

// lpPool gives the p-norm of the numbers under each window. Zeros of padding add nothing.
func lpPool(c *call) ([]*Tensor, error) {
	p, err := newPool(c)
	if err != nil {
		return nil, err
	}
	if _, err := c.floats(0); err != nil {
		return nil, err
	}
	norm := c.norm()
	p.x = like(p.x, each(p.x.Floats, powerOf(norm)))
	err = p.each(func(offsets []offset, at []position, x, y []float64, _ int) {
		for _, w := range at {
			y[w.out] = math.Pow(sumUnder(offsets, x[w.in:]), 1/norm)
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type)}, err
}

// norm is the attribute p, which was a FLOAT in opset 1.
func (c *call) norm() float64 {
	if c.opset < 2 {
		return c.float("p", 2)
	}
	return float64(c.count("p", 2, 1))
}

// globalLpPool is the p-norm of each channel.
func globalLpPool(c *call) ([]*Tensor, error) {
	p := c.norm()
	return globalPool(ofRows(func(v []float64) float64 { return lpNorm(v, p) }))(c)
}

func lpNorm(v []float64, p float64) float64 {
	sum, power := 0.0, powerOf(p)
	for _, x := range v {
		sum += power(x)
	}
	return math.Pow(sum, 1/p)
}

// powerOf is |x| raised to p.
func powerOf(p float64) func(x float64) float64 {
	switch p {
	case 1:
		return math.Abs
	case 2:
		return func(x float64) float64 { return x * x }
	}
	return func(x float64) float64 { return math.Pow(math.Abs(x), p) }
}
