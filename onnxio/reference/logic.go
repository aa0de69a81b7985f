package reference

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// logicOps are the operators on truth values and on the bits of integers.
var logicOps = map[string]op{
	"And": logical(func(a, b int64) int64 { return a & b }),
	"Or":  logical(func(a, b int64) int64 { return a | b }),
	"Xor": logical(func(a, b int64) int64 { return a ^ b }),
	"Not": not,

	"BitwiseAnd": rule2{signed: and[int64], unsigned: and[uint64]}.op,
	"BitwiseOr":  rule2{signed: or[int64], unsigned: or[uint64]}.op,
	"BitwiseXor": rule2{signed: xor[int64], unsigned: xor[uint64]}.op,
	"BitwiseNot": rule1{signed: invert[int64], unsigned: invert[uint64]}.op,
	"BitShift":   bitShift,
}

func and[T int64 | uint64](a, b T) T { return a & b }
func or[T int64 | uint64](a, b T) T  { return a | b }
func xor[T int64 | uint64](a, b T) T { return a ^ b }
func invert[T int64 | uint64](a T) T { return ^a }

// logical is an operator on two BOOL inputs.
func logical(f func(a, b int64) int64) op {
	return func(c *call) ([]*Tensor, error) {
		a, b, err := c.pair()
		if err != nil {
			return nil, err
		}
		if a.Type != graph.Bool {
			return nil, fmt.Errorf("its inputs have type %v, they must be BOOL", a.Type)
		}
		return one(FromInt64s(graph.Bool, a.Shape, pairs(a.Ints, b.Ints, f)), nil)
	}
}

func not(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if x.Type != graph.Bool {
		return nil, fmt.Errorf("its input has type %v, it must be BOOL", x.Type)
	}
	return one(FromInt64s(graph.Bool, x.Shape, each(x.Ints, func(v int64) int64 { return 1 - v })), nil)
}

// bitShift multiplies an integer by a power of two, or divides and rounds down. Shifting
// by a negative number, or by all bits, leaves only the sign of a number shifted right.
func bitShift(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	bits := int64(bitsOf(x.Type))
	switch c.string("direction", "", "LEFT", "RIGHT") {
	case "LEFT":
		return rule2{
			signed: func(a, b int64) int64 {
				if b < 0 || b >= bits {
					return 0
				}
				return a << b
			},
			unsigned: func(a, b uint64) uint64 { return a << b },
		}.op(c)
	case "RIGHT":
		return rule2{
			signed: func(a, b int64) int64 {
				if b < 0 || b >= bits {
					b = bits
				}
				return a >> b
			},
			unsigned: func(a, b uint64) uint64 { return a >> b },
		}.op(c)
	}
	return nil, errors.New(`attribute "direction" is missing, it must be LEFT or RIGHT`)
}
