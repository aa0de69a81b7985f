package reference

import (
	"fmt"
	"math"
)

// globalPoolOps sum up each channel of a map in one number.
var globalPoolOps = map[string]op{
	"GlobalMaxPool":     globalPool(largest),
	"GlobalAveragePool": globalPool(average),
	"GlobalLpPool":      globalLpPool,
}

// globalPool makes an operator [N, C, D1, …] → [N, C, 1, …] of a function.
func globalPool(f func(v []float64) float64) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.maps(0, 0)
		if err != nil {
			return nil, err
		}
		n := product(x.Shape[2:])
		if n == 0 {
			return nil, fmt.Errorf("the input has shape %v: its maps are empty", x.Shape)
		}
		shape := []int{x.Shape[0], x.Shape[1]}
		for range x.Shape[2:] {
			shape = append(shape, 1)
		}
		y := make([]float64, 0, len(x.Floats)/n)
		for at := 0; at < len(x.Floats); at += n {
			y = append(y, f(x.Floats[at:at+n]))
		}
		return []*Tensor{FromFloat64s(x.Type, shape, y)}, nil
	}
}

func largest(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		top = math.Max(top, x)
	}
	return top
}
