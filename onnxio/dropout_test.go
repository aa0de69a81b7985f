package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestDropoutIsRead(t *testing.T) {
	scalar := graph.Float32Tensor("r", nil, []float32{0.25})
	zero := graph.Float32Tensor("r", nil, []float32{0})
	training := func(v byte) *graph.Tensor {
		return &graph.Tensor{Name: "t", Type: graph.Bool, Raw: []byte{v}}
	}
	for _, c := range []struct {
		name  string
		inits []*graph.Tensor
		n     *graph.Node
		want  float32
	}{
		{"defaults", nil, node("Dropout", "x", "y"), 0.5},
		{"an input", []*graph.Tensor{scalar}, node("Dropout", "x r", "y"), 0.25},
		{"a seed, which decides nothing here", []*graph.Tensor{scalar}, node("Dropout", "x r", "y", graph.IntAttr("seed", 7)), 0.25},
		{"not in training", []*graph.Tensor{scalar, training(0)}, node("Dropout", "x r t", "y"), 0.25},
		{"in training", []*graph.Tensor{scalar, training(1)}, node("Dropout", "x r t", "y"), 0.25},
		{"in training, but without effect", []*graph.Tensor{zero, training(1)}, node("Dropout", "x r t", "y"), 0},
	} {
		net := imports(t, model(nn.Shape{3, 4, 5}, c.inits, c.n)).Network
		if got := net.Nodes()[0].Layer.(layer.Dropout); got.Rate != c.want {
			t.Errorf("%s: rate %g, want %g", c.name, got.Rate, c.want)
		}
	}
	old := inOpset(model(nn.Shape{3, 4, 5}, nil, node("Dropout", "x", "y", graph.FloatAttr("ratio", 0.125))), 11)
	if got := imports(t, old).Network.Nodes()[0].Layer.(layer.Dropout); got.Rate != 0.125 {
		t.Errorf("of opset 11: rate %g, want 0.125", got.Rate)
	}
	refuses(t, model(nn.Shape{3}, []*graph.Tensor{scalar}, node("Dropout", "x r r", "y")), `Dropout "y"`, `tensor "r": its type is FLOAT`)
	refuses(t, model(nn.Shape{3}, []*graph.Tensor{scalar}, node("Tanh", "x", "h"), node("Dropout", "x r h", "y")), `Dropout "y"`, `its training_mode "h" is computed`)
	refuses(t, model(nn.Shape{3}, []*graph.Tensor{tensor("r", 2)}, node("Dropout", "x r", "y")), `Dropout "y"`, "its ratio has 2 values")
}
