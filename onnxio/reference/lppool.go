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
	step := p.stride[len(p.in)-1]
	p.channels(func(x []float64, _ int, y []float64) {
		p.walk(func(_, o, i, n int) {
			for j := range n {
				y[o+j] += math.Pow(math.Abs(x[i+j*step]), norm)
			}
		})
		for o := range y {
			y[o] = math.Pow(y[o], 1/norm)
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type)}, nil
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
	return globalPool(func(v []float64) float64 { return lpNorm(v, p) })(c)
}

func lpNorm(v []float64, p float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Pow(math.Abs(x), p)
	}
	return math.Pow(sum, 1/p)
}
