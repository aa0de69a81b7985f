package fuse

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// fusePad: padding in front of a window is the window's own padding, if it pads with what
// the window does: 0 for a convolution or an average that counts it, −∞ for a maximum.
func fusePad(f *fuser, n *graph.Node) bool {
	pad := f.inner(n.Inputs[0], "Pad")
	if pad == nil || len(f.Dims(n.Inputs[0])) != 4 {
		return false
	}
	mode, err1 := pad.String("mode", "constant")
	auto, err2 := n.String("auto_pad", "NOTSET")
	around, ok := shapeinfer.FixedPads(f.Graph, pad, 4)
	// At an edge that is repeated, a maximum meets nothing that it would not meet without.
	edge := mode == "edge" && n.OpType == "MaxPool"
	if err1 != nil || err2 != nil || mode != "constant" && !edge || auto != "NOTSET" && auto != "" && auto != "VALID" || !ok {
		return false
	}
	if slices.Min(around) < 0 || around[0] != 0 || around[1] != 0 || around[4] != 0 || around[5] != 0 {
		return false
	}
	value := 0.0
	if len(pad.Inputs) > 2 && pad.Inputs[2] != "" {
		if value, ok = f.Scalar(pad.Inputs[2]); !ok {
			return false
		}
	}
	if edge {
		value = math.Inf(-1)
	}
	m, ok := padded(f.CopyOf(n), value)
	if !ok {
		return false
	}
	pads, err := n.Ints("pads", nil)
	if err != nil || len(pads) != 0 && len(pads) != 4 {
		return false
	}
	if pads = slices.Clone(pads); len(pads) == 0 {
		pads = make([]int64, 4)
	}
	if n.OpType == "AveragePool" && slices.Max(pads) > 0 {
		return false // whether these count is another question
	}
	for i, k := range []int{2, 3, 6, 7} {
		pads[i] += around[k]
	}
	if n.OpType != "Conv" {
		kernel, err := n.Ints("kernel_shape", nil)
		if err != nil || f.dilated(n) || !shapeinfer.ReachesInside(kernel, pads) {
			return false
		}
	}
	ir.SetAttr(m, graph.IntsAttr("pads", pads...))
	ir.UnsetAttr(m, "auto_pad")
	m.Inputs[0] = pad.Inputs[0]
	f.replace(m, n, pad)
	return true
}

// padded makes a window count padding with the given value, if it can.
func padded(n *graph.Node, value float64) (*graph.Node, bool) {
	ceil, err := n.Int("ceil_mode", 0)
	if err != nil {
		return nil, false
	}
	switch n.OpType {
	case "Conv":
		return n, value == 0
	case "MaxPool":
		return n, (math.IsInf(value, -1) || value <= -math.MaxFloat32) && ceil == 0
	}
	ir.SetAttr(n, graph.IntAttr("count_include_pad", 1))
	return n, value == 0 && ceil == 0
}
