package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// The numbers for auto_pad are computed by hand: out = ⌈in/stride⌉, and pads so
// that it comes out, the odd one at the end for SAME_UPPER.
func TestConvIsRead(t *testing.T) {
	for _, c := range []struct {
		name   string
		x      nn.Shape
		weight []int64
		attrs  attrs
		want   layer.Conv // without Out, Kernel and NoBias
		shape  nn.Shape
	}{
		{"defaults", nn.Shape{2, 7, 9}, []int64{3, 2, 3, 5}, nil, layer.Conv{}, nn.Shape{3, 5, 5}},
		{"strides", nn.Shape{2, 7, 9}, []int64{3, 2, 3, 3}, attrs{graph.IntsAttr("strides", 2, 3)}, layer.Conv{Stride: [2]int{2, 3}}, nn.Shape{3, 3, 3}},
		{"asymmetric pads", nn.Shape{1, 5, 5}, []int64{1, 1, 3, 3}, attrs{graph.IntsAttr("pads", 0, 1, 2, 3)}, layer.Conv{Pads: [4]int{0, 1, 2, 3}}, nn.Shape{1, 5, 7}},
		{"dilations", nn.Shape{1, 9, 9}, []int64{1, 1, 3, 2}, attrs{graph.IntsAttr("dilations", 3, 4)}, layer.Conv{Dilation: [2]int{3, 4}}, nn.Shape{1, 3, 5}},
		{"groups", nn.Shape{4, 3, 3}, []int64{6, 2, 3, 3}, attrs{graph.IntAttr("group", 2)}, layer.Conv{Groups: 2}, nn.Shape{6, 1, 1}},
		{"kernel_shape that agrees", nn.Shape{1, 5, 5}, []int64{1, 1, 3, 2}, attrs{graph.IntsAttr("kernel_shape", 3, 2)}, layer.Conv{}, nn.Shape{1, 3, 4}},
		{"NOTSET keeps pads", nn.Shape{1, 5, 5}, []int64{1, 1, 3, 3}, attrs{graph.StringAttr("auto_pad", "NOTSET"), graph.IntsAttr("pads", 1, 1, 1, 1)},
			layer.Conv{Pads: [4]int{1, 1, 1, 1}}, nn.Shape{1, 5, 5}},
		{"VALID", nn.Shape{1, 5, 5}, []int64{1, 1, 3, 3}, attrs{graph.StringAttr("auto_pad", "VALID")}, layer.Conv{}, nn.Shape{1, 3, 3}},
		{"SAME_UPPER, odd kernel", nn.Shape{1, 5, 5}, []int64{1, 1, 3, 5}, attrs{graph.StringAttr("auto_pad", "SAME_UPPER")},
			layer.Conv{Pads: [4]int{1, 2, 1, 2}}, nn.Shape{1, 5, 5}},
		// height: ⌈28/2⌉ = 14, (14−1)·2+3−28 = 1; width: ⌈27/2⌉ = 14, (14−1)·2+4−27 = 3
		{"SAME_UPPER, stride 2", nn.Shape{1, 28, 27}, []int64{1, 1, 3, 4}, attrs{graph.StringAttr("auto_pad", "SAME_UPPER"), graph.IntsAttr("strides", 2, 2)},
			layer.Conv{Stride: [2]int{2, 2}, Pads: [4]int{0, 1, 1, 2}}, nn.Shape{1, 14, 14}},
		{"SAME_LOWER, stride 2", nn.Shape{1, 28, 27}, []int64{1, 1, 3, 4}, attrs{graph.StringAttr("auto_pad", "SAME_LOWER"), graph.IntsAttr("strides", 2, 2)},
			layer.Conv{Stride: [2]int{2, 2}, Pads: [4]int{1, 2, 0, 1}}, nn.Shape{1, 14, 14}},
		// dilated kernel 2·(2−1)+1 = 3 high, 3·(3−1)+1 = 7 wide: 2 and 6 in all
		{"SAME_UPPER, dilation", nn.Shape{1, 8, 8}, []int64{1, 1, 2, 3}, attrs{graph.StringAttr("auto_pad", "SAME_UPPER"), graph.IntsAttr("dilations", 2, 3)},
			layer.Conv{Dilation: [2]int{2, 3}, Pads: [4]int{1, 3, 1, 3}}, nn.Shape{1, 8, 8}},
		{"SAME_UPPER, stride beyond the kernel", nn.Shape{1, 7, 7}, []int64{1, 1, 1, 1}, attrs{graph.StringAttr("auto_pad", "SAME_UPPER"), graph.IntsAttr("strides", 3, 3)},
			layer.Conv{Stride: [2]int{3, 3}}, nn.Shape{1, 3, 3}},
	} {
		for _, bias := range []bool{false, true} {
			in, inits := "x w", []*graph.Tensor{tensor("w", c.weight...)}
			if bias {
				in, inits = "x w b", append(inits, tensor("b", c.weight[0]))
			}
			net := imports(t, model(c.x, inits, node("Conv", in, "y", c.attrs...))).Network
			want := c.want
			want.Out, want.Kernel, want.NoBias = int(c.weight[0]), [2]int{int(c.weight[2]), int(c.weight[3])}, !bias
			got := net.Nodes()[0]
			if got.Layer.(layer.Conv).Normal() != want.Normal() || !got.Shape.Equal(c.shape) {
				t.Errorf("%s: read as %s %v, want %s %v", c.name, settings(got.Layer), got.Shape, settings(want), c.shape)
			}
			for i, p := range net.Params() {
				v, _ := inits[i].Float32s()
				sameBits(t, c.name+" "+p.Name, p.Data, v)
			}
		}
	}
}

