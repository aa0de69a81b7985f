package onnxio

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// open is a model with axes of its input open.
func open(m *graph.Model, axes ...int) *graph.Model {
	for _, a := range axes {
		m.Graph.Inputs[0].Shape[a] = graph.Dim{Size: -1, Param: "s"}
	}
	return m
}

// The size of a sample is taken for the axes that the file leaves open, and nodes that
// compute shapes fold.
func TestOpenSizes(t *testing.T) {
	pictures := func(shape nn.Shape) *graph.Model {
		return model(shape, []*graph.Tensor{tensor("w", 4, 3, 3, 3), tensor("fc.weight", 2, 4), int64s("zero", 0), int64s("rest", -1)},
			node("Conv", "x w", "c"), node("GlobalAveragePool", "c", "g"),
			node("Shape", "c", "s"), node("Gather", "s zero", "n"), node("Concat", "n rest", "to", graph.IntAttr("axis", 0)),
			node("Reshape", "g to", "f"), node("Gemm", "f fc.weight", "y", graph.IntAttr("transB", 1)))
	}
	last := func(shape nn.Shape) *graph.Model {
		return model(shape, []*graph.Tensor{tensor("w", 4, 3, 3, 3), int64s("hw", 2, 3)},
			node("Transpose", "x", "t", graph.IntsAttr("perm", 0, 3, 1, 2)), node("Conv", "t w", "c"), node("ReduceMean", "c hw", "y", graph.IntAttr("keepdims", 0)))
	}
	mean := func(shape nn.Shape) *graph.Model { return model(shape, nil, node("GlobalAveragePool", "x", "y")) }
	for _, c := range []struct {
		name string
		m    *graph.Model
		size nn.Shape
		want nn.Shape // of the network's input; nil for an error
		err  string   // without a size
	}{
		{"height and width, from data", open(pictures(nn.Shape{3, 9, 9}), 2, 3), nn.Shape{3, 6, 7}, nn.Shape{3, 6, 7}, `input "x" has shape (N, 3, s, s): axes 2 and 3 are open; give --size HxW, or data`},
		{"height and width alone", open(pictures(nn.Shape{3, 9, 9}), 2, 3), nn.Shape{6, 7}, nn.Shape{3, 6, 7}, "axes 2 and 3 are open"},
		{"height", open(pictures(nn.Shape{3, 9, 7}), 2), nn.Shape{6, 8}, nn.Shape{3, 6, 7}, "axis 2 is open; give --size HxW"},
		{"channels, which the weights fix", open(pictures(nn.Shape{3, 6, 7}), 1), nil, nn.Shape{3, 6, 7}, ""},
		{"all, channels by the weights", open(pictures(nn.Shape{3, 9, 9}), 1, 2, 3), nn.Shape{6, 7}, nn.Shape{3, 6, 7}, "axes 2 and 3 are open"},
		{"channels last", open(last(nn.Shape{9, 9, 3}), 1, 2), nn.Shape{3, 6, 7}, nn.Shape{3, 6, 7}, "(N, s, s, 3): axes 1 and 2 are open; give --size HxW"},
		{"channels last, all open", open(last(nn.Shape{9, 9, 3}), 1, 2, 3), nn.Shape{6, 7}, nn.Shape{3, 6, 7}, "axes 1 and 2 are open"},
		{"all open, no weights", open(mean(nn.Shape{1, 1, 1}), 1, 2, 3), nn.Shape{3, 6, 7}, nn.Shape{3, 6, 7}, "axes 1, 2 and 3 are open; give --size CxHxW"},
		{"no channels given", open(mean(nn.Shape{1, 1, 1}), 1, 2, 3), nn.Shape{6, 7}, nil, "axes 1, 2 and 3 are open"},
		{"a sequence", open(model(nn.Shape{2, 9}, []*graph.Tensor{tensor("w", 3, 2, 3)}, node("Conv", "x w", "c"), node("GlobalMaxPool", "c", "y")), 2), nn.Shape{8}, nn.Shape{2, 1, 8}, "axis 2 is open; give --size L"},
		{"a sequence, from data", open(model(nn.Shape{2, 9}, []*graph.Tensor{tensor("w", 3, 2, 3)}, node("Conv", "x w", "y")), 2), nn.Shape{2, 1, 8}, nn.Shape{2, 1, 8}, "axis 2 is open"},
		{"features, which the weights fix", open(model(nn.Shape{4}, []*graph.Tensor{tensor("w", 4, 3)}, node("Gemm", "x w", "y")), 1), nil, nn.Shape{4}, ""},
		{"features of data", open(model(nn.Shape{4}, nil, node("Relu", "x", "y")), 1), nn.Shape{1, 2, 3}, nn.Shape{6}, "axis 1 is open; give --size L"},
		{"nothing is open", pictures(nn.Shape{3, 6, 7}), nn.Shape{3, 28, 28}, nn.Shape{3, 6, 7}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Import(c.m)
			var missing *OpenSizeError
			if c.err == "" && err != nil || c.err != "" && (!errors.As(err, &missing) || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("without a size the error is %v, want %q", err, c.err)
			}
			im, err := ImportOptions{InputShape: c.size}.Import(c.m)
			if c.want == nil {
				if err == nil {
					t.Errorf("read as %s", describe(im.Network))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := im.Network.InputShape(); !got.Equal(c.want) {
				t.Errorf("the network takes %v, want %v", got, c.want)
			}
			noted := slices.ContainsFunc(im.Notes, func(n string) bool { return strings.HasPrefix(n, "the file leaves the size of its input open") })
			if noted != (c.name != "nothing is open") {
				t.Errorf("notes %q", im.Notes)
			}
			sameAsEvaluator(t, c.m, im)
		})
	}
	_, err := ImportOptions{InputShape: nn.Shape{3, -1, 4}}.Import(open(mean(nn.Shape{3, 1, 1}), 2, 3))
	if err == nil || !strings.Contains(err.Error(), "size (3, -1, 4) is none") {
		t.Errorf("error %v", err)
	}
}
