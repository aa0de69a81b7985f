package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// A chain's summary tells no inputs, that of a network with branches those of all layers.
func TestSummaryTellsInputsOfBranches(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{2, 4, 6}).
		Add("conv", nn.Conv{Out: 2, Kernel: [2]int{1, 1}}).
		Add("add", nn.Add{}, "conv", nn.InputName).
		Add("pool", nn.MaxPool{Kernel: [2]int{2, 2}}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	printLayers(&b, net)
	want := `layer  kind     inputs       output shape  parameters  MACs
input                        (2, 4, 6)     0           0
conv   Conv     input        (2, 4, 6)     6           96
add    Add      conv, input  (2, 4, 6)     0           0
pool   MaxPool  add          (2, 2, 3)     0           0
total parameters: 6, multiply–accumulates a sample: 96
`
	if b.String() != want {
		t.Errorf("the summary is\n%s\nwant\n%s", b.String(), want)
	}

	chain, err := nn.Sequential(nn.Shape{2, 4, 6}, nn.MaxPool{Kernel: [2]int{2, 2}}, nn.Flatten{})
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	printLayers(&b, chain)
	if got, _, _ := strings.Cut(b.String(), "\n"); got != "layer    kind     output shape  parameters  MACs" {
		t.Errorf("of a chain the summary starts %q", got)
	}
}

// inspect reads a network with branches from a file, and --json tells its inputs.
func TestInspectTellsInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	net, err := nn.NewBuilder(nn.Shape{4}).
		Add("a", nn.Dense{Out: 4}).Add("b", nn.Dense{Out: 4}, nn.InputName).Add("add", nn.Add{}, "b", "a").Build()
	if err != nil {
		t.Fatal(err)
	}
	model, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("model.onnx", model, 0o666); err != nil {
		t.Fatal(err)
	}
	var r inspectReport
	if err := json.Unmarshal([]byte(mustRun(t, "inspect", "model.onnx", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, l := range r.Layers {
		got = append(got, l.Inputs)
	}
	if want := [][]string{{"input"}, {"input"}, {"b", "a"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("inputs %q, want %q", got, want)
	}
	if out := mustRun(t, "inspect", "model.onnx"); !strings.Contains(out, "b, a") {
		t.Errorf("no inputs in\n%s", out)
	}
}
