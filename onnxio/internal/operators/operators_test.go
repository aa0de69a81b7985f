package operators

import (
	"errors"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestLookup(t *testing.T) {
	for _, test := range []struct {
		domain, op string
		version    int64
		since      int64 // 0: that version has none
		gone       bool
		least      int
		most       int
	}{
		{"", "Gelu", 19, 0, false, 0, 0},
		{"ai.onnx", "Gelu", 20, 20, false, 1, 1},
		{"", "Conv", 1, 1, false, 2, 3},
		{"", "Conv", 21, 11, false, 2, 3},
		{"", "Clip", 10, 6, false, 1, 1},
		{"", "Clip", 11, 11, false, 1, 3},
		{"", "Upsample", 10, 10, true, 0, 0},
		{"", "Sum", 28, 13, false, 1, -1},
		{"", "Loop", 1, 1, false, 3, -1},
		{"", "BatchNormalization", 15, 15, false, 5, 5},
		{"", "Erfc", 28, 0, false, 0, 0},
		{"ai.onnx.ml", "Scaler", 1, 1, false, 1, 1},
	} {
		s := Lookup(test.domain, test.op, test.version)
		switch {
		case s == nil && test.since == 0:
		case s == nil || s.Since != test.since || s.Deprecated != test.gone:
			t.Errorf("%s %d: %+v, want it since %d, deprecated %v", test.op, test.version, s, test.since, test.gone)
		case !s.Deprecated && (s.LeastInputs() != test.least || s.MostInputs() != test.most):
			t.Errorf("%s %d: %d to %d inputs, want %d to %d", test.op, test.version, s.LeastInputs(), s.MostInputs(), test.least, test.most)
		}
	}
	if s := Nearest("", "Upsample", 13); s == nil || s.Since != 9 {
		t.Errorf("the nearest Upsample to opset 13 is %v, want that of 9", s)
	}
}

func TestCheckNamesTheField(t *testing.T) {
	for _, test := range []struct {
		op      string
		version int64
		inputs  string
		attrs   []*graph.Attr
		want    string // of the errors, "" for none
	}{
		{"Relu", 14, "x", nil, ""},
		{"Relu", 14, "x y", nil, "it has 2 inputs, Relu of opset 14 has 1"},
		{"Clip", 6, "x lo", nil, "it has 2 inputs, Clip of opset 6 has 1"},
		{"Conv", 11, "x", nil, "it has 1 input, Conv of opset 11 has 2 to 3"},
		{"Conv", 11, "x -", nil, "input 1 (W) is left out, but Conv of opset 11 needs it"},
		{"Clip", 13, "x - hi", nil, ""},
		{"Relu", 14, "x", []*graph.Attr{graph.FloatAttr("alpha", 1)}, `Relu of opset 14 has no attribute "alpha"`},
		{"Relu", 14, "x", []*graph.Attr{graph.FloatAttr("__hint", 1)}, ""},
		{"Squeeze", 13, "x", []*graph.Attr{graph.IntsAttr("axes", 1)}, `Squeeze of opset 13 has no attribute "axes", only before opset 13`},
		{"Pad", 18, "x p", []*graph.Attr{graph.StringAttr("mode", "edge")}, ""},
		{"Pad", 18, "x p", []*graph.Attr{graph.StringAttr("mode", "wrap")}, `attribute "mode" is "wrap", Pad of opset 18 has constant, reflect, edge`},
		{"Pad", 19, "x p", []*graph.Attr{graph.StringAttr("mode", "wrap")}, ""},
		{"MaxPool", 12, "x", []*graph.Attr{graph.StringAttr("auto_pad", ""), graph.IntsAttr("kernel_shape", 2)}, ""},
		{"Gemm", 13, "a b", []*graph.Attr{graph.IntAttr("transB", 2)}, `attribute "transB" is 2, Gemm of opset 13 has 0, 1`},
		{"Cast", 13, "x", nil, `attribute "to" is missing, but Cast of opset 13 needs it`},
		{"Cast", 13, "x", []*graph.Attr{graph.StringAttr("to", "FLOAT")}, `attribute "to" is of kind STRING, Cast of opset 13 has INT`},
	} {
		n := &graph.Node{OpType: test.op, Inputs: strings.Fields(test.inputs), Outputs: []string{"out"}, Attrs: test.attrs}
		for i, name := range n.Inputs {
			n.Inputs[i] = strings.Trim(name, "-")
		}
		err := errors.Join(Lookup("", test.op, test.version).Check(n)...)
		if got := message(err); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.op, test.inputs, got, test.want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestResultTypes(t *testing.T) {
	to := graph.IntAttr("to", int64(graph.Float16))
	for _, test := range []struct {
		op    string
		in    []Type
		attrs []*graph.Attr
		want  Type
		err   string
	}{
		{"Add", []Type{"float", "float"}, nil, "float", ""},
		{"Add", []Type{"float", ""}, nil, "float", ""},
		{"Add", []Type{"", ""}, nil, "", ""},
		{"Add", []Type{"float", "double"}, nil, "float", `input 0 "a" has type FLOAT and input 1 "b" type DOUBLE, Add of opset 14 takes them of one type`},
		{"Add", []Type{"bool", "bool"}, nil, "", `input 0 "a" has type BOOL, which Add of opset 14 does not take; it takes DOUBLE, FLOAT, FLOAT16, INT16, INT32, INT64, …`},
		{"Less", []Type{"float", "float"}, nil, "bool", ""},
		{"Cast", []Type{"float"}, []*graph.Attr{to}, "float16", ""},
		{"Where", []Type{"bool", "int64", "int64"}, nil, "int64", ""},
		{"ConstantOfShape", []Type{"int64"}, nil, "float", ""},
		{"SequenceConstruct", []Type{"float", "float"}, nil, "seq(float)", ""},
		{"SequenceAt", []Type{"seq(float)", "int64"}, nil, "float", ""},
	} {
		n := &graph.Node{OpType: test.op, Inputs: []string{"a", "b", "c"}[:len(test.in)], Outputs: []string{"y"}, Attrs: test.attrs}
		out, err := Lookup("", test.op, 20).ResultTypes(n, test.in)
		if out[0] != test.want || message(err) != test.err {
			t.Errorf("%s %v: %q, error %q; want %q, %q", test.op, test.in, out[0], message(err), test.want, test.err)
		}
	}
}
