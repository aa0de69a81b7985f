package graph_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A model is built as plain Go values, written, and read back.
func Example() {
	m := &graph.Model{
		IRVersion: 8,
		Producer:  "example",
		Opsets:    []graph.Opset{{Version: 16}},
		Graph: &graph.Graph{
			Name:         "scale",
			Inputs:       []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 2}}}},
			Outputs:      []*graph.Value{{Name: "y", Type: graph.Float}},
			Initializers: []*graph.Tensor{graph.Float32Tensor("slope", []int64{2}, []float32{0.25, -1})},
			Nodes:        []*graph.Node{{Name: "act1", OpType: "PRelu", Inputs: []string{"x", "slope"}, Outputs: []string{"y"}}},
		},
	}
	read, err := graph.Read(m.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	slope, err := read.Graph.Initializers[0].Float32s()
	fmt.Println(read.Graph.Nodes[0].Label(), read.Graph.Inputs[0].Shape, slope, err)
	// Output: node "act1" (PRelu) [N 2] [0.25 -1] <nil>
}
