package reference_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Every case of a node that works is also run with something about it changed: an input, an
// attribute, the opset, the number of outputs. Whatever comes of it, it must be an error
// or values that hold what their shapes say, and no panic.

// odd are numbers that nobody expects. None is so near to MaxElements that memory would be
// taken for it.
var odd = []int64{math.MinInt64, math.MaxInt64, -1 << 40, 1 << 40, 1 << 31, -9, -3, -2, -1, 0, 1, 2, 3, 9}

var types = []graph.DataType{graph.Float, graph.Double, graph.Float16, graph.BFloat16, graph.Int8, graph.Int16, graph.Int32,
	graph.Int64, graph.Uint8, graph.Uint16, graph.Uint32, graph.Uint64, graph.Bool, graph.String, graph.Undefined, graph.Complex64}

type chaos struct{ *rand.Rand }

func newChaos(name string) chaos {
	h := fnv.New64a()
	h.Write([]byte(name))
	return chaos{rand.New(rand.NewPCG(h.Sum64(), 1))}
}

func pickOne[T any](c chaos, list []T) T { return list[c.IntN(len(list))] }

// disturb runs changed forms of a case.
func (n nodeCase) disturb(t *testing.T) {
	t.Helper()
	c := newChaos(n.label())
	for i := range 60 {
		m := n
		for range 1 + c.IntN(2) {
			m = c.change(m)
		}
		m.survives(t, i%5 == 0)
	}
}

// survives runs a case and looks only for panics, for values that are not whole, and, if it is
// measured, for what it takes.
func (n nodeCase) survives(t *testing.T, measured bool) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("panic: %v in %v", r, n.describe())
		}
	}()
	out, err := []*reference.Tensor(nil), error(nil)
	if measured {
		out, err = n.within(t)
	} else {
		out, err = n.run()
	}
	if err != nil {
		return
	}
	for k, v := range out {
		if v == nil { // an optional output
			continue
		}
		if _, err := v.Graph(""); err != nil {
			t.Errorf("output %d: %v in %v", k, err, n.describe())
		}
	}
}

func (n nodeCase) describe() string {
	s := fmt.Sprintf("%s, opset %d, %d outputs", n.op, n.opset, len(n.want))
	for _, a := range n.attrs {
		s += fmt.Sprintf(", %s=%v", a.Name, a.Value)
	}
	for _, t := range n.in {
		if t == nil {
			s += ", no input"
		} else {
			s += fmt.Sprintf(", %v", *t)
		}
	}
	return s
}

func (c chaos) change(n nodeCase) nodeCase {
	n.in, n.attrs, n.want = slices.Clone(n.in), slices.Clone(n.attrs), slices.Clone(n.want)
	switch k := c.IntN(10); {
	case k < 5 && len(n.in) > 0:
		i := c.IntN(len(n.in))
		n.in[i] = c.changeTensor(n.in[i])
	case k < 8 && len(n.attrs) > 0:
		i := c.IntN(len(n.attrs))
		n.attrs[i] = &graph.Attr{Name: n.attrs[i].Name, Value: c.changeValue(n.attrs[i].Value)}
	case k == 8:
		n.opset = 1 + c.Int64N(reference.MaxOpset)
	case c.IntN(4) == 0:
		n.want = append(n.want, nil)
	case c.IntN(4) == 0:
		n.in = append(n.in, c.tensor())
	case len(n.in) > 0:
		n.in = n.in[:len(n.in)-1]
	}
	return n
}

