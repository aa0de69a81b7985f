package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestConvTransposeIsRead(t *testing.T) {
	for _, c := range []struct {
		name   string
		x      nn.Shape
		weight []int64
		attrs  attrs
		want   layer.ConvTranspose // without Out, Kernel and NoBias
		shape  nn.Shape
	}{
		{"defaults", nn.Shape{2, 3, 4}, []int64{2, 5, 3, 2}, nil, layer.ConvTranspose{Out: 5}, nn.Shape{5, 5, 5}},
		{"strides", nn.Shape{2, 3, 4}, []int64{2, 5, 2, 2}, attrs{graph.IntsAttr("strides", 2, 3)}, layer.ConvTranspose{Out: 5, Stride: [2]int{2, 3}}, nn.Shape{5, 6, 11}},
		{"pads", nn.Shape{2, 3, 3}, []int64{2, 1, 3, 3}, attrs{graph.IntsAttr("pads", 0, 1, 2, 0)}, layer.ConvTranspose{Out: 1, Pads: [4]int{0, 1, 2, 0}}, nn.Shape{1, 3, 4}},
		{"output_padding", nn.Shape{2, 3, 3}, []int64{2, 1, 3, 3}, attrs{graph.IntsAttr("strides", 2, 2), graph.IntsAttr("output_padding", 1, 0)},
			layer.ConvTranspose{Out: 1, Stride: [2]int{2, 2}, OutputPad: [2]int{1, 0}}, nn.Shape{1, 8, 7}},
		{"groups", nn.Shape{4, 3, 3}, []int64{4, 3, 2, 2}, attrs{graph.IntAttr("group", 2), graph.IntsAttr("dilations", 2, 1)},
			layer.ConvTranspose{Out: 6, Groups: 2, Dilation: [2]int{2, 1}}, nn.Shape{6, 5, 4}},
		{"VALID", nn.Shape{2, 3, 3}, []int64{2, 1, 1, 1}, attrs{graph.StringAttr("auto_pad", "VALID")}, layer.ConvTranspose{Out: 1}, nn.Shape{1, 3, 3}},
	} {
		for _, bias := range []bool{false, true} {
			in, inits := "x w", []*graph.Tensor{tensor("w", c.weight...)}
			if bias {
				in, inits = "x w b", append(inits, tensor("b", int64(c.want.Out)))
			}
			net := imports(t, model(c.x, inits, node("ConvTranspose", in, "y", c.attrs...))).Network
			want := c.want
			want.Kernel, want.NoBias = [2]int{int(c.weight[2]), int(c.weight[3])}, !bias
			got := net.Nodes()[0]
			if settings(got.Layer) != settings(want) || !got.Shape.Equal(c.shape) {
				t.Errorf("%s: read as %s %v, want %s %v", c.name, settings(got.Layer), got.Shape, settings(want), c.shape)
			}
			for i, p := range net.Params() {
				v, _ := inits[i].Float32s()
				sameBits(t, c.name+" "+p.Name, p.Data, v)
			}
		}
	}
}

func TestConvTransposeIsRefused(t *testing.T) {
	x := nn.Shape{4, 5, 5}
	w := tensor("w", 4, 3, 3, 3)
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		n     *graph.Node
		want  string
	}{
		{"kernel_shape against the weight", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", kernelShape(3, 4)), "kernel_shape is [3 4], but the weight has shape (4, 3, 3, 3)"},
		{"3-D", nn.Shape{4, 5, 5, 5}, []*graph.Tensor{tensor("w", 4, 3, 3, 3, 3)}, node("ConvTranspose", "x w", "y"), "only 2-D"},
		{"of a vector", nn.Shape{4}, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y"), "its input has shape (N, 4)"},
		{"channels", x, []*graph.Tensor{tensor("w", 3, 4, 3, 3)}, node("ConvTranspose", "x w", "y"), "does not fit an input of 4 channels"},
		{"group 0", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntAttr("group", 0)), "with group 0 does not fit"},
		{"group 3", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntAttr("group", 3)), "3 groups do not divide 4 input"},
		{"weight computed", x, nil, node("ConvTranspose", "x h", "y"), `its weight "h" is computed`},
		{"bias of another size", x, []*graph.Tensor{w, tensor("b", 4)}, node("ConvTranspose", "x w b", "y"), "its bias has shape (4), the weight needs (3)"},
		{"stride 0", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntsAttr("strides", 0, 1)), "must be at least 1"},
		{"SAME", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.StringAttr("auto_pad", "SAME_UPPER")), `auto_pad is "SAME_UPPER"; need NOTSET or VALID`},
		{"VALID and pads", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.StringAttr("auto_pad", "VALID"), graph.IntsAttr("pads", 1, 1, 1, 1)), "are both there"},
		{"output_shape", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntsAttr("output_shape", 9, 9)), `attribute "output_shape" is not known for it`},
		{"output_padding", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntsAttr("output_padding", 1, 1)), "OutputPad is [1 1]"},
		{"too large", x, []*graph.Tensor{w}, node("ConvTranspose", "x w", "y", graph.IntsAttr("strides", 1<<14, 1<<14)), "more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refuses(t, model(c.x, c.inits, node("Tanh", "x", "h"), c.n), `ConvTranspose "y"`, c.want)
		})
	}
}
