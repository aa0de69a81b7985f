package graph

import (
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// sample is a model with one of everything: all kinds of attributes, a nested
// graph, typed and raw tensors, all kinds of dimensions.
func sample() *Model {
	batch := []Dim{{Size: -1, Param: "N"}, {Size: 1}, {Size: -1}, {Size: 0}}
	branch := &Graph{
		Name:    "branch",
		Nodes:   []*Node{{OpType: "Neg", Inputs: []string{"x"}, Outputs: []string{"negated"}}},
		Outputs: []*Value{{Name: "negated"}},
	}
	return &Model{
		IRVersion: 8, Producer: "gonn", ProducerVersion: "1", Domain: "org.example", ModelVersion: 3, Doc: "about the model",
		Opsets:   []Opset{{"", 16}, {"com.example", 1}},
		Metadata: []Meta{{"b", "2"}, {"a", ""}},
		Graph: &Graph{
			Name: "g", Doc: "about the graph",
			Inputs:    []*Value{{Name: "x", Type: Float, Shape: batch, HasShape: true}, {Name: "flag", Type: Bool, HasShape: true, Shape: []Dim{}}},
			Outputs:   []*Value{{Name: "y", Type: Float}},
			ValueInfo: []*Value{{Name: "h", Type: Float, Shape: []Dim{{Size: 2}}, HasShape: true}},
			Initializers: []*Tensor{
				Float32Tensor("w", []int64{2, 1, 1, 1}, []float32{1.5, float32(math.Inf(-1))}),
				Int64Tensor("axes", []int64{2}, []int64{-1, math.MinInt64}),
				{Name: "typed", Type: Int8, Dims: []int64{3}, packed: []byte{1, 2, 3}},
				{Name: "typed64", Type: Uint64, Dims: []int64{2}, packed: []byte{1, 0x80, 1}},
				{Name: "empty", Type: Float, Dims: []int64{0, 7}},
				{Name: "words", Type: String, Dims: []int64{2}, Strings: []string{"one", "\xff"}},
			},
			Nodes: []*Node{
				{Name: "conv1", OpType: "Conv", Doc: "about the node", Inputs: []string{"x", "w", ""}, Outputs: []string{"h"},
					Attrs: []*Attr{IntsAttr("pads", 0, 0, -1, 1), IntAttr("group", 0), StringAttr("auto_pad", "NOTSET"), IntsAttr("none")}},
				{Name: "own", OpType: "Own", Domain: "com.example", Inputs: []string{"h"}, Outputs: []string{"o", ""},
					Attrs: []*Attr{FloatAttr("alpha", 0), {"floats", []float32{-0.5, 1e-40}}, {"strings", []string{"a", ""}},
						TensorAttr("t", Float32Tensor("", nil, []float32{2})), {"type", &Value{Type: Int64, HasShape: true, Shape: []Dim{{Size: 4}}}}}},
				{Name: "if", OpType: "If", Inputs: []string{"flag"}, Outputs: []string{"y"},
					Attrs: []*Attr{{"then_branch", branch}, {"else_branch", branch}}},
			},
		},
	}
}

// tiny is the least that is a model: y = op(x).
func tiny(change func(m *Model)) *Model {
	m := &Model{IRVersion: 8, Opsets: []Opset{{"", 16}}, Graph: &Graph{
		Name:    "g",
		Inputs:  []*Value{{Name: "x", Type: Float}},
		Outputs: []*Value{{Name: "y"}},
		Nodes:   []*Node{{Name: "r", OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{"y"}}},
	}}
	if change != nil {
		change(m)
	}
	return m
}

// msg puts together a message of raw fields, for files that no Model can say.
func msg(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// sub is a field that holds a message, string or bytes.
func sub(num protowire.Number, content ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, length), msg(content...))
}

func str(num protowire.Number, s string) []byte { return sub(num, []byte(s)) }

// num is a field that holds an integer.
func num(n protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, n, varint), uint64(v))
}

// head is what a model needs besides its graph.
func head() []byte { return msg(num(1, 8), sub(8, num(2, 16))) }

// mustFail checks that err is there, says want, and is the only result.
func mustFail[T any](t *testing.T, got *T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", want)
	}
	if got != nil {
		t.Fatalf("both a value and the error %v", err)
	}
	if !strings.Contains(err.Error(), want) {
		t.Fatalf("error is %q, want %q in it", err, want)
	}
}
