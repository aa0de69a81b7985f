package opset

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// upgradeBroadcast: before opset 7 the second operand was brought to the shape of the first
// only if the attribute broadcast said so, and its axes could begin at an axis.
func upgradeBroadcast(up *upgrade) {
	axis, err := up.n.Int("axis", 0)
	if up.g.Opset >= 7 {
		return
	}
	if up.n.Attr("axis") != nil {
		if err != nil || !up.has(1) {
			up.fail("attribute axis is of another kind than INT, or there is no second operand")
			return
		}
		a, b := up.g.Rank(up.n.Inputs[0]), up.g.Rank(up.n.Inputs[1])
		if a < 0 || b < 0 || axis < 0 || axis > int64(a-b) {
			up.fail("attribute axis is %d, which does not fit the shapes of its operands, or these are not known", axis)
			return
		}
		up.unsqueezeBehind(1, a-int(axis)-b)
	}
	up.dropBefore(7, "broadcast", "axis")
}

// unsqueezeBehind gives operand k so many axes of 1 behind its own.
func (up *upgrade) unsqueezeBehind(k, count int) {
	if count <= 0 {
		return
	}
	axes := make([]int, count)
	for i := range axes {
		axes[i] = -1 - i
	}
	from := up.n.Inputs[k]
	to := up.g.Unique(from + ".axes")
	u := &graph.Node{OpType: "Unsqueeze", Inputs: []string{from, up.g.AddInts(to+".at", axes...)}, Outputs: []string{to}}
	up.before = append(up.before, up.g.Like(u, up.n))
	up.n.Inputs[k] = to
}

// upgradePRelu: before opset 7 a slope of one axis belonged to the channels.
func upgradePRelu(up *upgrade) {
	if up.g.Opset >= 7 || !up.has(1) {
		return
	}
	x, slope := up.g.Rank(up.n.Inputs[0]), up.g.Rank(up.n.Inputs[1])
	switch {
	case x < 0 || slope < 0:
		up.fail("the shape of its input or of its slope is not known")
	case slope == 1 && x > 2 && up.g.Dims(up.n.Inputs[1])[0] != 1:
		up.unsqueezeBehind(1, x-2)
	}
}

// upgradeCast: the type was a word before opset 6.
func upgradeCast(up *upgrade) {
	if up.g.Opset >= 6 {
		return
	}
	name, err := up.n.String("to", "")
	for t := graph.Float; err == nil && t <= graph.BFloat16; t++ {
		if t.String() == name {
			ir.UnsetAttr(up.n, "to")
			up.n.Attrs = append(up.n.Attrs, graph.IntAttr("to", int64(t)))
			return
		}
	}
	up.fail("attribute to is %q, which is no element type", name)
}

// upgradeSelu: before opset 6 the constants had fewer digits.
func upgradeSelu(up *upgrade) {
	if up.g.Opset >= 6 {
		return
	}
	if up.n.Attr("alpha") == nil {
		up.n.Attrs = append(up.n.Attrs, graph.FloatAttr("alpha", 1.6732))
	}
	if up.n.Attr("gamma") == nil {
		up.n.Attrs = append(up.n.Attrs, graph.FloatAttr("gamma", 1.0507))
	}
}

// upgradeDropout: the ratio was an attribute before opset 12, and the mask a number before 10.
func upgradeDropout(up *upgrade) {
	up.dropBefore(7, "is_test")
	if up.n.Attr("ratio") == nil && !up.has(1) && up.g.Opset < 12 {
		up.n.Attrs = append(up.n.Attrs, graph.FloatAttr("ratio", 0.5))
	}
	up.floatToInput("ratio", 1)
	if len(up.n.Outputs) < 2 || up.n.Outputs[1] == "" || up.g.Opset >= 10 {
		return
	}
	mask := up.n.Outputs[1]
	up.n.Outputs[1] = up.g.Unique(mask + ".bool")
	up.after = append(up.after, up.g.Like(&graph.Node{OpType: "CastLike", Inputs: []string{up.n.Outputs[1], up.n.Inputs[0]}, Outputs: []string{mask}}, up.n))
}

func upgradeClip(up *upgrade) {
	if up.g.Opset < 11 {
		up.floatToInput("min", 1)
		up.floatToInput("max", 2)
	}
}

func upgradePad(up *upgrade) {
	if up.g.Opset >= 11 {
		return
	}
	up.intsToInput("paddings", 1) // its name in opset 1
	up.intsToInput("pads", 1)
	up.floatToInput("value", 2)
}

func upgradeSlice(up *upgrade) {
	up.intsToInput("starts", 1)
	up.intsToInput("ends", 2)
	up.intsToInput("axes", 3)
}

// upgradeConcat: in opset 1 the axis was 1 unless said otherwise.
func upgradeConcat(up *upgrade) {
	if up.g.Opset < 4 && up.n.Attr("axis") == nil {
		up.n.Attrs = append(up.n.Attrs, graph.IntAttr("axis", 1))
	}
}

// upgradeSoftmax: before opset 13 the axes from the given one on were taken as one, as a
// Flatten does.
func upgradeSoftmax(up *upgrade) {
	axis, err := up.n.Int("axis", 1)
	if up.g.Opset >= 13 || err != nil || len(up.n.Outputs) != 1 {
		return
	}
	x, y := up.n.Inputs[0], up.n.Outputs[0]
	if dims := up.g.Dims(x); dims != nil {
		behind := dims[min(shapeinfer.ClampAxis(axis, len(dims))+1, len(dims)):]
		if !slices.ContainsFunc(behind, func(d int) bool { return d != 1 }) {
			ir.SetAttr(up.n, graph.IntAttr("axis", axis))
			return
		}
	}
	flat, soft, shape := up.g.Unique(y+".flat"), up.g.Unique(y+".soft"), up.g.Unique(y+".shape")
	up.before = append(up.before,
		up.g.Like(&graph.Node{OpType: "Shape", Inputs: []string{x}, Outputs: []string{shape}}, up.n),
		up.g.Like(&graph.Node{OpType: "Flatten", Inputs: []string{x}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", axis)}}, up.n))
	up.n.Inputs[0], up.n.Outputs[0] = flat, soft
	ir.SetAttr(up.n, graph.IntAttr("axis", 1))
	up.after = append(up.after, up.g.Like(&graph.Node{OpType: "Reshape", Inputs: []string{soft, shape}, Outputs: []string{y},
		Attrs: []*graph.Attr{graph.IntAttr("allowzero", 1)}}, up.n))
}
