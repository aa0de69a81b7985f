package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// reduceOps are the operators that make one number of all elements along some axes. The
// opset is the first in which the axes are an input and no attribute.
var reduceOps = map[string]op{
	"ReduceSum":       reducer{sum[float64], sum[int64], sum[uint64]}.op(13),
	"ReduceProd":      reducer{prod[float64], prod[int64], prod[uint64]}.op(18),
	"ReduceSumSquare": reducer{sumSquare[float64], sumSquare[int64], sumSquare[uint64]}.op(18),
	"ReduceL1":        reducer{l1[float64], l1[int64], l1[uint64]}.op(18),
	"ReduceMax":       reducer{greatest, slices.Max[[]int64], slices.Max[[]uint64]}.op(18),
	"ReduceMin":       reducer{least, slices.Min[[]int64], slices.Min[[]uint64]}.op(18),
	"ReduceMean":      reducer{float: average}.op(18),
	"ReduceL2":        reducer{float: l2}.op(18),
	"ReduceLogSum":    reducer{float: logSum}.op(18),
	"ReduceLogSumExp": reducer{float: logSumExp}.op(18),
}

// reducer makes one number of many. Without a form for integers it calculates with
// float64 and drops the fraction.
type reducer struct {
	float    func([]float64) float64
	signed   func([]int64) int64
	unsigned func([]uint64) uint64
}

func (r reducer) op(since int64) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.input(0)
		if err != nil {
			return nil, err
		}
		axes, err := axesOf(c.listAt("axes", since, 1), x.Rank())
		if err != nil {
			return nil, err
		}
		if len(axes) == 0 && !c.flag("noop_with_empty_axes", false) {
			for i := range x.Rank() {
				axes = append(axes, i)
			}
		}
		return one(r.reduce(x, axes, c.flag("keepdims", true)))
	}
}

// reduce makes each row of x along the axes a number. keep leaves the axes there, with
// size one.
func (r reducer) reduce(x *Tensor, axes []int, keep bool) (*Tensor, error) {
	rows, shape, n, err := x.rows(axes, keep)
	if err != nil {
		return nil, err
	}
	result, err := newTensor(x.Type, shape...)
	if err != nil {
		return nil, err
	}
	switch {
	case isFloat(x.Type):
		parallelRuns(len(result.Floats), 1, n, func(low, high int) {
			for i := low; i < high; i++ {
				result.Floats[i] = r.float(rows.Floats[i*n : (i+1)*n])
			}
		})
		return result, nil
	case isInt(x.Type):
		for i := range result.Ints {
			result.Ints[i] = wrap(x.Type, r.ofInts(x.Type, rows.Ints[i*n:(i+1)*n]))
		}
		return result, nil
	}
	return nil, fmt.Errorf("its input has type %v, which it does not take", x.Type)
}

func (r reducer) ofInts(t graph.DataType, row []int64) int64 {
	switch {
	case r.signed == nil:
		return truncate(t, r.float(each(row, func(v int64) float64 { return asFloat(t, v) })))
	case len(row) == 0:
		return ofNone(t, r.float(nil))
	case isUnsigned(t):
		return int64(r.unsigned(each(row, func(v int64) uint64 { return uint64(v) })))
	}
	return r.signed(row)
}

// ofNone is what integers give where there are none: the number that floats give, the end
// of the range for infinity.
func ofNone(t graph.DataType, x float64) int64 {
	switch {
	case math.IsInf(x, -1):
		return lowest(t)
	case math.IsInf(x, 1):
		return highest(t)
	}
	return int64(x)
}

// rows moves the axes to the end, so that all elements along them stand in a row of n.
// shape is that of one number a row.
func (t *Tensor) rows(axes []int, keep bool) (rows *Tensor, shape []int, n int, err error) {
	n = 1
	var order []int
	for i, d := range t.Shape {
		switch {
		case !slices.Contains(axes, i):
			order = append(order, i)
			shape = append(shape, d)
		case keep:
			shape = append(shape, 1)
		}
	}
	for _, axis := range axes {
		n *= t.Shape[axis]
	}
	order = append(order, axes...)
	if slices.IsSorted(order) { // they are there
		return t, shape, n, nil
	}
	rows, err = t.transpose(order)
	return rows, shape, n, err
}

func sum[T number](v []T) T {
	var s T
	for _, x := range v {
		s += x
	}
	return s
}

func prod[T number](v []T) T {
	p := T(1)
	for _, x := range v {
		p *= x
	}
	return p
}

func sumSquare[T number](v []T) T {
	var s T
	for _, x := range v {
		s += x * x
	}
	return s
}

func l1[T number](v []T) T {
	var s T
	for _, x := range v {
		if x < 0 {
			x = -x
		}
		s += x
	}
	return s
}

func average(v []float64) float64 { return sum(v) / float64(len(v)) }
func l2(v []float64) float64      { return math.Sqrt(sumSquare(v)) }
func logSum(v []float64) float64  { return math.Log(sum(v)) }

// greatest is NaN if one number is, and −∞ of none.
func greatest(v []float64) float64 {
	m := math.Inf(-1)
	for _, x := range v {
		m = max(m, x)
	}
	return m
}

func least(v []float64) float64 {
	m := math.Inf(1)
	for _, x := range v {
		m = min(m, x)
	}
	return m
}

// logSumExp is log Σ exp x without an overflow.
func logSumExp(v []float64) float64 {
	m := greatest(v)
	if math.IsInf(m, 0) {
		return m
	}
	var s float64
	for _, x := range v {
		s += math.Exp(x - m)
	}
	return m + math.Log(s)
}
