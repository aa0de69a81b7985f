package engine

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// mixing are operators that make sums and products of their inputs, element by element.
var mixing = []string{"Add", "Sub", "Mul", "Div", "Neg", "Sum", "Mean"}

// mostConstant bounds the elements of a constant whose bounds are looked for.
const mostConstant = 1 << 16

// bounds are those of a value that is made of probabilities and constants by arithmetic
// alone: the least and the greatest that any of its elements can be.
func (w *meaning) bounds(name string, deep int) (low, high float64, ok bool) {
	if w.consts[name] {
		return w.constantBounds(name)
	}
	n := w.maker(name)
	switch {
	case n == nil || deep == 0:
		return 0, 0, false
	case !slices.Contains(mixing, n.OpType):
		return 0, 1, w.each(name, deep) == nn.OutputSigmoids
	}
	for i, in := range n.Inputs {
		a, b, ok := w.bounds(in, deep-1)
		if !ok {
			return 0, 0, false
		}
		if i == 0 {
			low, high = a, b
			continue
		}
		if low, high, ok = combine(n.OpType, low, high, a, b); !ok {
			return 0, 0, false
		}
	}
	switch n.OpType {
	case "Neg":
		low, high = -high, -low
	case "Mean":
		low, high = low/float64(len(n.Inputs)), high/float64(len(n.Inputs))
	}
	return low, high, true
}

// combine is what an operator makes of a range and the next operand's.
func combine(op string, low, high, a, b float64) (float64, float64, bool) {
	switch op {
	case "Sub":
		return low - b, high - a, true
	case "Div":
		if a <= 0 && b >= 0 {
			return 0, 0, false
		}
		a, b = 1/b, 1/a
	case "Mul":
	default:
		return low + a, high + b, true
	}
	corners := []float64{low * a, low * b, high * a, high * b}
	return slices.Min(corners), slices.Max(corners), true
}

func (w *meaning) constantBounds(name string) (low, high float64, ok bool) {
	t := w.values[name]
	if t == nil {
		return 0, 0, false
	}
	if n, err := t.Len(); err != nil || n == 0 || n > mostConstant {
		return 0, 0, false
	}
	v, err := t.Float64s()
	if err != nil {
		return 0, 0, false
	}
	return slices.Min(v), slices.Max(v), true
}
