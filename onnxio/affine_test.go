package onnxio

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Arithmetic with constants is in the weights of the layer before it, or a convolution of
// one pixel, and the result is the same.
func TestArithmeticWithConstants(t *testing.T) {
	w, b := tensor("conv.weight", 2, 3, 3, 3), graph.Float32Tensor("conv.bias", []int64{2}, []float32{0.5, -0.25})
	perChannel := graph.Float32Tensor("scale.gamma", []int64{2, 1, 1}, []float32{0.5, -2})
	number := graph.Float32Tensor("half", nil, []float32{0.5})
	inits := []*graph.Tensor{w, b, perChannel, number, graph.Float32Tensor("one.scale", []int64{1}, []float32{0.75}),
		tensor("gammas", 2, 1, 1), tensor("elements", 3, 4, 5), tensor("columns", 5), tensor("rows", 1, 1, 4, 1), tensor("fc.weight", 2, 3), tensor("fc.bias", 2), graph.Float32Tensor("two", []int64{2}, []float32{3, 0.5}),
		graph.Float32Tensor("v", []int64{2}, []float32{1, 2}), graph.Float32Tensor("axes", []int64{1, 1, 1, 1, 1}, []float32{2}),
		graph.Float32Tensor("least", nil, []float32{-2.9e38}), graph.Float32Tensor("most", nil, []float32{2.9e38})}
	conv := node("Conv", "x conv.weight conv.bias", "c", graph.StringAttr("auto_pad", "SAME_UPPER"))
	bare := node("Conv", "x conv.weight", "d", graph.StringAttr("auto_pad", "SAME_UPPER"))
	dense := node("Gemm", "x fc.weight", "h", graph.IntAttr("transB", 1))
	maps, vectors := nn.Shape{3, 4, 5}, nn.Shape{3}
	for _, c := range []struct {
		name  string
		x     nn.Shape
		nodes []*graph.Node
		want  []string // kinds of the layers
	}{
		{"a number by a convolution", maps, []*graph.Node{conv, node("Mul", "half c", "y")}, []string{"Conv"}},
		{"a convolution by a number", maps, []*graph.Node{conv, node("Div", "c half", "y")}, []string{"Conv"}},
		{"a factor for each channel of a convolution", maps, []*graph.Node{conv, node("Mul", "c scale.gamma", "y")}, []string{"Conv"}},
		{"a convolution without bias", maps, []*graph.Node{bare, node("Neg", "d", "y")}, []string{"Conv"}},
		{"a number less a convolution", maps, []*graph.Node{conv, node("Sub", "half c", "y")}, []string{"Conv"}},
		{"a convolution less a number", maps, []*graph.Node{conv, node("Sub", "c half", "y")}, []string{"Conv"}},
		{"one thing after the other", maps, []*graph.Node{conv, node("Mul", "c half", "a"), node("Add", "a half", "b"), node("Neg", "b", "y")}, []string{"Conv"}},
		{"a dense layer", vectors, []*graph.Node{node("Gemm", "x fc.weight fc.bias", "g", graph.IntAttr("transB", 1)), node("Div", "g two", "a"), node("Add", "a half", "y")}, []string{"Dense"}},
		{"a normalisation", nn.Shape{2, 3, 4}, []*graph.Node{node("BatchNormalization", "x two v v two", "n"), node("Mul", "n half", "a"), node("Sub", "a half", "y")}, []string{"BatchNorm"}},
		{"a scale for each channel of a map", maps, []*graph.Node{conv, node("Relu", "c", "r"), node("Mul", "r scale.gamma", "y")}, []string{"Conv", "relu", "Conv"}},
		{"a shift for each channel of a map", maps, []*graph.Node{conv, node("Relu", "c", "r"), node("Sub", "r scale.gamma", "y")}, []string{"Conv", "relu", "Conv"}},
		{"a number in front of all that trains", maps, []*graph.Node{node("Mul", "x one.scale", "a"), node("Tanh", "a", "y")}, []string{"Rescaling", "tanh"}},
		{"a number by the input", maps, []*graph.Node{node("Mul", "x half", "y")}, []string{"Rescaling"}},
		{"both signs", maps, []*graph.Node{conv, node("Neg", "c", "n"), node("Concat", "c n", "j", graph.IntAttr("axis", 1)), node("Relu", "j", "y")}, []string{"Conv", "Rescaling", "Concat", "relu"}},
		{"a layer that something else reads", maps, []*graph.Node{conv, node("Mul", "c half", "a"), node("Add", "a c", "y")}, []string{"Conv", "Rescaling", "Add"}},
		{"a shift without a bias", maps, []*graph.Node{bare, node("Add", "d half", "y")}, []string{"Conv", "Rescaling"}},
		{"numbers along a row", nn.Shape{5}, []*graph.Node{node("Mul", "half x", "y")}, []string{"Rescaling"}},
		{"less a map", nn.Shape{2, 4, 5}, []*graph.Node{node("Sub", "scale.gamma x", "y")}, []string{"Rescaling"}},
		{"by a constant", nn.Shape{2, 4, 5}, []*graph.Node{node("Div", "x scale.gamma", "y")}, []string{"Rescaling"}},
		{"the difference of two layers", maps, []*graph.Node{conv, bare, node("Sub", "c d", "y")}, []string{"Conv", "Conv", "Add"}},
		{"a learned scale of one pixel maps", nn.Shape{3, 3, 3}, []*graph.Node{node("Conv", "x conv.weight conv.bias", "c"), node("Relu", "c", "r"), node("Mul", "r scale.gamma", "y")}, []string{"Conv", "relu", "Conv"}},
		{"a scale that is no parameter by its name", maps, []*graph.Node{conv, node("Relu", "c", "r"), node("Mul", "r gammas", "y")}, []string{"Conv", "relu", "Rescaling"}},
		{"a learned scale among numbers", maps, []*graph.Node{conv, node("Relu", "c", "r"), node("Add", "r half", "a"), node("Mul", "a scale.gamma", "b"), node("Mul", "b half", "d"), node("Add", "d half", "y")}, []string{"Conv", "relu", "Rescaling", "Conv", "Rescaling"}},
		{"a scale and a shift", maps, []*graph.Node{conv, node("Relu", "c", "r"), node("Mul", "r scale.gamma", "a"), node("Add", "a scale.gamma", "y")}, []string{"Conv", "relu", "Rescaling"}},
		{"a number by features", vectors, []*graph.Node{dense, node("Relu", "h", "r"), node("Mul", "r half", "y")}, []string{"Dense", "relu", "Rescaling"}},
		{"features with another sign", vectors, []*graph.Node{dense, node("Relu", "h", "r"), node("Neg", "r", "y")}, []string{"Dense", "relu", "Rescaling"}},
		{"a factor for each feature", vectors, []*graph.Node{dense, node("Tanh", "h", "t"), node("Mul", "t two", "y")}, []string{"Dense", "tanh", "Rescaling"}},
		{"a factor behind features", vectors, []*graph.Node{dense, node("Selu", "h", "y", graph.FloatAttr("alpha", 2))}, []string{"Dense", "elu:2", "Rescaling"}},
		{"the difference of activations", maps, []*graph.Node{node("Tanh", "x", "a"), node("Relu", "x", "b"), node("Sub", "a b", "y")}, []string{"tanh", "relu", "Rescaling", "Add"}},
		{"a layer less itself", maps, []*graph.Node{conv, node("Sub", "c c", "y")}, []string{"Conv", "Rescaling", "Add"}},
		{"numbers for each element", maps, []*graph.Node{node("Sub", "x elements", "a"), node("Div", "a elements", "y")}, []string{"Rescaling"}},
		{"numbers for each column", maps, []*graph.Node{node("Mul", "x columns", "y")}, []string{"Rescaling"}},
		{"numbers for each row, with a batch axis", maps, []*graph.Node{node("Sub", "rows x", "y")}, []string{"Rescaling"}},
		{"steps that would make more numbers of few", maps, []*graph.Node{node("Mul", "x columns", "a"), node("Mul", "a rows", "y")}, []string{"Rescaling", "Rescaling"}},
		{"steps that cancel", maps, []*graph.Node{node("Mul", "x half", "a"), node("Div", "a half", "b"), node("Sub", "b half", "y")}, []string{"Rescaling"}},
		{"too many steps for one", nn.Shape{2}, halves(longestRescaling + 1), []string{"Rescaling", "Rescaling"}},
		{"the difference of the input and a layer", nn.Shape{2, 4, 5}, []*graph.Node{node("Tanh", "x", "h"), node("Mul", "h scale.gamma", "a"), node("Sub", "x a", "y")}, []string{"tanh", "Rescaling", "Rescaling", "Add"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, inits, c.nodes...)
			im := imports(t, m)
			var kinds []string
			for _, n := range im.Network.Nodes() {
				kinds = append(kinds, settledKind(n.Layer))
			}
			if len(kinds) != len(c.want) {
				t.Fatalf("layers %v, want %v", kinds, c.want)
			}
			for i := range kinds {
				if kinds[i] != c.want[i] {
					t.Errorf("layers %v, want %v", kinds, c.want)
				}
			}
			sameAsEvaluator(t, m, im)
		})
	}
	t.Run("refused", func(t *testing.T) {
		for _, c := range []struct {
			name  string
			x     nn.Shape
			nodes []*graph.Node
			want  string
		}{
			{"one by a layer", maps, []*graph.Node{conv, node("Div", "half c", "y")}, `Div "y" (no layer for this operator)`},
			{"what adds axes", maps, []*graph.Node{node("Mul", "x axes", "y")}, `Mul "y" (its input "axes" is a constant)`},
			{"limits as far as numbers go", maps, []*graph.Node{node("Clip", "x least most", "y")}, `Clip "y" (its min is -2.9e+38: beside`},
			{"a setting that is not known", maps, []*graph.Node{node("Selu", "x", "y", graph.FloatAttr("alpha", 2), graph.FloatAttr("delta", 2))}, `Selu "y" (attribute "delta" is not known for it)`},
			{"what widens a value", nn.Shape{1, 4, 5}, []*graph.Node{node("Mul", "x scale.gamma", "y")}, `Mul "y"`},
			{"the difference of other shapes", maps, []*graph.Node{conv, node("Conv", "x conv.weight", "e"), node("Sub", "c e", "y")}, `Sub "y"`},
		} {
			t.Run(c.name, func(t *testing.T) { refuses(t, model(c.x, inits, c.nodes...), c.want) })
		}
	})
	// Activations with settings that no layer has.
	limits := []*graph.Tensor{graph.Float32Tensor("lo", nil, []float32{-0.25}), graph.Float32Tensor("hi", nil, []float32{0.5}),
		graph.Float32Tensor("none", nil, []float32{-math.MaxFloat32}), w, b}
	for _, c := range []struct {
		n    *graph.Node
		want string
	}{
		{node("Selu", "c", "y", graph.FloatAttr("alpha", 2), graph.FloatAttr("gamma", 3)), "Conv elu:2 Rescaling"},
		{node("Selu", "c", "y"), "Conv selu"},
		{node("HardSigmoid", "c", "y", graph.FloatAttr("alpha", 0.5), graph.FloatAttr("beta", 0.6)), "Conv hardsigmoid:0.5"},
		{node("Clip", "c lo hi", "y"), "Conv relu6:0.75 Rescaling"},
		{node("Clip", "c lo", "y"), "Conv relu Rescaling"},
		{node("Clip", "c - hi", "y"), "Conv relu Rescaling"},
		{node("Clip", "c none hi", "y"), "Conv relu Rescaling"},
	} {
		m := model(maps, limits, conv, c.n)
		im := imports(t, m)
		var kinds []string
		for _, n := range im.Network.Nodes() {
			kinds = append(kinds, settledKind(n.Layer))
		}
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s %v: layers %s, want %s", c.n.OpType, c.n.Inputs, got, c.want)
		}
		sameAsEvaluator(t, m, im)
	}
	// Numbers far from 0 are taken away before the rest is multiplied.
	far := []*graph.Tensor{graph.Float32Tensor("mean", nil, []float32{293.15}), graph.Float32Tensor("std", nil, []float32{0.05}),
		graph.Float32Tensor("pixel", nil, []float32{123.7}), graph.Float32Tensor("pixels", nil, []float32{58.4})}
	for want, nodes := range map[string][]*graph.Node{
		"Rescaling Rescaling": {node("Sub", "x mean", "d"), node("Div", "d std", "y")},
		"Rescaling":           {node("Sub", "x pixel", "d"), node("Div", "d pixels", "y")},
	} {
		var kinds []string
		for _, n := range imports(t, model(maps, far, nodes...)).Network.Nodes() {
			kinds = append(kinds, settledKind(n.Layer))
		}
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("%v: layers %s, want %s", nodes[0].Inputs, got, want)
		}
	}
	note := `layer rescaling: its numbers are fixed; training leaves them as they are`
	if im := imports(t, model(maps, inits, node("Mul", "x half", "y"))); !slices.Contains(im.Notes, note) {
		t.Errorf("notes %q", im.Notes)
	}
	// The layer has the name of its parameter, and what it was made of is told.
	im := imports(t, model(maps, inits, conv, node("Mul", "c half", "a"), node("Relu", "a", "r"), node("Mul", "r scale.gamma", "y")))
	if n := im.Network.Nodes(); n[0].Name != "conv" || n[2].Name != "scale" {
		t.Errorf("read as %s", describe(im.Network))
	}
	if got := im.Layers[0].String(); got != "Conv+Mul" {
		t.Errorf("the first layer comes from %s", got)
	}
	if len(im.Notes) != 1 {
		t.Errorf("notes %q", im.Notes)
	}
	sameBits(t, "scale.weight", im.Network.Param("scale.weight").Data, []float32{0.5, -2})
}

