package reference

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// arithmeticOps are the operators that calculate with two or more numbers, element by
// element with broadcasting.
var arithmeticOps = map[string]op{
	"Add": addition.op,
	"Sub": rule2{sub[float64], sub[int64], sub[uint64], subLoop}.op,
	"Mul": multiplication.op,
	"Div": nonzero(rule2{div[float64], div[int64], div[uint64], divLoop}),
	"Mod": mod,
	"Pow": pow,

	"Sum":  variadic(addition),
	"Mean": meanOp,
	"Max":  variadic(larger),
	"Min":  variadic(smaller),
}

type number interface{ float64 | int64 | uint64 }

func add[T number](a, b T) T { return a + b }
func sub[T number](a, b T) T { return a - b }
func mul[T number](a, b T) T { return a * b }
func div[T number](a, b T) T { return a / b } // Go, like ONNX, drops the fraction of integers

func maximum[T number](a, b T) T { return max(a, b) } // NaN if one is
func minimum[T number](a, b T) T { return min(a, b) }

var (
	addition       = rule2{add[float64], add[int64], add[uint64], addLoop}
	multiplication = rule2{mul[float64], mul[int64], mul[uint64], mulLoop}
	larger         = rule2{maximum[float64], maximum[int64], maximum[uint64], maxLoop}
	smaller        = rule2{minimum[float64], minimum[int64], minimum[uint64], minLoop}
)

// nonzero is a rule that cannot divide an integer by zero.
func nonzero(r rule2) op {
	return func(c *call) ([]*Tensor, error) {
		a, b, err := c.pair()
		switch {
		case err != nil:
			return nil, err
		case slices.Contains(b.Ints, 0):
			return nil, errors.New("an integer is divided by zero")
		}
		return one(r.apply(a, b))
	}
}

// mod is what is left of a division. With fmod it has the sign of the dividend, as in C,
// and without that of the divisor, as in Python.
func mod(c *call) ([]*Tensor, error) {
	if c.flag("fmod", false) {
		return nonzero(rule2{float: math.Mod, signed: rest[int64], unsigned: rest[uint64]})(c)
	}
	return nonzero(rule2{float: modulo, signed: modulo64, unsigned: rest[uint64]})(c)
}

func rest[T int64 | uint64](a, b T) T { return a % b }

func modulo(a, b float64) float64 {
	m := math.Mod(a, b)
	switch {
	case m == 0:
		return math.Copysign(0, b)
	case (m < 0) != (b < 0):
		return m + b // NaN stays NaN
	}
	return m
}

func modulo64(a, b int64) int64 {
	m := a % b
	if m != 0 && (m < 0) != (b < 0) {
		m += b
	}
	return m
}

// pow raises to a power, which may be of another type.
func pow(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	for _, t := range in {
		if err := t.numbers(); err != nil {
			return nil, err
		}
	}
	a, b, err := c.broadcastPair(in[0], in[1])
	switch {
	case err != nil:
		return nil, err
	case isInt(a.Type) && isInt(b.Type):
		return one(intPow(a, b))
	}
	x, err := cast(a, graph.Double)
	if err != nil {
		return nil, err
	}
	y, err := cast(b, graph.Double)
	if err != nil {
		return nil, err
	}
	v := pairs(x.Floats, y.Floats, math.Pow)
	if isFloat(a.Type) {
		return one(FromFloat64s(a.Type, a.Shape, v), nil)
	}
	return one(cast(FromFloat64s(graph.Double, a.Shape, v), a.Type))
}

// intPow is the exact power in the base's type. A fraction is dropped.
func intPow(a, b *Tensor) (*Tensor, error) {
	r := make([]int64, len(a.Ints))
	for i, x := range a.Ints {
		n := b.Ints[i]
		switch {
		case n >= 0 || b.Type == graph.Uint64:
			r[i] = wrap(a.Type, ipow(x, uint64(n)))
		case x == 0:
			return nil, errors.New("zero is raised to a negative power")
		case x == 1 || x == -1 && isSigned(a.Type):
			r[i] = ipow(x, uint64(n)&1)
		}
	}
	return FromInt64s(a.Type, a.Shape, r), nil
}

func ipow(x int64, n uint64) int64 {
	r := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r *= x
		}
		x *= x
	}
	return r
}

// variadic joins any number of inputs by a rule, from left to right.
func variadic(r rule2) op {
	return func(c *call) ([]*Tensor, error) {
		return one(c.fold(r))
	}
}

func (c *call) fold(r rule2) (*Tensor, error) {
	in, err := c.inputs(max(1, len(c.in)))
	if err != nil {
		return nil, err
	}
	for _, t := range in {
		switch {
		case t.Type != in[0].Type:
			return nil, fmt.Errorf("its inputs have types %v and %v, they must be the same", in[0].Type, t.Type)
		case c.opset < 8 && !slices.Equal(t.Shape, in[0].Shape):
			return nil, fmt.Errorf("its inputs have shapes %v and %v, before opset 8 they must be the same", in[0].Shape, t.Shape)
		}
	}
	if err := in[0].numbers(); err != nil {
		return nil, err
	}
	shape, err := jointShape(in)
	if err != nil {
		return nil, err
	}
	sum, err := in[0].expand(shape)
	for _, t := range in[1:] { // one after the other: many may be small
		if err == nil {
			t, err = t.expand(shape)
		}
		if err == nil {
			sum, err = r.apply(sum, t)
		}
	}
	return sum, err
}

func meanOp(c *call) ([]*Tensor, error) {
	sum, err := c.fold(addition)
	if err != nil {
		return nil, err
	}
	n := float64(len(c.in))
	return one(rule1{float: func(x float64) float64 { return x / n }}.apply(sum))
}
