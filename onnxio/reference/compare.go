package reference

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// compareOps are the operators that answer a question about numbers with BOOL.
var compareOps = map[string]op{
	"Equal":          comparison{equal[float64], equal[int64], equal[uint64], equal[string]}.op,
	"Greater":        comparison{more[float64], more[int64], more[uint64], nil}.op,
	"GreaterOrEqual": comparison{orMore[float64], orMore[int64], orMore[uint64], nil}.op,
	"Less":           comparison{less[float64], less[int64], less[uint64], nil}.op,
	"LessOrEqual":    comparison{orLess[float64], orLess[int64], orLess[uint64], nil}.op,

	"IsNaN": isNaN,
	"IsInf": isInf,
}

func equal[T cmp.Ordered](a, b T) bool  { return a == b }
func more[T cmp.Ordered](a, b T) bool   { return a > b }
func orMore[T cmp.Ordered](a, b T) bool { return a >= b }
func less[T cmp.Ordered](a, b T) bool   { return a < b }
func orLess[T cmp.Ordered](a, b T) bool { return a <= b }

type comparison struct {
	float    func(a, b float64) bool
	signed   func(a, b int64) bool
	unsigned func(a, b uint64) bool
	text     func(a, b string) bool
}

func (r comparison) op(c *call) ([]*Tensor, error) {
	a, b, err := c.pair()
	switch {
	case err != nil:
		return nil, err
	case isFloat(a.Type):
		return bools(a.Shape, pairs(a.Floats, b.Floats, r.float)), nil
	case isUnsigned(a.Type):
		v := pairs(a.Ints, b.Ints, func(a, b int64) bool { return r.unsigned(uint64(a), uint64(b)) })
		return bools(a.Shape, v), nil
	case isInt(a.Type):
		return bools(a.Shape, pairs(a.Ints, b.Ints, r.signed)), nil
	case r.text != nil:
		return bools(a.Shape, pairs(a.Strings, b.Strings, r.text)), nil
	}
	return nil, fmt.Errorf("an input has type %v, which the operator does not take", a.Type)
}

// bools is a result of type BOOL.
func bools(shape []int, v []bool) []*Tensor {
	return []*Tensor{FromInt64s(graph.Bool, shape, each(v, bit))}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func isNaN(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if err := x.fractions(); err != nil {
		return nil, err
	}
	return bools(x.Shape, each(x.Floats, math.IsNaN)), nil
}

// isInf can be asked for one sign only.
func isInf(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if err := x.fractions(); err != nil {
		return nil, err
	}
	negative, positive := c.flag("detect_negative", true), c.flag("detect_positive", true)
	return bools(x.Shape, each(x.Floats, func(v float64) bool {
		return positive && math.IsInf(v, 1) || negative && math.IsInf(v, -1)
	})), nil
}
