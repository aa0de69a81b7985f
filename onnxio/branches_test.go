package onnxio

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// What PyTorch's two exporters write of one network with branches: the same layers with
// the same inputs, which give what PyTorch gives.
func TestPyTorchsBranchesAreRead(t *testing.T) {
	dir := filepath.Join(golden, "branches")
	recorded := readNPZ(t, filepath.Join(dir, "recorded.npz"))
	first := []string{
		"Conv[input](4, 7, 9)", "Conv[0](4, 7, 9)", "Conv[1](4, 7, 9)", "GlobalAveragePool[2](4, 1, 1)",
		"Conv[3](4, 1, 1)", "sigmoid[4](4, 1, 1)", "Mul[2 5](4, 7, 9)", "Add[6 0](4, 7, 9)", "relu[7](4, 7, 9)",
		"MaxPool[8](4, 4, 5)", "AveragePool[8](4, 4, 5)", "Concat[9 10](8, 4, 5)",
	}
	for file, last := range map[string][]string{
		"dynamo": {"Pad[11](8, 6, 6)", "ConvTranspose[12](3, 12, 12)", "GlobalAveragePool[13](3, 1, 1)", "Flatten[14](3)",
			"GlobalMaxPool[13](3, 1, 1)", "Flatten[16](3)", "Concat[15 17](6)", "Dense[18](3)", "LogSoftmax[19](3)"},
		// The older exporter writes a pool over the whole map with its size as a number.
		"torchscript": {"ConvTranspose[11](3, 8, 10)", "GlobalAveragePool[12](3, 1, 1)", "Flatten[13](3)",
			"GlobalMaxPool[12](3, 1, 1)", "Flatten[15](3)", "Concat[14 16](6)", "Dense[17](3)", "LogSoftmax[18](3)"},
	} {
		want := append(slices.Clone(first), last...)
		im, err := Load(filepath.Join(dir, file+".onnx"))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := topology(im.Network); !slices.Equal(got, want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, net := range []*nn.Network{im.Network, again(t, im.Network)} {
			y, err := net.Forward(recorded["input"])
			if err != nil {
				t.Fatal(err)
			}
			if d, allowed := distance(y.Data, recorded[file].Data); d > allowed {
				t.Errorf("%s: the result is off by %.2g, at most %.2g is close", file, d, allowed)
			}
		}
	}
}

// again writes a network and reads it.
func again(t *testing.T, net *nn.Network) *nn.Network {
	t.Helper()
	m, err := graph.Read(encode(t, net, EncodeOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	back := imports(t, m).Network
	sameNetwork(t, back, net)
	return back
}

// topology tells each layer's kind, which layers it reads, and its shape.
func topology(net *nn.Network) (list []string) {
	number := map[string]string{nn.InputName: nn.InputName}
	for i, n := range net.Nodes() {
		number[n.Name] = fmt.Sprint(i)
		var inputs []string
		for _, in := range n.Inputs {
			inputs = append(inputs, number[in])
		}
		list = append(list, fmt.Sprintf("%s%v%v", n.Layer.Kind(), inputs, n.Shape))
	}
	return list
}
