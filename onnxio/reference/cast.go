package reference

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// castOps are the operators that change the element type.
var castOps = map[string]op{
	"Cast":     castTo,
	"CastLike": castLike,
	"BitCast":  bitCast,
}

func castTo(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if !c.has("to") {
		return nil, errors.New(`attribute "to" is missing`)
	}
	if c.opset < 6 { // the name of the type
		to, err := typeNamed(c)
		if err != nil {
			return nil, err
		}
		return one(cast(x, to))
	}
	return one(cast(x, graph.DataType(c.int("to", 0))))
}

func typeNamed(c *call) (graph.DataType, error) {
	name, err := c.node.String("to", "")
	if err != nil {
		return 0, err
	}
	for t := graph.Float; t <= graph.BFloat16; t++ {
		if t.String() == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("attribute %q is %q, which is no element type", "to", name)
}

func castLike(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	return one(cast(in[0], in[1].Type))
}

// bitCast takes the bits of elements, as they are stored, for those of another type of the
// same size.
func bitCast(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	to := graph.DataType(c.int("to", 0))
	if x.Type == graph.String || to == graph.String {
		return nil, errors.New("text has no bits")
	}
	stored, err := x.Graph("")
	if err != nil {
		return nil, err
	}
	stored.Type = to
	return one(FromGraph(stored))
}

// cast gives t in another type. Numbers with a fraction are rounded to the nearest, or
// toward zero if they become integers: those beyond the range, for which ONNX has no
// rule, become the end of it, and NaN zero. Integers keep their low bits. BOOL is
// whether a number is not zero.
func cast(t *Tensor, to graph.DataType) (*Tensor, error) {
	switch {
	case t.Type == graph.String:
		return fromText(t, to)
	case to == graph.String:
		return toText(t)
	case isFloat(t.Type) && isFloat(to):
		return FromFloat64s(to, t.Shape, each(t.Floats, func(x float64) float64 { return round(to, x) })), nil
	case isFloat(t.Type) && isInt(to):
		return FromInt64s(to, t.Shape, each(t.Floats, func(x float64) int64 { return truncate(to, x) })), nil
	case isInt(to):
		return FromInt64s(to, t.Shape, each(t.Ints, func(x int64) int64 { return wrap(to, x) })), nil
	case isFloat(to):
		return FromFloat64s(to, t.Shape, each(t.Ints, func(x int64) float64 { return round(to, asFloat(t.Type, x)) })), nil
	}
	return nil, fmt.Errorf("element type %v is not evaluated", to)
}

// asFloat is the number that an element of an integer type stands for.
func asFloat(t graph.DataType, x int64) float64 {
	if isUnsigned(t) {
		return float64(uint64(x))
	}
	return float64(x)
}

// truncate drops the fraction.
func truncate(t graph.DataType, x float64) int64 {
	low, high := asFloat(t, lowest(t)), asFloat(t, highest(t))
	switch {
	case t == graph.Bool:
		return bit(x != 0)
	case x != x:
		return 0
	case x <= low:
		return lowest(t)
	case x >= high: // high may be rounded up to a power of two
		return highest(t)
	case t == graph.Uint64:
		return int64(uint64(x))
	}
	return int64(x)
}

// fromText reads numbers. Besides digits "INF", "-INF" and "NaN" are known.
func fromText(t *Tensor, to graph.DataType) (*Tensor, error) {
	r, err := newTensor(to, t.Shape...)
	if err != nil {
		return nil, err
	}
	for i, s := range t.Strings {
		switch {
		case to == graph.String:
			r.Strings[i] = s
		case to == graph.Bool:
			return nil, errors.New("text is not cast to BOOL")
		case isFloat(to):
			var x float64
			x, err = strconv.ParseFloat(s, 64)
			if errors.Is(err, strconv.ErrRange) { // infinity
				err = nil
			}
			r.Floats[i] = round(to, x)
		case isUnsigned(to):
			var x uint64
			x, err = strconv.ParseUint(s, 10, bitsOf(to))
			r.Ints[i] = int64(x)
		default:
			r.Ints[i], err = strconv.ParseInt(s, 10, bitsOf(to))
		}
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return r, nil
}

// toText writes numbers, as short as they read back to the same value.
func toText(t *Tensor) (*Tensor, error) {
	switch {
	case isFloat(t.Type):
		return fromStrings(t.Shape, each(t.Floats, func(x float64) string { return textOf(t.Type, x) })), nil
	case t.Type == graph.Bool:
		return fromStrings(t.Shape, each(t.Ints, func(x int64) string { return strconv.FormatBool(x != 0) })), nil
	case isUnsigned(t.Type):
		return fromStrings(t.Shape, each(t.Ints, func(x int64) string { return strconv.FormatUint(uint64(x), 10) })), nil
	}
	return fromStrings(t.Shape, each(t.Ints, func(x int64) string { return strconv.FormatInt(x, 10) })), nil
}

func textOf(t graph.DataType, x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "INF"
	case math.IsInf(x, -1):
		return "-INF"
	case t == graph.Double:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(round(t, x), 'g', -1, 32)
}
