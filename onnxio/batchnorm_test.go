package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// batchNormTensors are γ, β, mean and variance of so many channels.
func batchNormTensors(channels int64) []*graph.Tensor {
	variance := pattern(int(channels))
	for i, v := range variance {
		variance[i] = v * v
	}
	return []*graph.Tensor{tensor("g", channels), tensor("b", channels), tensor("m", channels), graph.Float32Tensor("v", []int64{channels}, variance)}
}

func TestBatchNormIsRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		x     nn.Shape
		attrs []*graph.Attr
		want  layer.BatchNorm
	}{
		{"defaults", nn.Shape{3, 4, 5}, nil, layer.BatchNorm{Eps: 1e-5, Momentum: 0.9}},
		{"of a vector", nn.Shape{3}, nil, layer.BatchNorm{Eps: 1e-5, Momentum: 0.9}},
		{"Keras's", nn.Shape{3, 2, 2}, []*graph.Attr{graph.FloatAttr("epsilon", 1e-3), graph.FloatAttr("momentum", 0.99)}, layer.BatchNorm{Eps: 1e-3, Momentum: 0.99}},
		{"spatial", nn.Shape{3, 2, 2}, []*graph.Attr{graph.IntAttr("spatial", 1)}, layer.BatchNorm{Eps: 1e-5, Momentum: 0.9}},
	} {
		inits := batchNormTensors(3)
		m := model(c.x, inits, node("BatchNormalization", "x g b m v", "y", c.attrs...))
		if c.name == "spatial" {
			inOpset(m, 8)
		}
		net := imports(t, m).Network
		if got := net.Nodes()[0].Layer; got != c.want {
			t.Errorf("%s: read as %+v, want %+v", c.name, got, c.want)
		}
		for i, p := range net.Params() {
			v, _ := inits[i].Float32s()
			sameBits(t, c.name+" "+p.Name, p.Data, v)
		}
	}
}

func TestBatchNormIsRefused(t *testing.T) {
	x := nn.Shape{3, 4, 5}
	for _, c := range []struct {
		name  string
		inits []*graph.Tensor
		n     *graph.Node
		want  string
	}{
		{"another number of channels", batchNormTensors(4), node("BatchNormalization", "x g b m v", "y"), "its weight has shape (4), an input of (N, 3, 4, 5) needs (3)"},
		{"not spatial", batchNormTensors(3), node("BatchNormalization", "x g b m v", "y", graph.IntAttr("spatial", 0)), "spatial 0"},
		{"computed statistics", batchNormTensors(3)[:3], node("BatchNormalization", "x g b m h", "y"), `its running_var "h" is computed when the model runs`},
		{"no variance", batchNormTensors(3), node("BatchNormalization", "x g b m", "y"), "has 4 inputs"},
		{"negative ε", batchNormTensors(3), node("BatchNormalization", "x g b m v", "y", graph.FloatAttr("epsilon", -1)), "ε is -1"},
		{"ε 0", batchNormTensors(3), node("BatchNormalization", "x g b m v", "y", graph.FloatAttr("epsilon", 0)), "epsilon 0"},
		{"unknown attribute", batchNormTensors(3), node("BatchNormalization", "x g b m v", "y", graph.IntAttr("axis", 1)), `attribute "axis" is not known for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			refuses(t, model(x, c.inits, node("Tanh", "x", "h"), c.n), `BatchNormalization "y"`, c.want)
		})
	}
}
