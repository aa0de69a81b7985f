package parity_test

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// A value that was overwritten in place is no other's fault: what was recorded for it is what an
// elementwise operator behind it gives, or was recorded for that too. One that is wrong stays wrong.
func TestOverwrittenValues(t *testing.T) {
	const in = "x"
	node := func(op, out string, in ...string) *graph.Node {
		return &graph.Node{Name: "node " + out, OpType: op, Inputs: in, Outputs: []string{out}}
	}
	value := func(name string) *graph.Value { return &graph.Value{Name: name, Type: graph.Float} }
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{value(in)}, Outputs: []*graph.Value{value("end")},
		Nodes: []*graph.Node{
			node("CumSum", "first", in, "axis"), node("Relu", "act", "first"), node("CumSum", "second", "act", "axis"), node("CumSum", "branch", "act", "axis"),
			node("Sigmoid", "gate", "second"), node("Mul", "swish", "second", "gate"), node("Cos", "side", "branch"), node("Add", "sum", "swish", "side"),
			node("CumSum", "end", "sum", "axis"),
		},
		Initializers: []*graph.Tensor{graph.Int64Tensor("axis", nil, []int64{1})},
	}}
	x := nn.NewTensor(2, 3, 4)
	for i := range x.Data {
		x.Data[i] = float32(i*i%23)/5 - 2
	}
	all := valuesBy(t, m, in, x)
	for name, c := range map[string]struct {
		change func(r map[string]*nn.Tensor)
		wrong  string
		left   string
	}{
		"an activation":                              {func(r map[string]*nn.Tensor) { r["first"] = r["act"] }, "", "first"},
		"an activation of two nodes":                 {func(r map[string]*nn.Tensor) { r["second"] = r["swish"] }, "", "second"},
		"an activation, then a sum":                  {func(r map[string]*nn.Tensor) { r["second"], r["swish"] = r["sum"], r["sum"] }, "", "second swish"},
		"by what was not recorded":                   {func(r map[string]*nn.Tensor) { r["second"] = r["swish"]; delete(r, "swish") }, "", "second"},
		"by an activation that differs":              {func(r map[string]*nn.Tensor) { r["act"] = shifted(r["act"]); r["first"] = r["act"] }, "act", "first"},
		"what no operator behind gives":              {func(r map[string]*nn.Tensor) { r["first"] = shifted(r["first"]) }, "first", ""},
		"an operator that is not elementwise behind": {func(r map[string]*nn.Tensor) { r["act"] = r["second"] }, "act", ""},
	} {
		r := map[string]*nn.Tensor{}
		for name, x := range all {
			if name != "axis" && name != in {
				r[name] = x
			}
		}
		c.change(r)
		if c.wrong != "" {
			r["end"] = shifted(r["end"])
		}
		got, err := parity.Values(t.Context(), m, &parity.Recorded{Inputs: map[string]*nn.Tensor{in: x}, Expected: r}, parity.Options{Tolerance: mustParse(t, "close")})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wrong := ""
		for _, l := range got.Layers {
			if l.Verdict == parity.Wrong && l.Layer != "end" && wrong == "" {
				wrong = l.Layer
			}
		}
		if wrong != c.wrong || got.Equal != (c.wrong == "") {
			t.Errorf("%s: first wrong %q, want %q\n%s", name, wrong, c.wrong, got)
		}
		if left := strings.Join(unplacedNames(got), " "); left != c.left {
			t.Errorf("%s: left over %q, want %q", name, left, c.left)
		}
	}
}

// shifted is a tensor with other values.
func shifted(x *nn.Tensor) *nn.Tensor {
	y := nn.NewTensor(x.Shape...)
	for i, v := range x.Data {
		y.Data[i] = v + 0.25
	}
	return y
}
