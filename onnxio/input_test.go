package onnxio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// fixed makes a model whose input has all sizes fixed.
func fixed(m *graph.Model, dims ...int64) *graph.Model {
	m.Graph.Inputs[0].Shape = nil
	for _, d := range dims {
		m.Graph.Inputs[0].Shape = append(m.Graph.Inputs[0].Shape, graph.Dim{Size: d})
	}
	return m
}

func int64s(name string, v ...int64) *graph.Tensor {
	return graph.Int64Tensor(name, []int64{int64(len(v))}, v)
}

// throughNetwork runs an input of the file's shape through what was imported.
func throughNetwork(im *Imported, x *nn.Tensor) (*nn.Tensor, error) {
	x, err := im.InputOrder.ToNetwork(x)
	if err != nil {
		return nil, err
	}
	y, err := im.Network.Forward(x)
	if err != nil {
		return nil, err
	}
	return im.OutputOrder.ToFile(y)
}

// sameAsEvaluator holds what was imported against the file in the evaluator.
func sameAsEvaluator(t *testing.T, m *graph.Model, im *Imported) {
	t.Helper()
	in := m.Graph.Inputs[0]
	batch := 2
	if !im.InputOrder.Batched() {
		batch = 1
	}
	taken, err := im.InputOrder.ToFile(nn.NewTensor(append([]int{batch}, im.Network.InputShape()...)...))
	if err != nil {
		t.Fatal(err)
	}
	var shape []int
	for i, d := range in.Shape {
		if !d.Known() {
			d.Size = int64(taken.Shape[i])
		}
		shape = append(shape, int(d.Size))
	}
	x := nn.NewTensor(shape...)
	copy(x.Data, pattern(len(x.Data)))
	y, err := throughNetwork(im, x)
	if err != nil {
		t.Fatal(err)
	}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Run(map[string]*reference.Tensor{in.Name: reference.FromFloat32s(shape, x.Data)})
	if err != nil {
		t.Fatal(err)
	}
	want := out[im.Output]
	if !slices.Equal(y.Shape, want.Shape) {
		t.Fatalf("a result of shape %v, want %v", y.Shape, want.Shape)
	}
	w := make([]float32, want.Len())
	for i, v := range want.Floats {
		w[i] = float32(v)
	}
	if d, allowed := distance(y.Data, w); d > allowed {
		t.Errorf("results differ by %g, %g is allowed", d, allowed)
	}
}

