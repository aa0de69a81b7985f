package main

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// The same network in every opset: the same answers, the message tells the opset and the
// bytes.
func TestExportInEveryOpset(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "mish", "--run", "a")...)
	want := afterModel(mustRun(t, "eval", "--run", "a", "--limit", "100", "--json"))
	for opset, act := range map[int64]string{16: "Softplus", 18: "Mish", 20: "Mish", 24: "Mish"} {
		file := fmt.Sprintf("%d.onnx", opset)
		told := mustRun(t, "export", file, "--run", "a", "--opset", fmt.Sprint(opset))
		if says := fmt.Sprintf("a: wrote %s (opset %d, %d bytes), read back and checked\n", file, opset, len(readAll(t, file))); told != says {
			t.Errorf("export says %q, want %q", told, says)
		}
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m.Opset("") != opset || m.Graph.Nodes[1].OpType != act {
			t.Errorf("%s is of opset %d with a %s", file, m.Opset(""), m.Graph.Nodes[1].OpType)
		}
		if got := afterModel(mustRun(t, "eval", file, "--limit", "100", "--json")); got != want {
			t.Errorf("eval %s:\n%s\nwant\n%s", file, got, want)
		}
	}
}