func TestConvBiasLeftOut(t *testing.T) {
	m := model(nn.Shape{1, 3, 3}, []*graph.Tensor{tensor("w", 1, 1, 3, 3)}, node("Conv", "x w -", "y"))
	if c := imports(t, m).Network.Nodes()[0].Layer.(layer.Conv); !c.NoBias {
		t.Error("an input \"\" is read as a bias")
	}
}

func TestConvIsRefused(t *testing.T) {
	x := nn.Shape{4, 5, 5}
	w := tensor("w", 6, 4, 3, 3)
	double := &graph.Tensor{Name: "w", Type: graph.Double, Dims: []int64{1, 4, 1, 1}, Raw: make([]byte, 32)}
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		n     *graph.Node
		want  string
	}{
		{"kernel_shape against the weight", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("kernel_shape", 3, 4)), "kernel_shape is [3 4], but the weight has shape (6, 4, 3, 3)"},
		{"kernel_shape of one axis", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("kernel_shape", 3)), "attribute kernel_shape is [3], need 2 entries"},
		{"3-D", nn.Shape{4, 5, 5, 5}, []*graph.Tensor{tensor("w", 6, 4, 3, 3, 3)}, node("Conv", "x w", "y"), "weight has shape (6, 4, 3, 3, 3); only 2-D"},
		{"2-D weight on a vector", nn.Shape{4}, []*graph.Tensor{w}, node("Conv", "x w", "y"), "its input has shape (N, 4), need (N, C, H, W)"},
		{"channels", x, []*graph.Tensor{tensor("w", 6, 3, 3, 3)}, node("Conv", "x w", "y"), "weight (6, 3, 3, 3) with group 1 does not fit an input of 4 channels"},
		{"group against the channels", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntAttr("group", 2)), "with group 2 does not fit"},
		{"group 0", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntAttr("group", 0)), "with group 0 does not fit"},
		{"group against the outputs", x, []*graph.Tensor{tensor("w", 5, 2, 3, 3)}, node("Conv", "x w", "y", graph.IntAttr("group", 2)), "2 groups do not divide 4 input and 5 output channels"},
		{"weight computed", x, nil, node("Conv", "x h", "y"), `its weight "h" is computed when the model runs`},
		{"bias computed", x, []*graph.Tensor{w}, node("Conv", "x w h", "y"), `its bias "h" is computed when the model runs`},
		{"bias of another size", x, []*graph.Tensor{w, tensor("b", 5)}, node("Conv", "x w b", "y"), "its bias has shape (5), the weight needs (6)"},
		{"bias of another rank", x, []*graph.Tensor{w, tensor("b", 6, 1, 1)}, node("Conv", "x w b", "y"), "its bias has shape (6, 1, 1)"},
		{"weight of another type", x, []*graph.Tensor{double}, node("Conv", "x w", "y"), `its weight "w" has element type DOUBLE; need FLOAT`},
		{"weight without elements", x, []*graph.Tensor{tensor("w", 6, 4, 0, 3)}, node("Conv", "x w", "y"), `its weight "w": shape (6, 4, 0, 3) has no elements`},
		{"kernel beyond the input", x, []*graph.Tensor{tensor("w", 1, 4, 6, 1)}, node("Conv", "x w", "y"), "padded height 5 is less than the kernel's 6"},
		{"stride 0", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("strides", 0, 1)), "strides [0 1] and dilations [1 1] must be at least 1"},
		{"negative pads", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("pads", 0, -1, 0, 0)), "attribute pads is [0 -1 0 0]; entries must be 0 or more"},
		{"pads of one axis", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("pads", 1, 1)), "attribute pads is [1 1], need 4 entries"},
		{"pads of another kind", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntAttr("pads", 1)), `attribute "pads" is of kind INT, it must be INTS`},
		{"auto_pad unknown", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.StringAttr("auto_pad", "SAME")), `auto_pad is "SAME"; ONNX knows`},
		{"auto_pad and pads", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.StringAttr("auto_pad", "VALID"), graph.IntsAttr("pads", 1, 1, 1, 1)), `auto_pad "VALID" and pads [1 1 1 1] are both there`},
		{"unknown attribute", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.StringAttr("activation", "Relu")), `attribute "activation" is not known for it`},
		{"no weight", x, nil, node("Conv", "x", "y"), "has 1 inputs and 1 outputs; need 2 to 3 and 1"},
		{"too large", x, []*graph.Tensor{w}, node("Conv", "x w", "y", graph.IntsAttr("pads", 0, 0, 1<<14, 1<<14)), "at most 16777216 elements are read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, c.inits, node("Tanh", "x", "h"), c.n)
			if got := problems(t, refuses(t, m, `Conv "y"`, c.want)); len(got) != 1 {
				t.Errorf("listed: %v", got)
			}
		})
	}
}