// Files whose axes are not (N, C, H, W) or (N, features) become networks on maps, which
// compute the same.
func TestOtherOrdersOfAxes(t *testing.T) {
	kernel := func(k int64) *graph.Attr { return graph.IntsAttr("kernel_shape", k) }
	for _, c := range []struct {
		name          string
		m             *graph.Model
		input, output AxisOrder
		want          string // kinds of the layers
	}{
		{"convolutions along a sequence",
			model(nn.Shape{4, 9}, []*graph.Tensor{tensor("conv.weight", 6, 2, 3), tensor("conv.bias", 6), tensor("act.alpha", 6, 1), tensor("fc.weight", 3, 6),
				int64s("last", -1), tensor("g", 6), tensor("b", 6), tensor("m", 6), graph.Float32Tensor("v", []int64{6}, []float32{1, 2, 1, 2, 1, 2})},
				node("Conv", "x conv.weight conv.bias", "c", kernel(3), graph.IntsAttr("pads", 2, 1), graph.IntsAttr("strides", 2), graph.IntAttr("group", 2)),
				node("BatchNormalization", "c g b m v", "n"),
				node("PRelu", "n act.alpha", "a"),
				node("MaxPool", "a", "p", kernel(2), graph.IntsAttr("dilations", 2)),
				node("ReduceMean", "p last", "r", graph.IntAttr("keepdims", 0)),
				node("Gemm", "r fc.weight", "y", graph.IntAttr("transB", 1))),
			AxisOrder{0, 1, 3}, nil, "Conv BatchNorm prelu:channel MaxPool GlobalAveragePool Flatten Dense"},
		{"pools of a sequence",
			model(nn.Shape{3, 9}, nil,
				node("AveragePool", "x", "a", kernel(3), graph.IntsAttr("pads", 1, 1), graph.IntAttr("count_include_pad", 1)),
				node("AveragePool", "a", "b", kernel(2), graph.StringAttr("auto_pad", "SAME_UPPER"), graph.IntsAttr("strides", 2)),
				node("GlobalMaxPool", "b", "c"),
				node("Softmax", "c", "y", graph.IntAttr("axis", 1))),
			AxisOrder{0, 1, 3}, AxisOrder{0, 1, 3}, "AveragePool AveragePool GlobalMaxPool Softmax"},
		{"a mean over pixels in a row",
			model(nn.Shape{2, 3, 4}, []*graph.Tensor{int64s("s", 0, 2, -1)},
				node("Tanh", "x", "h"), node("Reshape", "h s", "r"), node("GlobalAveragePool", "r", "p"), node("Relu", "p", "y")),
			nil, AxisOrder{0, 1, 2}, "tanh GlobalAveragePool relu"},
		{"a transposed convolution along a sequence",
			model(nn.Shape{4, 5}, []*graph.Tensor{tensor("w", 4, 3, 3), tensor("b", 3)},
				node("ConvTranspose", "x w b", "y", kernel(3), graph.IntsAttr("strides", 2), graph.IntsAttr("pads", 1, 0), graph.IntsAttr("output_padding", 1))),
			AxisOrder{0, 1, 3}, AxisOrder{0, 1, 3}, "ConvTranspose"},
		{"dense layers along a sequence, channels last",
			model(nn.Shape{5, 4}, []*graph.Tensor{tensor("d1", 4, 6), tensor("b1", 6), tensor("d2", 6, 3)},
				node("MatMul", "x d1", "h"), node("Add", "h b1", "i"), node("Relu", "i", "j"), node("MatMul", "j d2", "k"), node("Softmax", "k", "y")),
			AxisOrder{0, 3, 1}, AxisOrder{0, 3, 1}, "Conv relu Conv Softmax"},
		{"pictures without channels",
			model(nn.Shape{5, 6}, []*graph.Tensor{int64s("s", -1, 1, 5, 6), tensor("w", 2, 1, 3, 3)},
				node("Reshape", "x s", "p"), node("Conv", "p w", "y")),
			AxisOrder{0, 2, 3}, nil, "Conv"},
		{"pictures without channels, which come last",
			model(nn.Shape{5, 6}, []*graph.Tensor{int64s("s", -1), tensor("w", 2, 1, 3, 3)},
				node("Unsqueeze", "x s", "p"), node("Transpose", "p", "q", graph.IntsAttr("perm", 0, 3, 1, 2)), node("Conv", "q w", "y")),
			AxisOrder{0, 2, 3}, nil, "Conv"},
		{"a wave",
			model(nn.Shape{9}, []*graph.Tensor{int64s("s", 1), tensor("w", 2, 1, 3)},
				node("Unsqueeze", "x s", "p"), node("Conv", "p w", "y", graph.IntsAttr("strides", 2))),
			AxisOrder{0, 3}, AxisOrder{0, 1, 3}, "Conv"},
		{"one picture",
			fixed(model(nil, []*graph.Tensor{int64s("s", 0), tensor("w", 2, 3, 3, 3), tensor("fc.weight", 4, 24), int64s("flat", -1)},
				node("Unsqueeze", "x s", "p"), node("Conv", "p w", "c"), node("Relu", "c", "r"), node("Squeeze", "r s", "q"),
				node("Reshape", "q flat", "f"), node("Unsqueeze", "f s", "g"), node("Gemm", "g fc.weight", "h", graph.IntAttr("transB", 1)), node("Squeeze", "h s", "y")), 3, 6, 5),
			AxisOrder{1, 2, 3}, AxisOrder{1}, "Conv relu Flatten Dense"},
		{"one picture, channels last",
			fixed(model(nil, []*graph.Tensor{int64s("s", 0), tensor("w", 2, 3, 3, 3)},
				node("Transpose", "x", "t", graph.IntsAttr("perm", 2, 0, 1)), node("Unsqueeze", "t s", "p"), node("Conv", "p w", "y")), 6, 5, 3),
			AxisOrder{2, 3, 1}, nil, "Conv"},
		{"one vector",
			fixed(model(nil, []*graph.Tensor{tensor("w", 5, 4), tensor("b", 4)},
				node("MatMul", "x w", "h"), node("Add", "h b", "i"), node("Softmax", "i", "y")), 5),
			AxisOrder{1}, AxisOrder{1}, "Dense Softmax"},
		{"one sequence",
			fixed(model(nil, []*graph.Tensor{int64s("s", 0), tensor("w", 3, 4, 2)}, node("Unsqueeze", "x s", "p"), node("Conv", "p w", "y")), 4, 9),
			AxisOrder{1, 3}, AxisOrder{0, 1, 3}, "Conv"},
		{"one set of points",
			fixed(model(nil, []*graph.Tensor{tensor("w", 4, 6), int64s("s", 0)}, node("MatMul", "x w", "h"), node("Relu", "h", "r"),
				node("Transpose", "r", "t"), node("Unsqueeze", "t s", "u"), node("GlobalMaxPool", "u", "y")), 9, 4),
			AxisOrder{3, 1}, AxisOrder{0, 1, 3}, "Conv relu GlobalMaxPool"},
		{"one volume, flattened", fixed(model(nil, nil, node("Flatten", "x", "y", graph.IntAttr("axis", 0))), 2, 3, 4, 5),
			AxisOrder{1, 2, 3, 4}, nil, "Flatten"},
		{"one vector with another sign", fixed(model(nil, nil, node("Neg", "x", "y")), 5), AxisOrder{1}, AxisOrder{1}, "Rescaling"},
		{"pixels times a vector",
			model(nn.Shape{2, 3, 4}, []*graph.Tensor{tensor("w", 4)}, node("MatMul", "x w", "y")),
			AxisOrder{0, 2, 3, 1}, AxisOrder{0, 2, 3}, "Conv"},
		{"nothing but a transposition",
			model(nn.Shape{2, 3, 4}, nil, node("Transpose", "x", "y", graph.IntsAttr("perm", 2, 0, 3, 1))),
			nil, AxisOrder{2, 0, 3, 1}, "linear"},
		{"nothing but another axis",
			model(nn.Shape{2, 3}, []*graph.Tensor{int64s("s", 1, -1)}, node("Unsqueeze", "x s", "y")),
			nil, AxisOrder{0, -1, 1, 2, -1}, "linear"},
		{"Clip without limits", model(nn.Shape{2, 3}, nil, node("Clip", "x - -", "y")), nil, nil, "linear"},
	} {
		t.Run(c.name, func(t *testing.T) {
			im := imports(t, c.m)
			var kinds []string
			for _, n := range im.Network.Nodes() {
				kinds = append(kinds, settledKind(n.Layer))
			}
			if got := strings.Join(kinds, " "); got != c.want {
				t.Errorf("layers %s, want %s", got, c.want)
			}
			if !slices.Equal(im.InputOrder, c.input) || !slices.Equal(im.OutputOrder, c.output) || (im.OutputOrder == nil) != (c.output == nil) {
				t.Errorf("orders %v and %v, want %v and %v", im.InputOrder, im.OutputOrder, c.input, c.output)
			}
			one := slices.ContainsFunc(im.Notes, func(note string) bool { return strings.HasPrefix(note, "the file takes one sample, without") })
			if one == c.input.Batched() {
				t.Errorf("notes %q", im.Notes)
			}
			sameAsEvaluator(t, c.m, im)
		})
	}
}

