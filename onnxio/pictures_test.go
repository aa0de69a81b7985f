package onnxio

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A network that flattens its input takes any order of its axes. Pictures have their channels
// first, and the file gets them in its own order.
func TestFlattenedPictures(t *testing.T) {
	dense := func(shape nn.Shape, more ...*graph.Node) *graph.Model {
		nodes := append(more, node("Reshape", "p flat", "f"), node("MatMul", "f w", "y"))
		inits := []*graph.Tensor{
			int64s("flat", -1, int64(shape.Size())), tensor("w", int64(shape.Size()), 4),
			tensor("mean", 1, 1, 1, 3), tensor("rows", 1, 5, 1, 1), tensor("slopes", 5, 4, 3),
			tensor("k", int64(shape[0]), int64(shape[0]), 1, 1),
		}
		return model(shape, inits, nodes...)
	}
	nhwc := AxisOrder{0, 2, 3, 1}
	for _, c := range []struct {
		name  string
		m     *graph.Model
		want  nn.Shape
		order AxisOrder
	}{
		{"grey, channels last", dense(nn.Shape{5, 4, 1}, node("Relu", "x", "p")), nn.Shape{1, 5, 4}, nhwc},
		{"colour, channels last", dense(nn.Shape{5, 4, 3}, node("Sub", "x mean", "p")), nn.Shape{3, 5, 4}, nhwc},
		{"numbers by rows", dense(nn.Shape{5, 4, 3}, node("Mul", "x rows", "p")), nn.Shape{3, 5, 4}, nhwc},
		{"slopes by element", dense(nn.Shape{5, 4, 3}, node("PRelu", "x slopes", "p")), nn.Shape{3, 5, 4}, nhwc},
		{"channels first", dense(nn.Shape{3, 5, 4}, node("Relu", "x", "p")), nn.Shape{3, 5, 4}, nil},
		{"one column, channels first", dense(nn.Shape{1, 5, 1}, node("Relu", "x", "p")), nn.Shape{1, 5, 1}, nil},
		{"a layer that knows", dense(nn.Shape{5, 4, 3}, node("Conv", "x k", "p")), nn.Shape{5, 4, 3}, nil},
		{"no axis of channels", dense(nn.Shape{5, 4}, node("Relu", "x", "p")), nn.Shape{1, 5, 4}, AxisOrder{0, 2, 3}},
		{"not flattened", model(nn.Shape{5, 4, 3}, nil, node("Relu", "x", "y")), nn.Shape{5, 4, 3}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			im := imports(t, c.m)
			if !im.Network.InputShape().Equal(c.want) || !slices.Equal(im.InputOrder, c.order) {
				t.Fatalf("the network takes %v in order %v, want %v in %v", im.Network.InputShape(), []int(im.InputOrder), c.want, []int(c.order))
			}
			sameAsEvaluator(t, c.m, im)
		})
	}
}
