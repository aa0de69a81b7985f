package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// A network of many layers is cloned, planned and observed.
func TestManyLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("60,000 layers")
	}
	const n = 30_000
	var layers []nn.Layer
	for range n {
		layers = append(layers, layer.Dense{Out: 1}, activation.Must("relu"))
	}
	net, err := nn.Sequential(nn.Shape{1}, layers...)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, node := range net.Clone().Nodes() {
		names = append(names, node.Name)
	}
	last := names[len(names)-1]
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Mode: nn.Training, Outputs: names, Seeds: []string{last}, Gradients: names})
	if err != nil {
		t.Fatal(err)
	}
	x, dy := nn.NewTensor(1, 1), nn.NewTensor(1, 1)
	result, err := e.Run(map[string]*nn.Tensor{nn.InputName: x}, map[string]*nn.Tensor{last: dy})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Outputs) != 2*n || len(result.Gradients) != 2*n {
		t.Errorf("%d outputs and %d gradients, want %d of each", len(result.Outputs), len(result.Gradients), 2*n)
	}
}

// Layers' names may have points in them, as those of PyTorch's modules do.
func TestParamOfNamesWithPoints(t *testing.T) {
	b := nn.NewBuilder(nn.Shape{2})
	for _, name := range []string{"a", "a.weight", "a.b", "a.b.c", ".", "d."} {
		b.Add(name, layer.Dense{Out: 2})
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Params() {
		if got := net.Param(p.FullName()); got != p {
			t.Errorf("Param(%q) gives %v", p.FullName(), got)
		}
	}
	for _, name := range []string{"", "a", "weight", "a.c.weight", "a.weight.", ".weight", "input.weight", "a.slope"} {
		if got := net.Param(name); got != nil {
			t.Errorf("Param(%q) gives %s, want nil", name, got.FullName())
		}
	}
}
