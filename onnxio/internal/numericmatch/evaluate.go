package numericmatch

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// evaluation is a part whose values are looked at. It works element by element, so its
// constants, brought to one shape, are a row of columns: each is a function of its own.
type evaluation struct {
	m         *Matcher
	part      Part
	size      int // the number of columns
	constants map[string]*column
	first     []float64 // of the first columns at all points
	times     float64   // what the values are multiplied by
}

// column is a constant of a part: one number, or one for each column.
type column struct {
	typ    graph.DataType
	values []float64 // or
	ints   []int64
}

// partLimits are ample for a node that is evaluated at all points for a chunk of columns.
var partLimits = reference.Limits{Memory: 256 << 20, Operations: 1 << 30}

// chunk is how many columns are evaluated at once.
const chunk = 1 << 12

// load reads the constants; false if one is not of finite numbers.
func (b *evaluation) load() bool {
	b.constants = map[string]*column{}
	for _, n := range b.part.Nodes {
		for _, v := range n.Inputs {
			t := b.m.consts[v]
			if t == nil || b.constants[v] != nil {
				continue
			}
			c := b.m.column(v, b.part.Dims)
			if c == nil || slices.ContainsFunc(c.values, func(x float64) bool { return x-x != 0 }) {
				return false
			}
			b.constants[v] = c
		}
	}
	return true
}

// column is a constant brought to a shape; nil if it is not of numbers. It is kept: parts
// lie within each other.
func (m *Matcher) column(constant string, dims nn.Shape) *column {
	key := fmt.Sprint(constant, dims)
	if c, known := m.columns[key]; known {
		return c
	}
	m.columns[key] = nil
	c, err := reference.FromGraph(m.consts[constant])
	if err != nil || c.Len() == 0 || c.Strings != nil {
		return nil
	}
	index := elementwise.Index(c.Shape, dims)
	m.columns[key] = &column{c.Type, elementwise.Pick(c.Floats, index), elementwise.Pick(c.Ints, index)}
	return m.columns[key]
}

// part gives the numbers of a constant for some columns.
func (c *column) part(from, to int) *reference.Tensor {
	t := &reference.Tensor{Type: c.typ, Floats: c.values, Ints: c.ints}
	switch {
	case len(c.values) > 1:
		t.Floats, t.Shape = c.values[from:to], []int{to - from}
	case len(c.ints) > 1:
		t.Ints, t.Shape = c.ints[from:to], []int{to - from}
	}
	return t
}

// overflows reports whether values of some points are not finite in float32 next to 0, as
// they are behind a division by 0 or a sum that is too large. Further out exponentials may.
func overflows(values, at []float64) bool {
	if len(values) == 0 || len(values)%len(at) != 0 {
		return false
	}
	width := len(values) / len(at)
	for i, p := range at {
		if math.Abs(p) <= nearZero && slices.ContainsFunc(values[i*width:(i+1)*width], func(v float64) bool { return !(math.Abs(v) <= math.MaxFloat32) }) {
			return true
		}
	}
	return false
}

// finite reports whether the values of a node are, but for what follows from an exponential that
// overflows: itself, or what comes of a number that float32 does not hold. What else is no
// number at a point, such as a division by 0, is none of an activation.
func finite(op string, values []float64, in []*reference.Tensor) bool {
	for i, v := range values {
		if v-v == 0 {
			continue
		}
		if op != "Exp" && !slices.ContainsFunc(in, func(t *reference.Tensor) bool {
			return t != nil && len(t.Floats) == len(values) && !(math.Abs(t.Floats[i]) <= math.MaxFloat32)
		}) {
			return false
		}
	}
	return true
}

// evaluate computes columns from up to to at some points: the result for point i and
// column j is at i·width + j. It gives nil where the evaluator cannot.
func (b *evaluation) evaluate(at []float64, from, to int) []float64 {
	width := to - from
	if b.m.steps -= len(b.part.Nodes) * (1 + len(at)*width/64); b.m.steps <= 0 {
		return nil
	}
	x := make([]float64, 0, len(at)*width)
	for _, v := range at {
		for range width {
			x = append(x, v)
		}
	}
	shape := []int{len(at), width}
	known := map[string]*reference.Tensor{b.part.X: reference.FromFloat64s(graph.Float, shape, x)}
	for _, n := range slices.Backward(b.part.Nodes) {
		in := make([]*reference.Tensor, len(n.Inputs))
		for k, v := range n.Inputs {
			if c := b.constants[v]; c != nil && known[v] == nil {
				known[v] = c.part(from, to)
			}
			in[k] = known[v]
		}
		out, err := reference.EvalWithin(n, b.m.opset, in, partLimits)
		if err != nil || overflows(out[0].Floats, at) || !finite(n.OpType, out[0].Floats, in) {
			return nil
		}
		known[n.Outputs[0]] = out[0]
	}
	y := known[b.part.Nodes[0].Outputs[0]]
	if !slices.Equal(y.Shape, shape) || y.Floats == nil {
		return nil
	}
	if b.times == 1 {
		return y.Floats
	}
	return scaledBy(y.Floats, b.times)
}
