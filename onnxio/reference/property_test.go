package reference_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// eval computes a node with one result, which must work.
func eval(t *testing.T, op string, attrs []*graph.Attr, in ...*reference.Tensor) *reference.Tensor {
	t.Helper()
	out, err := nodeCase{op: op, attrs: attrs, in: in}.run()
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

// randomShapes calls f with tensors 0, 1, 2, … of many shapes.
func randomShapes(t *testing.T, f func(r *rand.Rand, x *reference.Tensor)) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		shape := make([]int, r.IntN(5))
		for i := range shape {
			shape[i] = r.IntN(4)
		}
		if f(r, steps(shape...)); t.Failed() {
			t.Fatalf("with shape %v", shape)
		}
	}
}

// index gives the indices of element i of a shape.
func index(shape []int, i int) []int {
	r := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		r[axis], i = i%shape[axis], i/shape[axis]
	}
	return r
}

// position is the inverse of index; indices into axes of size one, and those of axes that
// shape does not have, do not count.
func position(shape, index []int) int {
	p := 0
	for axis, n := range shape {
		k := index[len(index)-len(shape)+axis]
		if n == 1 {
			k = 0
		}
		p = p*n + k
	}
	return p
}

func TestBroadcastProperty(t *testing.T) {
	randomShapes(t, func(r *rand.Rand, x *reference.Tensor) {
		small := slices.Clone(x.Shape[r.IntN(len(x.Shape)+1):])
		for i := range small {
			if r.IntN(2) == 0 {
				small[i] = 1
			}
		}
		y := steps(small...)
		sum := eval(t, "Add", nil, y, x)
		if !slices.Equal(sum.Shape, x.Shape) {
			t.Errorf("shape is %v", sum.Shape)
			return
		}
		for i, got := range sum.Floats {
			if want := x.Floats[i] + y.Floats[position(small, index(x.Shape, i))]; got != want {
				t.Errorf("element %d is %v, want %v", i, got, want)
			}
		}
	})
}

func TestTransposeProperty(t *testing.T) {
	randomShapes(t, func(r *rand.Rand, x *reference.Tensor) {
		perm := make([]int64, len(x.Shape))
		for i, p := range r.Perm(len(perm)) {
			perm[i] = int64(p)
		}
		y := eval(t, "Transpose", attrs(graph.IntsAttr("perm", perm...)), x)
		for i, got := range y.Floats {
			from := make([]int, len(perm))
			for axis, k := range index(y.Shape, i) {
				from[perm[axis]] = k
			}
			if want := x.Floats[position(x.Shape, from)]; got != want {
				t.Errorf("element %d is %v, want %v", i, got, want)
			}
		}
	})
}

// TestInverses undoes operators with others.
func TestInverses(t *testing.T) {
	randomShapes(t, func(r *rand.Rand, x *reference.Tensor) {
		rank := len(x.Shape)
		if rank == 0 {
			return
		}
		axis := r.IntN(rank)
		n := x.Shape[axis]
		along := attrs(graph.IntAttr("axis", int64(axis-rank*r.IntN(2))))
		cut := int64(r.IntN(n + 1))
		parts, err := nodeCase{op: "Split", in: all(x, i64(cut, int64(n)-cut)), attrs: along, want: all(nil, nil)}.run()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "Concat of Split", eval(t, "Concat", along, parts...), x)

		pads, starts, ends := make([]int64, 2*rank), make([]int64, rank), make([]int64, rank)
		for i := range rank {
			pads[i], pads[rank+i] = r.Int64N(3), r.Int64N(3)
			starts[i], ends[i] = pads[i], pads[i]+int64(x.Shape[i])
		}
		same(t, "Slice of Pad", eval(t, "Slice", nil, eval(t, "Pad", nil, x, i64(pads...)), i64(starts...), i64(ends...)), x)

		backward := func(x *reference.Tensor) *reference.Tensor {
			return eval(t, "Slice", nil, x, i64(-1), i64(-1<<62), i64(int64(axis)), i64(-1))
		}
		same(t, "Slice backward twice", backward(backward(x)), x)

		order := r.Perm(n)
		indices := make([]int64, 0, len(x.Floats))
		for i := range x.Floats {
			indices = append(indices, int64(order[index(x.Shape, i)[axis]]))
		}
		at := whole(graph.Int64, x.Shape, indices...)
		same(t, "ScatterElements of GatherElements", eval(t, "ScatterElements", along, x, at, eval(t, "GatherElements", along, x, at)), x)
	})
}

// TestReduceProperty reduces over one axis after the other, and over all at once.
func TestReduceProperty(t *testing.T) {
	randomShapes(t, func(r *rand.Rand, x *reference.Tensor) {
		var axes []int64
		for axis := range x.Shape {
			if r.IntN(2) == 0 {
				axes = append(axes, int64(axis))
			}
		}
		if len(axes) == 0 {
			return
		}
		for _, op := range []string{"ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1"} {
			y := x
			for _, axis := range axes {
				y = eval(t, op, nil, y, i64(axis))
			}
			same(t, fmt.Sprint(op, axes), eval(t, op, nil, x, i64(axes...)), y)
		}
	})
}
