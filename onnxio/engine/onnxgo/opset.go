package onnxgo

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// usualOpset is taken where nodes tell nothing: operators mean the same in the opsets
// around it.
const usualOpset = 13

// lastWith tells up to which opset an operator had an attribute.
var lastWith = map[string]map[string]int64{
	"BatchNormalization": {"spatial": 8, "is_test": 6, "consumed_inputs": 5},
	"Clip":               {"min": 10, "max": 10},
	"Dropout":            {"ratio": 11, "is_test": 6},
	"Pad":                {"pads": 10, "value": 10},
	"Reshape":            {"shape": 4},
	"Slice":              {"starts": 9, "ends": 9},
	"Split":              {"split": 12},
	"Squeeze":            {"axes": 12},
	"Unsqueeze":          {"axes": 12},
	"ReduceSum":          {"axes": 12},
	"Add":                {"axis": 6, "broadcast": 6},
	"Mul":                {"axis": 6, "broadcast": 6},
	"Gemm":               {"broadcast": 6},
}

// firstOf tells from which opset on an operator is there.
var firstOf = map[string]int64{"HardSwish": 14, "Mish": 18, "Gelu": 20, "Swish": 24}

// guessOpset tells the operator set from the nodes.
func guessOpset(nodes []*graph.Node) int64 {
	last, first := int64(usualOpset), int64(1)
	for _, n := range nodes {
		for _, a := range n.Attrs {
			if v, ok := lastWith[n.OpType][a.Name]; ok {
				last = min(last, v)
			}
		}
		first = max(first, firstOf[n.OpType])
		if (n.OpType == "ReduceMean" || n.OpType == "ReduceMax") && len(n.Inputs) > 1 { // axes
			first = max(first, 18)
		}
	}
	return max(last, first)
}
