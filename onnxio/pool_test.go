package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

type attrs = []*graph.Attr

func kernelShape(h, w int64) *graph.Attr { return graph.IntsAttr("kernel_shape", h, w) }

func TestPoolIsRead(t *testing.T) {
	k2, k3 := [2]int{2, 2}, [2]int{3, 3}
	for _, c := range []struct {
		name  string
		op    string
		x     nn.Shape
		attrs attrs
		want  nn.Layer
		shape nn.Shape
	}{
		{"stride 1 by default", "MaxPool", nn.Shape{2, 5, 6}, attrs{kernelShape(2, 2)}, layer.MaxPool{Kernel: k2, Stride: [2]int{1, 1}}, nn.Shape{2, 4, 5}},
		{"all attributes", "MaxPool", nn.Shape{2, 9, 9},
			attrs{kernelShape(3, 3), graph.IntsAttr("strides", 2, 3), graph.IntsAttr("dilations", 2, 1), graph.IntsAttr("pads", 1, 0, 2, 1),
				graph.IntAttr("ceil_mode", 1), graph.IntAttr("storage_order", 1), graph.StringAttr("auto_pad", "NOTSET")},
			layer.MaxPool{Kernel: k3, Stride: [2]int{2, 3}, Dilation: [2]int{2, 1}, Pads: [4]int{1, 0, 2, 1}, Ceil: true}, nn.Shape{2, 5, 3}},
		{"SAME_UPPER", "MaxPool", nn.Shape{1, 6, 7}, attrs{kernelShape(3, 3), graph.IntsAttr("strides", 2, 2), graph.StringAttr("auto_pad", "SAME_UPPER")},
			layer.MaxPool{Kernel: k3, Stride: k2, Pads: [4]int{0, 1, 1, 1}}, nn.Shape{1, 3, 4}},
		{"SAME_LOWER", "AveragePool", nn.Shape{1, 6, 7}, attrs{kernelShape(3, 3), graph.IntsAttr("strides", 2, 2), graph.StringAttr("auto_pad", "SAME_LOWER")},
			layer.AveragePool{Kernel: k3, Stride: k2, Pads: [4]int{1, 1, 0, 1}}, nn.Shape{1, 3, 4}},
		{"VALID", "AveragePool", nn.Shape{1, 6, 7}, attrs{kernelShape(3, 3), graph.StringAttr("auto_pad", "VALID")},
			layer.AveragePool{Kernel: k3, Stride: [2]int{1, 1}}, nn.Shape{1, 4, 5}},
		{"counted", "AveragePool", nn.Shape{1, 6, 6}, attrs{kernelShape(3, 3), graph.IntsAttr("pads", 1, 1, 1, 1), graph.IntAttr("count_include_pad", 1), graph.IntsAttr("dilations", 1, 1)},
			layer.AveragePool{Kernel: k3, Stride: [2]int{1, 1}, Pads: [4]int{1, 1, 1, 1}, CountPads: true}, nn.Shape{1, 6, 6}},
		{"global", "GlobalAveragePool", nn.Shape{2, 5, 6}, nil, layer.GlobalAveragePool{}, nn.Shape{2, 1, 1}},
		{"global", "GlobalMaxPool", nn.Shape{2, 5, 6}, nil, layer.GlobalMaxPool{}, nn.Shape{2, 1, 1}},
		{"mean of the pixels", "ReduceMean", nn.Shape{2, 5, 6}, attrs{graph.IntsAttr("axes", 2, 3)}, layer.GlobalAveragePool{}, nn.Shape{2, 1, 1}},
		{"largest of the pixels", "ReduceMax", nn.Shape{2, 5, 6}, attrs{graph.IntsAttr("axes", 3, 2)}, layer.GlobalMaxPool{}, nn.Shape{2, 1, 1}},
		{"mean from the end", "ReduceMean", nn.Shape{2, 5, 6}, attrs{graph.IntsAttr("axes", -1, -2), graph.IntAttr("keepdims", 1)}, layer.GlobalAveragePool{}, nn.Shape{2, 1, 1}},
	} {
		m := model(c.x, nil, node(c.op, "x", "y", c.attrs...))
		if m.Graph.Nodes[0].Attr("axes") != nil {
			inOpset(m, 17)
		}
		net := imports(t, m).Network
		if got := net.Nodes()[0]; settings(got.Layer) != settings(c.want) || !got.Shape.Equal(c.shape) {
			t.Errorf("%s, %s: read as %s %v, want %s %v", c.op, c.name, settings(got.Layer), got.Shape, settings(c.want), c.shape)
		}
	}
}