// Of several ways to read a file the error is that which leaves fewest nodes.
func TestErrorOfTheBestOrder(t *testing.T) {
	m := model(nn.Shape{4, 9}, []*graph.Tensor{tensor("w", 6, 4, 3), tensor("v", 6, 6, 3)},
		node("Conv", "x w", "a"), node("Erf", "a", "b"), node("Conv", "b v", "y"))
	if listed := problems(t, refuses(t, m, `Erf "b" (no layer for this operator)`)); len(listed) != 1 {
		t.Errorf("listed: %v", listed)
	}
}

// Large files are read in one order.
func TestLargeFilesAreReadInOneOrder(t *testing.T) {
	m := model(nn.Shape{4, 9}, []*graph.Tensor{tensor("w", 6, 4, 3)}, node("Conv", "x w", "v0"))
	for i := range mostReordered - 1 {
		m.Graph.Nodes = append(m.Graph.Nodes, node("MaxPool", fmt.Sprint("v", i), fmt.Sprint("v", i+1), graph.IntsAttr("kernel_shape", 1)))
	}
	m.Graph.Outputs[0].Name = fmt.Sprint("v", mostReordered-1)
	imports(t, m)
	m.Graph.Nodes = append(m.Graph.Nodes, node("Relu", m.Graph.Outputs[0].Name, "y"))
	m.Graph.Outputs[0].Name = "y"
	refuses(t, m, `Conv "v0" (its weight has shape (6, 4, 3)`)
}

// A node that needs its operand as in the file is told, not what cleaning puts in front of it.
func TestMovesInFrontAreNotTold(t *testing.T) {
	refuses(t, fixed(model(nil, []*graph.Tensor{graph.Int64Tensor("a", nil, []int64{0})}, node("CumSum", "x a", "y")), 5),
		`1 of its 1 nodes cannot be read as layers: CumSum "y" (no layer for this operator)`)
}

// Sizes of 0 are refused, wherever they are.
func TestEmptyValuesAreRefused(t *testing.T) {
	refuses(t, fixed(model(nil, []*graph.Tensor{int64s("s", 3, 4, 0)}, node("Reshape", "x s", "y", graph.IntAttr("allowzero", 1))), 0, 3, 4), "Reshape")
	refuses(t, fixed(model(nil, nil, node("Relu", "x", "y")), 3, 0, 4), `input "x": axis 1 is 0`)
	refuses(t, fixed(model(nil, nil, node("Relu", "x", "y")), 0), `input "x": axis 0 is 0`)
}
