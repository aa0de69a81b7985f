package ir

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Fact is what is known of a value before the model runs. The batch is a symbol in most
// files, so everything is worked out twice, for two sizes of it: what comes out equal
// does not depend on the batch, and no arithmetic on symbols is needed.
type Fact struct {
	Type  graph.DataType
	Shape [2][]int             // nil if not known
	Data  [2]*reference.Tensor // small values such as shapes; nil if not known
}

// Batches are the two sizes of the batch: primes, a small one and one that no axis of a
// network has by chance. What has a limit, such as the first 64 samples, differs between them.
var Batches = [2]int{3, 7919}

// BatchDim is the size of an axis that depends on the batch, as Facts.Dims has it.
const BatchDim = -1

// Facts is what is known of values, by their names.
type Facts map[string]Fact

// ConstFact is the fact of a constant. Its data is left in the tensor until it is asked
// for, since weights are large.
func ConstFact(t *graph.Tensor) Fact {
	shape := ToInts(t.Dims)
	return Fact{Type: t.Type, Shape: [2][]int{shape, shape}}
}

// Dims is the shape of a value with BatchDim for what depends on the batch; nil if it
// is not known.
func (f Facts) Dims(name string) []int { return f[name].Dims() }

// Dims is Facts.Dims of one value.
func (v Fact) Dims() []int {
	if v.Shape[0] == nil || v.Shape[1] == nil || len(v.Shape[0]) != len(v.Shape[1]) {
		return nil
	}
	dims := slices.Clone(v.Shape[0])
	for i, d := range dims {
		if d != v.Shape[1][i] {
			dims[i] = BatchDim
		}
	}
	return dims
}

// Rank is the number of axes of a value, −1 if it is not known.
func (f Facts) Rank(name string) int {
	if name == "" || f[name].Shape[0] == nil {
		return -1
	}
	return len(f[name].Shape[0])
}

// Sizes is the shape of a value under both batches; nil if it is not known.
func (f Facts) Sizes(name string) []Size {
	v := f[name]
	if v.Shape[0] == nil || len(v.Shape[0]) != len(v.Shape[1]) {
		return nil
	}
	s := make([]Size, len(v.Shape[0]))
	for i := range s {
		s[i] = Size{v.Shape[0][i], v.Shape[1][i]}
	}
	return s
}

// Describe enters the shape of a value.
func (f Facts) Describe(name string, shape []Size) {
	v := f[name]
	v.Data = [2]*reference.Tensor{}
	for p := range v.Shape {
		v.Shape[p] = make([]int, len(shape))
		for i, s := range shape {
			v.Shape[p][i] = s[p]
		}
	}
	f[name] = v
}

// ReshapableSizes are the sizes of a value that can be given another shape: it has axes and
// elements, and one axis at most depends on the batch, so that a Reshape can leave it open.
// They are nil for any other value.
func (f Facts) ReshapableSizes(name string) []Size {
	shape, open := f.Sizes(name), 0
	if len(shape) == 0 {
		return nil
	}
	for _, s := range shape {
		if s[0] != s[1] {
			open++
		}
		if s[0] == 0 || s[1] == 0 || open > 1 {
			return nil
		}
	}
	return shape
}

// IsFloat reports whether a value is of FLOATs, which all layers take: some operators take
// integers, and what they become does not.
func (f Facts) IsFloat(value string) bool { return f[value].Type == graph.Float }
