package onnxio

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// What gives a sample other axes, in front of a layer that needs them.
func TestReshapeIsRead(t *testing.T) {
	conv := []*graph.Tensor{tensor("w", 2, 6, 1, 1)}
	behind := node("Conv", "r w", "y")
	for _, c := range []struct {
		name  string
		x     nn.Shape
		batch int64 // that the file fixes; 0 for any
		to    []int64
		n     *graph.Node
		want  string // the layers; "" for an error
		err   string
	}{
		{"to (-1, C, H, W)", nn.Shape{12}, 0, []int64{-1, 6, 2, 1}, node("Reshape", "h s", "r"), "tanh Reshape[6 2 1] Conv", ""},
		{"to (0, C, -1, W)", nn.Shape{12}, 0, []int64{0, 6, -1, 1}, node("Reshape", "h s", "r"), "tanh Reshape[6 2 1] Conv", ""},
		{"to the fixed batch", nn.Shape{12}, 4, []int64{4, 6, 2, -1}, node("Reshape", "h s", "r"), "tanh Reshape[6 2 1] Conv", ""},
		{"between maps", nn.Shape{3, 2, 4}, 0, []int64{-1, 6, 2, 2}, node("Reshape", "h s", "r"), "tanh Reshape[6 2 2] Conv", ""},
		{"Unsqueeze", nn.Shape{6}, 0, []int64{2, 3}, node("Unsqueeze", "h s", "r"), "tanh Reshape[6 1 1] Conv", ""},
		{"Unsqueeze from the end", nn.Shape{6}, 0, []int64{-1, -2}, node("Unsqueeze", "h s", "r"), "tanh Reshape[6 1 1] Conv", ""},
		{"samples mixed", nn.Shape{12}, 0, []int64{-1, 6, 1, 1}, node("Reshape", "h s", "r"), "", "it reshapes (N, 12) to [-1 6 1 1]; a layer keeps the batch and the 12 elements of each sample"},
		{"another batch", nn.Shape{12}, 4, []int64{8, 6, 1, 1}, node("Reshape", "h s", "r"), "", "a layer keeps the batch"},
		{"five axes", nn.Shape{12}, 0, []int64{-1, 6, 1, 2, 1}, node("Reshape", "h s", "r"), "", "it reshapes (N, 12) to (N, 6, 1, 2, 1); a layer has at most three axes behind the batch"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, append(conv, int64s("s", c.to...)), node("Tanh", "x", "h"), c.n, behind)
			if c.batch > 0 {
				m.Graph.Inputs[0].Shape[0] = graph.Dim{Size: c.batch}
			}
			if c.want == "" {
				refuses(t, m, `"r"`, c.err)
				return
			}
			im := imports(t, m)
			got := ""
			for i, n := range im.Network.Nodes() {
				if i > 0 {
					got += " "
				}
				got += settledKind(n.Layer)
				if r, ok := n.Layer.(layer.Reshape); ok {
					got += fmt.Sprint(r.Shape)
				}
			}
			if got != c.want {
				t.Errorf("read as %s, want %s", got, c.want)
			}
			sameAsEvaluator(t, m, im)
		})
	}
}

// A result with two axes for each sample, such as points of a picture, and what Unsqueeze
// and Squeeze say wrong.
func TestReshapeOfResults(t *testing.T) {
	m := model(nn.Shape{4}, []*graph.Tensor{tensor("w", 4, 10), int64s("s", -1, 5, 2)}, node("MatMul", "x w", "h"), node("Reshape", "h s", "y"))
	im := imports(t, m)
	if got := im.Network.OutputShape(); !got.Equal(nn.Shape{5, 2}) {
		t.Errorf("the output has shape %v, want (5, 2)", got)
	}
	sameAsEvaluator(t, m, im)

	// In the file's own words, without what cleaning makes of them.
	own := model(nn.Shape{6}, []*graph.Tensor{int64s("a", 0)}, node("Unsqueeze", "x a", "y"))
	for _, c := range []struct {
		op   string
		axes []int64
		want string
	}{
		{"Unsqueeze", []int64{0}, "it puts axes [0] into (N, 6)"},
		{"Unsqueeze", []int64{2, 2}, "it puts axes [2 2] into (N, 6)"},
		{"Squeeze", []int64{2, 2}, "its axes are [2 2], but its input has 2"},
	} {
		own.Graph.Nodes[0].OpType = c.op
		own.Graph.Initializers = []*graph.Tensor{int64s("a", c.axes...)}
		if _, err := readWritten(own); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.op, err, c.want)
		}
	}
}
