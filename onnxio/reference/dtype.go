package reference

import (
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// isFloat reports whether values of a type are kept in Floats.
func isFloat(t graph.DataType) bool {
	return t == graph.Float || t == graph.Double || t == graph.Float16 || t == graph.BFloat16
}

// isInt reports whether values of a type are kept in Ints.
func isInt(t graph.DataType) bool { return isSigned(t) || isUnsigned(t) || t == graph.Bool }

func isSigned(t graph.DataType) bool {
	return t == graph.Int8 || t == graph.Int16 || t == graph.Int32 || t == graph.Int64
}

func isUnsigned(t graph.DataType) bool {
	return t == graph.Uint8 || t == graph.Uint16 || t == graph.Uint32 || t == graph.Uint64
}

// isNumber reports whether one can calculate with a type.
func isNumber(t graph.DataType) bool { return isFloat(t) || isSigned(t) || isUnsigned(t) }

// bitsOf is the size of an integer type.
func bitsOf(t graph.DataType) int {
	switch t {
	case graph.Int8, graph.Uint8:
		return 8
	case graph.Int16, graph.Uint16:
		return 16
	case graph.Int32, graph.Uint32:
		return 32
	case graph.Bool:
		return 1
	}
	return 64
}

// wrap keeps the low bits of an integer, as many as its type has: sums and products go
// around at the ends of the type's range. For UINT64 it is the bits.
func wrap(t graph.DataType, v int64) int64 {
	free := 64 - bitsOf(t)
	switch {
	case t == graph.Bool && v != 0:
		return 1
	case isSigned(t):
		return v << free >> free
	}
	return int64(uint64(v) << free >> free)
}

// lowest and highest are the ends of a type's range, for UINT64 as bits.
func lowest(t graph.DataType) int64 {
	if isSigned(t) {
		return -1 << (bitsOf(t) - 1)
	}
	return 0
}

func highest(t graph.DataType) int64 {
	if isSigned(t) {
		return -(lowest(t) + 1)
	}
	return int64(^uint64(0) >> (64 - bitsOf(t)))
}

// round gives the number of a floating-point type that is nearest to x, at a tie the one
// with an even fraction; beyond the type's range infinity.
func round(t graph.DataType, x float64) float64 {
	switch t {
	case graph.Float:
		return float64(float32(x))
	case graph.Float16:
		return roundTo(x, 10, -14, 65504)
	case graph.BFloat16:
		return roundTo(x, 7, -126, 0x1.fep127)
	}
	return x
}

// roundTo rounds to a format with that many bits of fraction, the exponent of its
// smallest normal number, and its largest number.
func roundTo(x float64, fraction, smallest int, largest float64) float64 {
	if x == 0 || math.IsInf(x, 0) || x != x {
		return x
	}
	_, exponent := math.Frexp(x) // |x| is from 2^(exponent−1) up to 2^exponent
	step := math.Ldexp(1, max(exponent-1, smallest)-fraction)
	y := math.RoundToEven(x/step) * step
	if math.Abs(y) > largest {
		return math.Copysign(math.Inf(1), x)
	}
	return math.Copysign(y, x)
}
