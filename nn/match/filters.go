package match

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// filters says where the weights of a convolution or dense layer are. A filter is the weights of
// one output: one row of inputs·area numbers.
type filters struct {
	out, inputs, area int // inputs: that an output reads; area: weights of each
	groups            int
	transposed        bool   // the weight has shape (inputs of all groups, out/groups, area)
	in                layout // of the inputs; nil if their order is fixed for the filters
	to                layout // of the outputs
}

// cols is the length of a filter.
func (f *filters) cols() int { return f.inputs * f.area }

// same reports whether the weights of two layers have the same shape and meaning.
func (f *filters) same(g *filters) bool {
	return f.out == g.out && f.inputs == g.inputs && f.area == g.area && f.groups == g.groups && f.transposed == g.transposed
}

// index is the place of the first weight of an output for an input, of area that follow it.
func (f *filters) index(row, input int) int {
	if !f.transposed {
		return (row*f.inputs + input) * f.area
	}
	outs := f.out / f.groups
	return ((row/outs*f.inputs+input)*outs + row%outs) * f.area
}

// inputOrder returns, for each input of a filter, the one in the second network.
func (f *filters) inputOrder() []int32 {
	if f.in != nil {
		return f.in.order()
	}
	return identity(f.inputs)
}

// bank is the filters of one layer of one network.
type bank struct {
	*filters
	w, bias []float32 // bias may be nil
	scale   []float64 // 1/norm of each filter, 0 for one of zeros
}

// newBank takes the filters of a layer. Values that are not finite count as 0; broken is the
// number of these.
func newBank(f *filters, node *nn.Node, withBias bool) (b *bank, broken int) {
	b = &bank{filters: f, scale: make([]float64, f.out)}
	b.w, broken = finite(node.Params[0].Data)
	if withBias {
		n := 0
		b.bias, n = finite(node.Params[1].Data)
		broken += n
	}
	b.measure()
	return b, broken
}

// measure finds the norms of the filters.
func (b *bank) measure() {
	same := identity(b.inputs)
	for row := range b.scale {
		b.scale[row] = 0
		if sum := dot(b, b, row, row, same); sum > 0 {
			b.scale[row] = 1 / math.Sqrt(sum)
		}
	}
}

// finite returns the values with 0 in place of those that are not finite, and their number.
func finite(v []float32) ([]float32, int) {
	broken := 0
	for i, x := range v {
		if !isFinite(x) {
			if broken == 0 {
				v = append([]float32(nil), v...)
			}
			v[i] = 0
			broken++
		}
	}
	return v, broken
}

func isFinite(x float32) bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }

// dot is the inner product of a filter of each of two layers, with their biases. order is that
// of the second one's inputs.
func dot(a, b *bank, row, other int, order []int32) (sum float64) {
	for i, j := range order {
		p, q := a.index(row, i), b.index(other, int(j))
		y := b.w[q : q+b.area]
		for k, x := range a.w[p : p+a.area] {
			sum += float64(x) * float64(y[k])
		}
	}
	if a.bias != nil {
		sum += float64(a.bias[row]) * float64(b.bias[other])
	}
	return sum
}

// cosine is the cosine similarity of two filters: 1 if both are zero, 0 if one is.
func cosine(a, b *bank, row, other int, order []int32) float64 {
	if a.scale[row] == 0 && b.scale[other] == 0 {
		return 1
	}
	return max(-1, min(1, dot(a, b, row, other, order)*a.scale[row]*b.scale[other]))
}
