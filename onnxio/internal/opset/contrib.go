package opset

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ONNX Runtime saves a model that it has optimised with operators of its own, which do an
// activation with the layer in front: FusedConv and FusedGemm. They are taken apart again.

// fusedInto are the operators that one of ONNX Runtime's begins with.
var fusedInto = map[string]string{"FusedConv": "Conv", "FusedGemm": "Gemm"}

// fusedSettings are the names of the settings that the activations take, in order. Those of
// Clip are operands.
var fusedSettings = map[string][]string{
	"Relu": {}, "Tanh": {}, "Sigmoid": {}, "LeakyRelu": {"alpha"}, "HardSigmoid": {"alpha", "beta"}, "Clip": {"min", "max"},
}

// unfused are nodes that do what one of ONNX Runtime's does; nil if it is none, or has a
// setting that is not known.
func (u *Upgrader) unfused(n *graph.Node) []*graph.Node {
	op := fusedInto[n.OpType]
	if n.Domain != "com.microsoft" || op == "" || len(n.Outputs) != 1 || len(n.Inputs) < 2 || u.Opset < 11 {
		return nil
	}
	name, err := n.String("activation", "")
	settings, known := fusedSettings[name]
	params, ok := fusedParams(n, len(settings))
	if err != nil || !known || !ok {
		return nil
	}
	layer, act := u.CopyOf(n), u.Like(&graph.Node{Name: n.Name, OpType: name, Outputs: n.Outputs}, n)
	layer.OpType, layer.Domain = op, ""
	layer.Attrs = slices.DeleteFunc(layer.Attrs, func(a *graph.Attr) bool { return slices.Contains(fusedNames, a.Name) })
	layer.Outputs = []string{u.Unique(n.Outputs[0] + ".layer")}
	nodes := []*graph.Node{layer}
	value := layer.Outputs[0]
	if op == "Conv" && len(n.Inputs) > 3 { // what is added before the activation
		layer.Inputs = layer.Inputs[:3]
		if n.Inputs[3] != "" {
			sum := u.Like(&graph.Node{OpType: "Add", Inputs: []string{value, n.Inputs[3]}, Outputs: []string{u.Unique(n.Outputs[0] + ".sum")}}, n)
			nodes, value = append(nodes, sum), sum.Outputs[0]
		}
	}
	act.Inputs = []string{value}
	for i, setting := range settings {
		if name == "Clip" {
			act.Inputs = append(act.Inputs, u.AddConstant(graph.Float32Tensor("", nil, params[i:i+1]), n.Outputs[0]+"."+setting))
		} else {
			act.Attrs = append(act.Attrs, graph.FloatAttr(setting, params[i]))
		}
	}
	return append(nodes, act)
}

// fusedNames are the attributes that belong to the activation.
var fusedNames = []string{"activation", "activation_params", "activation_alpha", "activation_beta", "activation_gamma"}

// fusedParams are the numbers of a node's activation, of which there must be so many.
func fusedParams(n *graph.Node, count int) (v []float32, ok bool) {
	if a := n.Attr("activation_params"); a != nil {
		v, ok = a.Value.([]float32)
		return v, ok && len(v) == count
	}
	for _, name := range fusedNames[2:] {
		if a := n.Attr(name); a != nil {
			x, isNumber := a.Value.(float32)
			if !isNumber {
				return nil, false
			}
			v = append(v, x)
		}
	}
	return v, len(v) == count
}