// PyTorch's x.mean((2, 3)) drops the axes.
func TestMeanWithoutItsAxesIsTwoLayers(t *testing.T) {
	axes := graph.Int64Tensor("a", []int64{2}, []int64{3, 2})
	m := model(nn.Shape{3, 4, 5}, []*graph.Tensor{axes, tensor("w", 2, 3)},
		node("ReduceMean", "x a", "h", graph.IntAttr("keepdims", 0)), node("Gemm", "h w", "y", graph.IntAttr("transB", 1)))
	if got, want := describe(imports(t, m).Network), "pool=GlobalAveragePool{}(3, 1, 1) flatten=Flatten{}(3) dense=Dense{Out:2 NoBias:true}(2)"; got != want {
		t.Errorf("read as %s, want %s", got, want)
	}
}

func TestPoolIsRefused(t *testing.T) {
	x := nn.Shape{4, 5, 5}
	k := kernelShape(2, 2)
	for _, c := range []struct {
		name string
		x    nn.Shape
		n    *graph.Node
		want string
	}{
		{"no kernel_shape", x, node("MaxPool", "x", "y"), "attribute kernel_shape is missing"},
		{"1-D on a map", x, node("MaxPool", "x", "y", graph.IntsAttr("kernel_shape", 2)), "attribute kernel_shape is [2], need 2 entries"},
		{"3-D", nn.Shape{4, 5, 5, 5}, node("MaxPool", "x", "y", k), "its input has shape (N, 4, 5, 5, 5), need (N, C, H, W)"},
		{"stride 0", x, node("MaxPool", "x", "y", k, graph.IntsAttr("strides", 0, 1)), "strides [0 1] and dilations [1 1] must be at least 1"},
		{"ceil_mode 2", x, node("MaxPool", "x", "y", k, graph.IntAttr("ceil_mode", 2)), "attribute ceil_mode is 2, need 0 or 1"},
		{"auto_pad and pads", x, node("MaxPool", "x", "y", k, graph.IntsAttr("pads", 1, 1, 1, 1), graph.StringAttr("auto_pad", "VALID")), "are both there"},
		{"auto_pad unknown", x, node("MaxPool", "x", "y", k, graph.StringAttr("auto_pad", "SAME")), `auto_pad is "SAME"; ONNX knows`},
		{"padding alone", x, node("MaxPool", "x", "y", k, graph.IntsAttr("pads", 2, 0, 0, 0)), "position 0 of the window holds padding alone"},
		{"count_include_pad", x, node("MaxPool", "x", "y", k, graph.IntAttr("count_include_pad", 1)), `attribute "count_include_pad" is not known for it`},
		{"dilated mean", x, node("AveragePool", "x", "y", k, graph.IntsAttr("dilations", 1, 2)), "attribute dilations is [1 2]; an AveragePool layer has none"},
		{"storage_order", x, node("AveragePool", "x", "y", k, graph.IntAttr("storage_order", 0)), `attribute "storage_order" is not known for it`},
		{"Lp", x, node("LpPool", "x", "y", k), "no layer for this operator"},
		{"of a vector", nn.Shape{4}, node("GlobalAveragePool", "x", "y"), "need (channels, height, width)"},
		{"no input", x, node("GlobalMaxPool", "", "y"), "has 0 inputs"},
		{"attribute", x, node("GlobalMaxPool", "x", "y", k), `attribute "kernel_shape" is not known for it`},
		{"mean of all", x, node("ReduceMean", "x", "y"), "it reduces axes [] of (N, 4, 5, 5); only 2 and 3 of (N, C, H, W) are a layer"},
		{"mean of channels", x, node("ReduceMean", "x", "y", graph.IntsAttr("axes", 1)), "it reduces axes [1]"},
		{"one axis twice", x, node("ReduceMax", "x", "y", graph.IntsAttr("axes", 2, -2)), "it reduces axes [2] of"},
		{"mean over 1 and 4", x, node("ReduceMean", "x", "y", graph.IntsAttr("axes", 1, 4)), "its axes are [1 4], but its input has 4"},
		{"mean of the samples", nn.Shape{4}, node("ReduceMean", "x", "y", graph.IntsAttr("axes", 0)), "it reduces axes [0] of (N, 4)"},
		{"axes computed", x, node("ReduceMean", "x h", "y"), `its axes "h" is computed when the model runs`},
	} {
		t.Run(c.name, func(t *testing.T) {
			refuses(t, model(c.x, []*graph.Tensor{tensor("c", 1, 4, 5, 5)}, node("Tanh", "x", "h"), c.n), c.n.OpType+` "`+c.n.Name, c.want)
		})
	}
}
