package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/report"
)

// inspect reads a network with branches from a file, and --json tells its inputs.
func TestInspectTellsInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	net, err := nn.NewBuilder(nn.Shape{4}).
		Add("a", layer.Dense{Out: 4}).Add("b", layer.Dense{Out: 4}, nn.InputName).Add("add", layer.Add{}, "b", "a").Build()
	if err != nil {
		t.Fatal(err)
	}
	writeNetwork(t, "model.onnx", net)
	var r report.Inspection
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
