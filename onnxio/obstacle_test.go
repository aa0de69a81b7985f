package onnxio

import (
	"errors"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// What stands in the way at any size is told from what depends on the size.
func TestObstacle(t *testing.T) {
	pictures := func(nodes ...*graph.Node) *graph.Model {
		return open(model(nn.Shape{3, 8, 8}, []*graph.Tensor{tensor("w", 4, 3, 3, 3), tensor("fc", 4*6*6, 2), int64s("to", -1, 4*6*6), tensor("whole", 4, 3, 8, 8), int64s("hw", 2, 3), int64s("flat", -1, 4), tensor("six", 4, 6, 6), tensor("rows", 6, 6), int64s("begin", 1), int64s("end", 7), int64s("axis", 2)}, nodes...), 2, 3)
	}
	conv := node("Conv", "x w", "c")
	for _, c := range []struct {
		name string
		m    *graph.Model
		want string
	}{
		{"an operator", pictures(conv, node("Sin", "c", "y")), `Sin "y" (no layer for this operator)`},
		{"at once", pictures(node("Sin", "x", "s"), node("Conv", "s w", "y")), `Sin "s"`},
		{"in a sequence", open(model(nn.Shape{2, 9}, nil, node("Sin", "x", "y")), 2), `Sin "y"`},
		{"channels are open too", open(model(nn.Shape{3, 8, 8}, nil, node("Sin", "x", "y")), 1, 2, 3), `Sin "y"`},
		{"none", pictures(conv, node("GlobalAveragePool", "c", "y")), ""},
		{"only 8 x 8 fits", pictures(conv, node("Flatten", "c", "f"), node("Gemm", "f fc", "y")), ""},
		{"only 8 x 8 fits a Reshape", pictures(conv, node("Reshape", "c to", "f"), node("Gemm", "f fc", "y")), ""},
		{"only 8 x 8 is squeezed", pictures(node("Conv", "x whole", "c"), node("Squeeze", "c hw", "y")), ""},
		{"only 8 x 8 is flat", pictures(node("Conv", "x whole", "c"), node("Reshape", "c flat", "y")), ""},
		{"only 8 x 8 is added", pictures(conv, node("Add", "c six", "y")), ""},
		{"only 8 x 8 is scaled", pictures(conv, node("Mul", "c six", "y")), ""},
		{"rows are multiplied", pictures(conv, node("MatMul", "c rows", "y")), `MatMul "y"`},
		{"sliced", pictures(node("Slice", "x begin end axis", "s"), node("Conv", "s w", "y")), `Slice "s"`},
		{"behind what only 8 x 8 fits", pictures(conv, node("Flatten", "c", "f"), node("Gemm", "f fc", "g"), node("Sin", "g", "y")), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var why *UnsupportedError
			err := Obstacle(c.m)
			if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &why) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
			size := nn.Shape{3, 8, 8}
			if len(c.m.Graph.Inputs[0].Shape) == 3 {
				size = size[2:]
			}
			if _, err := (ImportOptions{InputShape: size}).Import(c.m); (err == nil) == (c.want != "") && c.name != "behind what only 8 x 8 fits" {
				t.Errorf("at 8 x 8: %v", err)
			}
		})
	}
}

// What is asked for has as many numbers as are open, and is as what is fixed.
func TestCheckSize(t *testing.T) {
	for _, c := range []struct {
		shape nn.Shape
		open  []int
		size  nn.Shape
		want  string
	}{
		{nn.Shape{3, 8, 8}, nil, nn.Shape{8, 8}, "(N, 3, 8, 8): its size is fixed"},
		{nn.Shape{3, 8, 8}, []int{2, 3}, nn.Shape{8}, "need HEIGHTxWIDTH"},
		{nn.Shape{3, 8, 8}, []int{2, 3}, nn.Shape{9, 7}, ""},
		{nn.Shape{3, 8, 8}, []int{2, 3}, nn.Shape{3, 9, 7}, ""},
		{nn.Shape{3, 8, 8}, []int{2, 3}, nn.Shape{1, 9, 7}, "does not fit"},
		{nn.Shape{8, 8, 3}, []int{1, 2}, nn.Shape{3, 9, 7}, ""},
		{nn.Shape{8, 8, 3}, []int{1, 2}, nn.Shape{1, 9, 7}, "does not fit"},
		{nn.Shape{3, 8, 8}, []int{2}, nn.Shape{9, 8}, ""},
		{nn.Shape{3, 8, 8}, []int{2}, nn.Shape{9, 7}, "does not fit"},
		{nn.Shape{3, 8, 8}, []int{1, 2, 3}, nn.Shape{9, 7}, ""}, // the weights may tell the channels
		{nn.Shape{3, 8}, []int{2}, nn.Shape{9}, ""},
		{nn.Shape{3, 8}, []int{2}, nn.Shape{9, 9}, "need a LENGTH"},
		{nn.Shape{3, 8}, []int{1, 2}, nn.Shape{9}, "need two numbers"},
		{nn.Shape{8}, []int{1}, nn.Shape{9}, ""},
	} {
		err := CheckSize(open(model(c.shape, nil, node("Relu", "x", "y")), c.open...).Graph.Inputs[0], c.size)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v for %v, %v open: %v, want %q", c.size, c.shape, c.open, err, c.want)
		}
		if fixed := len(c.open) == 0; errors.Is(err, ErrFixedSize) != fixed {
			t.Errorf("%v is ErrFixedSize: %v", err, !fixed)
		}
	}
}
