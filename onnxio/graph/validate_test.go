package graph

import "testing"

func TestCheckNamesWhatIsWrong(t *testing.T) {
	relu := func(in, out string) *Node {
		return &Node{Name: "r", OpType: "Relu", Inputs: []string{in}, Outputs: []string{out}}
	}
	inner := func(g *Graph) *Node {
		return &Node{Name: "if", OpType: "If", Inputs: []string{"x"}, Outputs: []string{"i"}, Attrs: []*Attr{{"then_branch", g}}}
	}
	weight := Float32Tensor("w", nil, []float32{1})
	tests := []struct {
		name   string
		change func(m *Model)
		want   string // "" for a good model
	}{
		{"good", func(m *Model) {}, ""},
		{"no ir_version", func(m *Model) { m.IRVersion = 0 }, "ir_version is missing"},
		{"ir_version too old", func(m *Model) { m.IRVersion = 2 }, "ir_version 2 is not read, only 3 to 14: the file is older than ONNX 1.0"},
		{"oldest ir_version", func(m *Model) { m.IRVersion = 3 }, ""},
		{"newest ir_version", func(m *Model) { m.IRVersion = 14 }, ""},
		{"ir_version too new", func(m *Model) { m.IRVersion = 15 }, "ir_version 15 is not read, only 3 to 14: the file is newer than this program"},
		{"no graph", func(m *Model) { m.Graph = nil }, "graph is missing"},
		{"no opset_import", func(m *Model) { m.Opsets = nil }, "opset_import is missing"},
		{"metadata twice", func(m *Model) { m.Metadata = []Meta{{"k", "1"}, {"j", "1"}, {"k", "2"}} }, `metadata_props: key "k" is there twice`},
		{"opset twice, spelled differently", func(m *Model) { m.Opsets = append(m.Opsets, Opset{"ai.onnx", 7}) }, `opset_import: domain "ai.onnx" is there twice`},
		{"opset without version", func(m *Model) { m.Opsets[0].Version = 0 }, `opset_import: domain "" has version 0`},
		{"opset of a domain beyond all versions", func(m *Model) { m.Opsets = append(m.Opsets, Opset{"own", 1 << 31}) },
			`opset_import: domain "own" has version 2147483648, it must be at most 2147483647`},
		{"domain not imported", func(m *Model) { m.Graph.Nodes[0].Domain = "com.microsoft" }, `graph "g": node 0 "r" (Relu): domain "com.microsoft" is not in opset_import`},
		{"ai.onnx is the domain of ONNX", func(m *Model) { m.Graph.Nodes[0].Domain = "ai.onnx" }, ""},
		{"no op_type", func(m *Model) { m.Graph.Nodes[0].OpType = "" }, `node 0 "r" (): op_type is missing`},
		{"input not defined", func(m *Model) { m.Graph.Nodes[0].Inputs[0] = "z" }, `node 0 "r" (Relu): input 0 "z": no graph input, initializer or node defines it`},
		{"optional input left out", func(m *Model) { m.Graph.Nodes[0].Inputs = []string{"x", ""} }, ""},
		{"output defined twice", func(m *Model) { m.Graph.Nodes = append(m.Graph.Nodes, relu("x", "y")) }, `node 1 "r" (Relu): output 0 "y": the name is defined twice`},
		{"output hides an input", func(m *Model) { m.Graph.Nodes[0].Outputs = []string{"y", "x"} }, `output 1 "x": the name is defined twice`},
		{"input twice", func(m *Model) { m.Graph.Inputs = append(m.Graph.Inputs, m.Graph.Inputs[0]) }, `input 1 "x": the name is defined twice`},
		{"input without name", func(m *Model) { m.Graph.Inputs[0].Name = "" }, `input 0 "": it has no name`},
		{"input without type", func(m *Model) { m.Graph.Inputs[0].Type = Undefined }, `input 0 "x": it has no type`},
		{"initializer twice", func(m *Model) { m.Graph.Initializers = []*Tensor{weight, weight} }, `initializer 1 "w": the name is defined twice`},
		{"initializer of an input", func(m *Model) { m.Graph.Initializers = []*Tensor{Float32Tensor("x", nil, []float32{1})} }, ""},
		{"initializer of an input twice", func(m *Model) {
			x := Float32Tensor("x", nil, []float32{1})
			m.Graph.Initializers = []*Tensor{x, x}
		}, `initializer 1 "x": the name is defined twice`},
		{"output of nothing", func(m *Model) { m.Graph.Outputs[0].Name = "z" }, `graph "g": output 0 "z": nothing in the graph defines it`},
		{"output is an input", func(m *Model) { m.Graph.Outputs[0].Name = "x" }, ""},
		{"nested graph sees names around it", func(m *Model) {
			m.Graph.Nodes = append(m.Graph.Nodes, inner(&Graph{Name: "then", Nodes: []*Node{relu("y", "t")}, Outputs: []*Value{{Name: "t"}}}))
		}, ""},
		{"nested graph hides a name", func(m *Model) {
			m.Graph.Nodes = append(m.Graph.Nodes, inner(&Graph{Name: "then", Nodes: []*Node{relu("x", "y")}}))
		}, `graph "g": node 1 "if" (If): attribute "then_branch": graph "then": node 0 "r" (Relu): output 0 "y": the name is defined twice`},
		{"names of a nested graph stay inside", func(m *Model) {
			m.Graph.Nodes = []*Node{inner(&Graph{Name: "then", Nodes: []*Node{relu("x", "t")}}), relu("t", "y")}
		}, `node 1 "r" (Relu): input 0 "t": no graph input, initializer or node defines it`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := tiny(test.change)
			got, err := Read(m.Bytes())
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			mustFail(t, got, err, test.want)
			if direct := m.Check(); direct == nil || direct.Error() != err.Error() {
				t.Errorf("Check says %v, Read says %v", direct, err)
			}
		})
	}
}
