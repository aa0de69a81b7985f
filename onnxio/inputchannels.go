package onnxio

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// KnownInput is a copy of an input of a model, with the channels that the weights of its first
// layer fix where the file leaves them open.
func KnownInput(m *graph.Model, in *graph.Value) *graph.Value {
	known := *in
	known.Shape = slices.Clone(in.Shape)
	if len(known.Shape) < 2 {
		return &known
	}
	if axis, size := channelsByWeights(m, in); axis > 0 && size > 0 && !known.Shape[axis].Known() {
		known.Shape[axis] = graph.Dim{Size: int64(size)}
	}
	return &known
}

// channelsByWeights finds the axis of the input that the weights of the first layer fix, and
// its size; axis is 0 if there is none.
func channelsByWeights(m *graph.Model, in *graph.Value) (axis, size int) {
	consts := map[string]*graph.Tensor{}
	for _, t := range m.Graph.Initializers {
		consts[t.Name] = t
	}
	at := make([]int, len(in.Shape)) // the axis of the input that each of the value's is
	for i := range at {
		at[i] = i
	}
	value := in.Name
	for _, n := range m.Graph.Nodes {
		k := slices.Index(n.Inputs, value)
		if k < 0 || !n.Standard() || len(n.Outputs) == 0 {
			if n.OpType == "Identity" && len(n.Inputs) == 1 && len(n.Outputs) == 1 && consts[n.Inputs[0]] != nil {
				consts[n.Outputs[0]] = consts[n.Inputs[0]]
			}
			continue
		}
		switch n.OpType {
		case "Transpose":
			perm, err := n.Ints("perm", nil)
			if err != nil || len(perm) != len(at) || slices.Min(perm) < 0 || slices.Max(perm) >= int64(len(at)) {
				return 0, 0
			}
			moved := make([]int, len(at))
			for i, p := range perm {
				moved[i] = at[p]
			}
			at = moved
		case "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization":
			if k > 0 || len(n.Inputs) < 2 || consts[n.Inputs[1]] == nil {
				continue
			}
			of, size := channelsOf(n, consts[n.Inputs[1]].Dims, len(at))
			return at[of], size
		case "Identity", "Cast", "Add", "Sub", "Mul", "Div", "Clip", "Pad", "Relu", "LeakyRelu", "MaxPool", "AveragePool":
		default: // such as Shape
			continue
		}
		value = n.Outputs[0]
	}
	return 0, 0
}

// channelsOf is the axis of a layer's input that its weight fixes, and its size.
func channelsOf(n *graph.Node, weight []int64, rank int) (axis, size int) {
	group, err1 := n.Int("group", 1)
	transB, err2 := n.Int("transB", 0)
	if err1 != nil || err2 != nil || group < 1 {
		return 0, 0
	}
	switch {
	case n.OpType == "Conv" && len(weight) == rank && rank > 2:
		return 1, int(weight[1] * group)
	case n.OpType == "ConvTranspose" && len(weight) == rank && rank > 2:
		return 1, int(weight[0])
	case n.OpType == "BatchNormalization" && len(weight) == 1 && rank > 1:
		return 1, int(weight[0])
	case n.OpType == "Gemm" && len(weight) == 2 && rank == 2 && transB != 0:
		return 1, int(weight[1])
	case (n.OpType == "Gemm" || n.OpType == "MatMul") && len(weight) == 2:
		return rank - 1, int(weight[0])
	}
	return 0, 0
}
