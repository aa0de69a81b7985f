package graph

import (
	"encoding/binary"
	"math"
	"slices"
)

// Float32Tensor makes a FLOAT tensor. v must hold as many values as dims say.
func Float32Tensor(name string, dims []int64, v []float32) *Tensor {
	raw := make([]byte, 0, 4*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return &Tensor{Name: name, Type: Float, Dims: slices.Clone(dims), Raw: raw}
}

// Int64Tensor makes an INT64 tensor. v must hold as many values as dims say.
func Int64Tensor(name string, dims []int64, v []int64) *Tensor {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return &Tensor{Name: name, Type: Int64, Dims: slices.Clone(dims), Raw: raw}
}

// FromFloat64s makes a tensor of type FLOAT, DOUBLE, FLOAT16 or BFLOAT16. Each
// value is rounded once, to the nearest of the type, at a tie to the even one, and
// to ±Inf beyond its range. Another type, or a number of values that is not the
// product of dims, is an error that names the tensor.
func FromFloat64s(name string, t DataType, dims []int64, v []float64) (*Tensor, error) {
	bits := math.Float64bits
	switch t {
	case Float:
		bits = func(x float64) uint64 { return uint64(math.Float32bits(float32(x))) }
	case Float16:
		bits = func(x float64) uint64 { return uint64(toHalf(x)) }
	case BFloat16:
		bits = func(x float64) uint64 { return uint64(toBFloat(x)) }
	}
	return fromValues(name, t, dims, v, []class{floats}, func(x float64) (uint64, bool) { return bits(x), true })
}

// FromInt64s makes a tensor of any integer type of 8 bits or more, or BOOL (0 and
// 1). A value outside the type's range is an error too.
func FromInt64s(name string, t DataType, dims []int64, v []int64) (*Tensor, error) {
	return fromValues(name, t, dims, v, []class{signed, unsigned, bools}, func(x int64) (uint64, bool) {
		return uint64(x), t.holds(x) && (t != Uint64 || x >= 0)
	})
}

// FromUint64s makes a tensor of type UINT8, UINT16, UINT32 or UINT64. A value
// outside the type's range is an error too.
func FromUint64s(name string, t DataType, dims []int64, v []uint64) (*Tensor, error) {
	return fromValues(name, t, dims, v, []class{unsigned}, func(x uint64) (uint64, bool) {
		return x, t == Uint64 || x <= math.MaxInt64 && t.holds(int64(x))
	})
}

// FromBools makes a BOOL tensor.
func FromBools(name string, dims []int64, v []bool) (*Tensor, error) {
	return fromValues(name, Bool, dims, v, []class{bools}, func(x bool) (uint64, bool) {
		if x {
			return 1, true
		}
		return 0, true
	})
}

// fromValues makes a tensor whose elements have the bits that encode gives; false
// means that the type has no such value.
func fromValues[T any](name string, typ DataType, dims []int64, v []T, allowed []class, encode func(T) (uint64, bool)) (*Tensor, error) {
	t := &Tensor{Name: name, Type: typ, Dims: slices.Clone(dims)}
	if err := typ.mustBe(allowed...); err != nil {
		return nil, t.errorf("%w", err)
	}
	switch n, err := t.elements(); {
	case err != nil:
		return nil, t.errorf("%w", err)
	case n != int64(len(v)):
		return nil, t.errorf("dims %v need %d elements of %s, but there are %d", dims, n, typ, len(v))
	}
	raw := make([]byte, 0, typ.rawSize(int64(len(v))))
	for i, x := range v {
		bits, ok := encode(x)
		if !ok {
			return nil, t.errorf("element %d, %v, is outside the range of %s", i, x, typ)
		}
		raw = typ.appendBits(raw, bits)
	}
	t.Raw = raw
	return t, nil
}
