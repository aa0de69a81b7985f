package reference_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// nodeCase is one node with its inputs and what must come out of it.
type nodeCase struct {
	op    string
	opset int64 // 0 stands for 22
	attrs []*graph.Attr
	in    []*reference.Tensor
	want  []*reference.Tensor
	err   string // part of the error that is wanted instead
}

func (n nodeCase) label() string {
	shapes := ""
	for _, t := range n.in {
		if t != nil {
			shapes += fmt.Sprint(t.Shape)
		}
	}
	return fmt.Sprintf("%s-%d %s", n.op, n.opset, shapes)
}

func (n nodeCase) run() ([]*reference.Tensor, error) {
	return reference.Eval(n.node(), n.version(), n.in)
}

// version is the opset.
func (n nodeCase) version() int64 {
	if n.opset == 0 {
		return 22
	}
	return n.opset
}

func (n nodeCase) node() *graph.Node {
	node := &graph.Node{OpType: n.op, Attrs: n.attrs}
	for k := range max(len(n.want), 1) {
		node.Outputs = append(node.Outputs, fmt.Sprint("y", k))
	}
	return node
}

func checkNodes(t *testing.T, cases ...nodeCase) {
	t.Helper()
	for _, n := range cases {
		t.Run(n.label(), func(t *testing.T) {
			t.Helper()
			got, err := n.run()
			if n.err != "" {
				if err == nil || !strings.Contains(err.Error(), n.err) {
					t.Fatalf("error is %v, want one with %q", err, n.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			n.disturb(t)
			for k, want := range n.want {
				if want != nil {
					same(t, fmt.Sprint("output ", k), got[k], want)
				}
			}
		})
	}
}

// same compares to twelve digits.
func same(t *testing.T, what string, got, want *reference.Tensor) {
	t.Helper()
	if got.Type != want.Type || !slices.Equal(got.Shape, want.Shape) || len(got.Floats) != len(want.Floats) || !slices.Equal(got.Ints, want.Ints) || !slices.Equal(got.Strings, want.Strings) {
		t.Fatalf("%s is %v, want %v", what, *got, *want)
	}
	for i, x := range want.Floats {
		y := got.Floats[i]
		if x != y && !(math.Abs(x-y) <= 1e-12*(1+math.Abs(x))) && !(x != x && y != y) {
			t.Fatalf("%s: element %d is %v, want %v\n%v\n%v", what, i, y, x, got.Floats, want.Floats)
		}
	}
}

func vec(v ...float64) *reference.Tensor { return arr([]int{len(v)}, v...) }

// arr makes a FLOAT value; one number fills it all.
func arr(shape []int, v ...float64) *reference.Tensor {
	if n := reference.Product(shape); len(v) == 1 && n > 1 {
		v = slices.Repeat(v, n)
	}
	return reference.FromFloat64s(graph.Float, shape, v)
}

// steps makes a FLOAT value of 0, 1, 2, ….
func steps(shape ...int) *reference.Tensor {
	v := make([]float64, reference.Product(shape))
	for i := range v {
		v[i] = float64(i)
	}
	return arr(shape, v...)
}

func whole(typ graph.DataType, shape []int, v ...int64) *reference.Tensor {
	return reference.FromInt64s(typ, shape, v)
}

// floats makes a value with one axis of a type with a fraction.
func floats(typ graph.DataType, v ...float64) *reference.Tensor {
	return reference.FromFloat64s(typ, []int{len(v)}, v)
}

// text makes a STRING value with one axis.
func text(v ...string) *reference.Tensor {
	return &reference.Tensor{Type: graph.String, Shape: []int{len(v)}, Strings: v}
}

// yes makes a BOOL value with one axis, of zeros and ones.
func yes(v ...int64) *reference.Tensor { return whole(graph.Bool, []int{len(v)}, v...) }

// i64 makes an INT64 value with one axis.
func i64(v ...int64) *reference.Tensor { return whole(graph.Int64, []int{len(v)}, v...) }

func all(t ...*reference.Tensor) []*reference.Tensor { return t }

func attrs(a ...*graph.Attr) []*graph.Attr { return a }