// halves are nodes of which each multiplies by the constant half.
func halves(count int) (nodes []*graph.Node) {
	for i := range count {
		nodes = append(nodes, node("Mul", fmt.Sprintf("v%d half", i), fmt.Sprintf("v%d", i+1)))
	}
	nodes[0].Inputs[0], nodes[count-1].Outputs[0] = "x", "y"
	return nodes
}

// An output of the file may leave out the last axes of the network's, which have one element.
func TestOutputWithoutItsLastAxis(t *testing.T) {
	w := graph.Float32Tensor("conv.weight", []int64{2, 3, 1, 1}, []float32{1, 2, 3, 4, 5, 6})
	axes := graph.Int64Tensor("axes", []int64{1}, []int64{3})
	m := model(nn.Shape{3, 5, 1}, []*graph.Tensor{w, axes}, node("Conv", "x conv.weight", "c"), node("Squeeze", "c axes", "y"))
	im := imports(t, m)
	y := &nn.Tensor{Shape: []int{2, 2, 5}, Data: make([]float32, 20)}
	got, err := im.OutputToNetwork(y)
	if err != nil || !slices.Equal(got.Shape, []int{2, 2, 5, 1}) || len(y.Shape) != 3 {
		t.Errorf("%v of %v, error %v", got, y.Shape, err)
	}
}
