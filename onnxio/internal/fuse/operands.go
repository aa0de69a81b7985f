package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// constantAndRest splits the two operands of a node into a constant and the other.
func (f *fuser) constantAndRest(n *graph.Node) (constant, rest string, ok bool) {
	if len(n.Inputs) != 2 {
		return "", "", false
	}
	a, b := n.Inputs[0], n.Inputs[1]
	switch {
	case f.Consts[b] != nil && f.Consts[a] == nil:
		return b, a, true
	case f.Consts[a] != nil && f.Consts[b] == nil:
		return a, b, true
	}
	return "", "", false
}

// constantBehind puts the constant of a sum or product behind the other operand.
func constantBehind(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) == 2 && f.Consts[n.Inputs[0]] != nil && f.Consts[n.Inputs[1]] == nil {
		c := f.CopyOf(n)
		c.Inputs[0], c.Inputs[1] = n.Inputs[1], n.Inputs[0]
		f.replace(c, n)
		return true
	}
	return false
}

// sumOfTwo: Sum of two operands is Add.
func sumOfTwo(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	f.replace(&graph.Node{OpType: "Add", Inputs: n.Inputs}, n)
	return true
}

// perChannel reports whether a constant has one value for each channel of x, which is its
// axis 1.
func (f *fuser) perChannel(constant, x string) bool {
	shape := f.Dims(x)
	t := f.Consts[constant]
	if len(shape) < 2 || shape[1] < 1 || t == nil || len(t.Dims) > len(shape) || t.Type != graph.Float {
		return false
	}
	for i, d := range t.Dims {
		if axis := len(shape) - len(t.Dims) + i; d != 1 && (axis != 1 || int(d) != shape[1]) {
			return false
		}
	}
	return ir.Volume(ir.ToInts(t.Dims)) == shape[1]
}

// vector is a constant with one value for each channel as a tensor of one axis.
func (f *fuser) vector(constant string) string {
	if t := f.Consts[constant]; len(t.Dims) != 1 {
		flat := *t
		n, _ := t.Len()
		flat.Dims = []int64{int64(n)}
		to := f.AddConstant(&flat, constant, constant)
		f.Origin[to] = constant
		return to
	}
	return constant
}

// constantOutside turns a·(b·c) with a constant c into (a·b)·c: TensorFlow moves the scale
// of a normalisation into the product in front of it.
func constantOutside(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	for k := range 2 {
		a := n.Inputs[1-k]
		inner := f.inner(n.Inputs[k], "Mul")
		if inner == nil || f.Consts[a] != nil {
			continue
		}
		c, b, ok := f.constantAndRest(inner)
		whole := f.Sizes(n.Outputs[0])
		if !ok || whole == nil || !slices.Equal(f.Sizes(a), whole) || !slices.Equal(f.Sizes(b), whole) {
			continue
		}
		product, outer := f.CopyOf(inner), f.CopyOf(n)
		product.Inputs = []string{a, b}
		product.Outputs[0] = f.Unique(inner.Outputs[0])
		f.Facts[product.Outputs[0]] = f.Facts[inner.Outputs[0]]
		outer.Inputs = []string{product.Outputs[0], c}
		f.replace(outer, n, inner)
		f.From[outer], f.From[product] = f.From[n], f.From[inner]
		f.ahead[outer] = append(f.ahead[outer], product) // behind both of its operands
		f.Link(product, f.Place[outer])
		return true
	}
	return false
}