// changeTensor changes type, shape or values.
func (c chaos) changeTensor(t *reference.Tensor) *reference.Tensor {
	if t == nil || c.IntN(6) == 0 {
		return c.tensor()
	}
	shape := slices.Clone(t.Shape)
	switch c.IntN(8) {
	case 0:
		return nil
	case 1:
		return c.filled(pickOne(c, types), shape)
	case 2: // an axis more
		return c.filled(t.Type, slices.Insert(shape, c.IntN(len(shape)+1), c.IntN(3)))
	case 3: // an axis less
		if len(shape) > 0 {
			k := c.IntN(len(shape))
			return c.filled(t.Type, slices.Delete(shape, k, k+1))
		}
	case 4: // another size
		if len(shape) > 0 {
			shape[c.IntN(len(shape))] = c.IntN(4)
			return c.filled(t.Type, shape)
		}
	case 5: // a size that is not there
		if len(shape) > 0 {
			shape[c.IntN(len(shape))] = int(pickOne(c, odd))
			return &reference.Tensor{Type: t.Type, Shape: shape, Floats: t.Floats, Ints: t.Ints, Strings: t.Strings}
		}
	}
	r := c.filled(t.Type, shape)
	if len(t.Ints) > 0 { // one odd number among those that fit
		r.Ints = slices.Clone(t.Ints)
		r.Ints[c.IntN(len(r.Ints))] = inRange(t.Type, pickOne(c, odd))
	}
	return r
}

// tensor makes any.
func (c chaos) tensor() *reference.Tensor {
	shape := make([]int, c.IntN(5))
	for i := range shape {
		shape[i] = c.IntN(4)
	}
	return c.filled(pickOne(c, types), shape)
}

// filled makes a tensor of odd numbers.
func (c chaos) filled(typ graph.DataType, shape []int) *reference.Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	if n < 0 || n > 1<<10 {
		n = 1
	}
	t := &reference.Tensor{Type: typ, Shape: shape}
	for range n {
		switch typ {
		case graph.Float, graph.Double, graph.Float16, graph.BFloat16:
			t.Floats = append(t.Floats, pickOne(c, []float64{0, 1, -1, 0.5, 3, -2, 1e300, math.Inf(1), math.Inf(-1), math.NaN()}))
		case graph.String:
			t.Strings = append(t.Strings, pickOne(c, []string{"", "1", "x", "é"}))
		default:
			t.Ints = append(t.Ints, inRange(typ, pickOne(c, odd)))
		}
	}
	return t
}

// inRange keeps the bits that a type has.
func inRange(typ graph.DataType, v int64) int64 {
	switch typ {
	case graph.Int8:
		return int64(int8(v))
	case graph.Int16:
		return int64(int16(v))
	case graph.Int32:
		return int64(int32(v))
	case graph.Uint8:
		return int64(uint8(v))
	case graph.Uint16:
		return int64(uint16(v))
	case graph.Uint32:
		return int64(uint32(v))
	case graph.Bool:
		return v & 1
	}
	return v
}

// changeValue changes an attribute: to another of its kind, or to any.
func (c chaos) changeValue(v any) any {
	switch v := v.(type) {
	case int64:
		if c.IntN(4) > 0 {
			return pickOne(c, odd)
		}
	case []int64:
		v = slices.Clone(v)
		switch k := c.IntN(5); {
		case k == 0:
			return append(v, pickOne(c, odd))
		case k < 4 && len(v) > 0:
			v[c.IntN(len(v))] = pickOne(c, odd)
			return v
		case k == 4 && len(v) > 0:
			return v[:len(v)-1]
		}
	}
	return c.value()
}

// value makes any of the kinds that attributes have.
func (c chaos) value() any {
	return pickOne(c, []any{
		pickOne(c, odd), []int64{}, []int64{pickOne(c, odd)}, []int64{pickOne(c, odd), pickOne(c, odd)},
		[]int64{1, 1, 1, 1}, float32(0.5), float32(math.NaN()), float32(math.Inf(1)), []float32{}, []float32{1, -2},
		"", "constant", "LEFT", "SAME_UPPER", []string{}, []string{"a", "Tanh"}, &graph.Graph{},
		graph.Float32Tensor("", []int64{1}, []float32{1}), graph.Int64Tensor("", []int64{2}, []int64{1, 2}), &graph.Tensor{}, nil,
	})
}
