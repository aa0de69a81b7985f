package reference

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// saturated is a whole number brought into the range of a type of integers, for UINT64
// into that of INT64. NaN gives 0.
func saturated(t graph.DataType, x float64) int64 {
	low, high := lowest(t), highest(t)
	if t == graph.Uint64 {
		high = math.MaxInt64
	}
	switch {
	case x <= float64(low):
		return low
	case x >= float64(high):
		return high
	case x != x:
		return 0
	}
	return int64(x)
}

// numbers is input k in float64, whether its type has a fraction or not.
func (c *call) numbers(k int) (*Tensor, error) {
	t, err := c.input(k)
	if err != nil {
		return nil, err
	}
	if t, err = t.inFloat64(); err != nil {
		return nil, fmt.Errorf("input %d: %w", k, err)
	}
	return t, nil
}

// inFloat64 gives numbers of any type in Floats, as DOUBLE if they were integers. Those
// beyond 2⁵³ lose their last digits.
func (t *Tensor) inFloat64() (*Tensor, error) {
	if err := t.numbers(); err != nil {
		return nil, err
	}
	if isFloat(t.Type) {
		return t, nil
	}
	v := make([]float64, len(t.Ints))
	for i, x := range t.Ints {
		v[i] = float64(x)
		if t.Type == graph.Uint64 {
			v[i] = float64(uint64(x))
		}
	}
	return FromFloat64s(graph.Double, t.Shape, v), nil
}

// as gives numbers in float64 another type: integers are cut towards zero and saturate.
func (t *Tensor) as(typ graph.DataType) *Tensor {
	if isFloat(typ) {
		return FromFloat64s(typ, t.Shape, t.Floats)
	}
	v := make([]int64, len(t.Floats))
	for i, x := range t.Floats {
		v[i] = saturated(typ, math.Trunc(x))
	}
	return FromInt64s(typ, t.Shape, v)
}
