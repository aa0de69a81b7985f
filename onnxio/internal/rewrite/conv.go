package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// mergeConvBias: what is added to a convolution, one value for each channel, is its bias
// or changes it.
func mergeConvBias(w *work, n *graph.Node) bool {
	c, x, ok := w.constantAndRest(n)
	if !ok || !w.perChannel(c, x) {
		return false
	}
	conv := w.inner(x, "Conv")
	if conv == nil {
		conv = w.inner(x, "ConvTranspose")
	}
	if conv == nil {
		return false
	}
	bias := w.vector(c)
	if len(conv.Inputs) > 2 && conv.Inputs[2] != "" {
		if w.consts[conv.Inputs[2]] == nil {
			return false
		}
		if bias, ok = w.sum(conv.Inputs[2], bias); !ok {
			return false
		}
	}
	m := *conv
	m.Inputs = []string{conv.Inputs[0], conv.Inputs[1], bias}
	w.replace(&m, n, conv)
	return true
}

// mergeSubBias: what is subtracted from a convolution or a Gemm is added with the other
// sign. Nothing else is touched: x − mean begins a batch normalisation.
func mergeSubBias(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 || w.consts[n.Inputs[1]] == nil || w.inner(n.Inputs[0], "Gemm") == nil {
		return false
	}
	c, ok := w.calculated("Neg", nil, n.Inputs[1])
	if !ok {
		return false
	}
	w.replace(&graph.Node{OpType: "Add", Name: n.Name, Inputs: []string{n.Inputs[0], c}}, n)
	return true
}

func (w *work) sum(a, b string) (string, bool) { return w.calculated("Add", nil, a, b) }

// calculated enters the result of an operator on constants; ok is false if it cannot be
// computed, or would be too large.
func (w *work) calculated(op string, attrs []*graph.Attr, operands ...string) (name string, ok bool) {
	n := &graph.Node{OpType: op, Attrs: attrs, Inputs: operands, Outputs: []string{operands[0]}}
	if !readable(n) || !w.affordable(n) {
		return "", false
	}
	var in []*graph.Tensor
	for _, o := range operands {
		in = append(in, w.consts[o])
	}
	out := evaluated(n, w.target, in)
	if out == nil {
		return "", false
	}
	return w.constant(out[0], operands[0], operands...), true
}

// mergePad: padding in front of a window is the window's own padding, if it pads with what
// the window does: 0 for a convolution or an average that counts it, −∞ for a maximum.
func mergePad(w *work, n *graph.Node) bool {
	pad := w.inner(n.Inputs[0], "Pad")
	if pad == nil || len(w.dims(n.Inputs[0])) != 4 {
		return false
	}
	mode, err1 := pad.String("mode", "constant")
	auto, err2 := n.String("auto_pad", "NOTSET")
	around, ok := w.fixedPads(pad, 4)
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
		if value, ok = w.scalar(pad.Inputs[2]); !ok {
			return false
		}
	}
	if edge {
		value = math.Inf(-1)
	}
	m, ok := padded(w.copyOf(n), value)
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
		if err != nil || w.dilated(n) || !reachesInside(kernel, pads) {
			return false
		}
	}
	set(m, graph.IntsAttr("pads", pads...))
	unset(m, "auto_pad")
	m.Inputs[0] = pad.Inputs[0]
	w.replace(m, n, pad)
	return true
}

// reachesInside reports whether no window lies in the padding entirely, of which there is no
// maximum or average.
func reachesInside(kernel, pads []int64) bool {
	return len(kernel) == 2 && max(pads[0], pads[2]) < kernel[0] && max(pads[1], pads[3]) < kernel[1]
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
	set(n, graph.IntAttr("count_include_pad", 1))
	return n, value == 0 && ceil == 0
}
