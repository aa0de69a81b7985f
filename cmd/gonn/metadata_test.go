package main

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/report"
)

// inspect prints how a network was made, of a run and of its file alike.
func TestInspectPrintsMetadata(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "leaky:-0.5", "--schedule", "cosine", "--augment", "shift:1", "--seed", "7", "--run", "a")...)
	mustRun(t, "export", "a.onnx", "--run", "a")
	for _, args := range [][]string{{"inspect", "--run", "a"}, {"inspect", "a.onnx"}} {
		out := mustRun(t, args...)
		_, table, _ := strings.Cut(out, "\nmetadata\n")
		told := map[string]string{}
		for line := range strings.Lines(table) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			told[key] = strings.TrimSpace(value)
		}
		if len(told["data_sha256"]) != 64 {
			t.Errorf("%v: no checksum of the data in\n%s", args, out)
		}
		delete(told, "data_sha256")
		want := map[string]string{
			"act": "leaky:-0.5", "augment": "shift:1", "batch": "64", "data": "mnist-inverted", "epochs": "1", "init": "keras",
			"kink": "keras", "limit": "256", "loss": "cross-entropy", "lr": "0.001", "net": "study", "optimizer": "adam",
			"schedule": "cosine:0:1", "seed": "7", "semantics": "keras",
		}
		if !maps.Equal(told, want) {
			t.Errorf("%v: metadata %v, want %v", args, told, want)
		}
		var r report.Inspection
		if err := json.Unmarshal([]byte(mustRun(t, append(args, "--json")...)), &r); err != nil {
			t.Fatal(err)
		}
		if delete(r.Metadata, "data_sha256"); !maps.Equal(r.Metadata, want) {
			t.Errorf("%v --json: metadata %v, want %v", args, r.Metadata, want)
		}
	}
}

// What a network was trained from is told by the checksum of its values, not by a path.
func TestMetadataOfFineTuning(t *testing.T) {
	torch := testdata(t, "golden", "pytorch", "mish", "dynamo.onnx")
	other := testdata(t, "golden", "pytorch", "prelu-channel", "dynamo.onnx")
	t.Chdir(t.TempDir())
	sums := map[string]bool{}
	for _, net := range []string{torch, other} {
		dir := "a" + string(rune('a'+len(sums)))
		mustRun(t, small("--net", net, "--run", dir)...)
		out := mustRun(t, "inspect", "--run", dir)
		_, sum, _ := strings.Cut(out, "\nnet_sha256")
		if sum, _, _ = strings.Cut(strings.TrimSpace(sum), "\n"); len(sum) != 64 || strings.Contains(out, "golden") {
			t.Errorf("the checksum is %q in\n%s", sum, out)
		}
		sums[sum] = true
	}
	if len(sums) != 2 {
		t.Errorf("two networks have the checksums %v", sums)
	}
}

// A stranger's file does not get to write on the terminal as it likes.
func TestMetadataIsPrintable(t *testing.T) {
	t.Setenv("COLUMNS", "300")
	t.Chdir(t.TempDir())
	net, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	model, err := onnxio.Encode(net, onnxio.EncodeOptions{Metadata: map[string]string{
		"names\n": "{0: 'zéro'}\t\"quoted\"", "screen": "\x1b[2J", "long": strings.Repeat("0123456789", 30),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("model.onnx", model, 0o666); err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, "inspect", "model.onnx")
	want := `metadata
long       ` + strings.Repeat("0123456789", 20) + `…
"names\n"  "{0: 'zéro'}\t\"quoted\""
screen     "\x1b[2J"
`
	if _, got, _ := strings.Cut(out, "\n\n"); got != want {
		t.Errorf("inspect prints\n%q\nwant\n%q", got, want)
	}
}
