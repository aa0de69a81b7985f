package reference

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// chooseOps are the operators that choose between values element by element.
var chooseOps = map[string]op{
	"Where": where,
	"Clip":  clip,
}

// where takes elements of the second input where the first is true, else of the third.
func where(c *call) ([]*Tensor, error) {
	in, err := c.inputs(3)
	switch {
	case err != nil:
		return nil, err
	case in[0].Type != graph.Bool:
		return nil, fmt.Errorf("its condition has type %v, it must be BOOL", in[0].Type)
	case in[1].Type != in[2].Type:
		return nil, fmt.Errorf("its inputs have types %v and %v, they must be the same", in[1].Type, in[2].Type)
	}
	if in, err = broadcast(in...); err != nil {
		return nil, err
	}
	r := in[2].clone()
	for i, yes := range in[0].Ints {
		if yes != 0 {
			r.set(i, in[1], i)
		}
	}
	return one(r, nil)
}

// clip keeps values between two ends: inputs, before opset 11 attributes. Where the lower
// end is above the upper one, the upper one holds.
func clip(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	low, high := c.optional(1), c.optional(2)
	if c.opset < 11 {
		if err := x.fractions(); err != nil {
			return nil, err
		}
		low = FromFloat64s(x.Type, nil, []float64{c.float("min", -math.MaxFloat32)})
		high = FromFloat64s(x.Type, nil, []float64{c.float("max", math.MaxFloat32)})
	}
	for _, end := range []struct {
		at   *Tensor
		rule rule2
	}{{low, larger}, {high, smaller}} {
		if end.at == nil {
			continue
		}
		if x, err = end.rule.withScalar(x, end.at); err != nil {
			return nil, err
		}
	}
	return one(x, nil)
}

// withScalar applies a rule to every element of x and the one of s.
func (r rule2) withScalar(x, s *Tensor) (*Tensor, error) {
	if s.Type != x.Type || s.Len() != 1 {
		return nil, fmt.Errorf("a limit is %v of shape %v, it must be one %v", s.Type, s.Shape, x.Type)
	}
	s, err := s.view(x.Shape, make([]int, len(x.Shape)), 0)
	if err != nil {
		return nil, err
	}
	return r.apply(x, s)
}
