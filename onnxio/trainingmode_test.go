package onnxio

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// trainingModel is relu(batch normalisation(x)) as a file of an opset has it in training.
func trainingModel(opset int64, outputs string, attrs []*graph.Attr, more ...*graph.Node) *graph.Model {
	m := model(nn.Shape{3, 4, 5}, batchNormTensors(3), slices.Concat([]*graph.Node{
		node("BatchNormalization", "x g b m v", outputs, append(attrs, graph.FloatAttr("momentum", 0.75), graph.FloatAttr("epsilon", 1e-3))...),
		node("Relu", "h", "y"),
	}, more)...)
	m.Graph.Outputs[0].Name = "y"
	m.Opsets[0].Version = opset
	return m
}

// A batch normalisation of training becomes a layer with the file's running statistics: what
// the same file without the mark of training becomes.
func TestTrainingModeIsRead(t *testing.T) {
	mode := []*graph.Attr{graph.IntAttr("training_mode", 1)}
	for _, c := range []struct {
		name    string
		m       *graph.Model
		outputs string // of the graph, besides y
	}{
		{"opset 14 on, all results", trainingModel(15, "h rm rv", mode), ""},
		{"opset 14 on, one result", trainingModel(20, "h", mode), ""},
		{"the statistics are outputs", trainingModel(17, "h rm rv", mode), "rm rv"},
		{"the statistics are outputs under other names", trainingModel(17, "h rm rv", mode, node("Identity", "rm", "mean"), node("Cast", "rv", "var", graph.IntAttr("to", 1)), node("Identity", "var", "var2")), "mean var2"},
		{"opset 7 to 13", trainingModel(9, "h rm rv sm sv", nil), ""},
		{"opset 7 to 13, two results", trainingModel(13, "h - rv", nil), ""},
		{"before opset 7", trainingModel(6, "h rm rv sm sv", []*graph.Attr{graph.IntAttr("is_test", 0)}), ""},
		{"before opset 7, nothing said", trainingModel(6, "h", nil), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, name := range strings.Fields(c.outputs) {
				c.m.Graph.Outputs = append(c.m.Graph.Outputs, &graph.Value{Name: name, Type: graph.Float})
			}
			im := imports(t, c.m)
			if got, want := describe(im.Network), "bn=BatchNorm{Eps:0.001 Momentum:0.75 Semantics:pytorch}(3, 4, 5) act=relu(3, 4, 5)"; got != want {
				t.Errorf("read as %s, want %s", got, want)
			}
			if !slices.ContainsFunc(im.Notes, func(n string) bool {
				return strings.HasPrefix(n, "the file was made for training:") && strings.Contains(n, `(BatchNormalization)`)
			}) {
				t.Errorf("notes %q", im.Notes)
			}
			plain := trainingModel(15, "h", nil)
			_, want := run(t, imports(t, plain).Network, 3)
			_, got := run(t, im.Network, 3)
			sameBits(t, "result", got.Data, want.Data)
		})
	}
	m := trainingModel(15, "h rm rv", mode, node("Add", "y rm", "z"))
	m.Graph.Outputs[0].Name = "z"
	refuses(t, m, "BatchNormalization", "other nodes compute with the running statistics")
}

// Before opset 9 a batch normalisation could have statistics for each element.
func TestBatchNormOfElements(t *testing.T) {
	spatial := graph.IntAttr("spatial", 0)
	bn := node("BatchNormalization", "x g b m v", "y", spatial)
	params := func(dims ...int64) (list []*graph.Tensor) {
		n := 1
		for _, d := range dims {
			n *= int(d)
		}
		for _, name := range []string{"g", "b", "m"} {
			list = append(list, tensor(name, dims...))
		}
		v := pattern(n)
		for i := range v {
			v[i] *= v[i] // variances
		}
		return append(list, graph.Float32Tensor("v", dims, v))
	}
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		want  string
		note  string
	}{
		{"vector", nn.Shape{3}, params(3), "BatchNorm", ""},
		{"map of one pixel", nn.Shape{3, 1, 1}, params(3, 1, 1), "BatchNorm", ""},
		{"elements of a map", nn.Shape{3, 2, 2}, params(3, 2, 2), "Flatten BatchNorm Reshape", ""},
		{"channels, as MXNet writes them", nn.Shape{3, 2, 2}, params(3), "BatchNorm", "it is read as with spatial 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, c.inits, bn)
			m.Opsets[0].Version = 8
			im := imports(t, m)
			var kinds []string
			for _, n := range im.Network.Nodes() {
				kinds = append(kinds, n.Layer.Kind())
			}
			if got := strings.Join(kinds, " "); got != c.want {
				t.Errorf("read as %s, want %s", got, c.want)
			}
			if noted := slices.ContainsFunc(im.Notes, func(n string) bool { return strings.Contains(n, "spatial") }); noted != (c.note != "") {
				t.Errorf("notes %q", im.Notes)
			}
			if c.note == "" {
				sameAsEvaluator(t, m, im)
			}
		})
	}
	m := model(nn.Shape{3, 2, 2}, params(4), bn)
	m.Opsets[0].Version = 8
	err := refuses(t, m, `BatchNormalization "y" (it is not read in its form of opset 8: attribute spatial is 0`)
	if strings.Contains(err.Error(), "notUpgraded") {
		t.Errorf("the error %q has an internal name", err)
	}
}
