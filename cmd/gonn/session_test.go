package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

// small makes a training that takes a second, unless the arguments say otherwise.
func small(args ...string) []string {
	command := []string{"train"}
	for _, flag := range [][]string{{"--limit", "256"}, {"--batch", "64"}, {"--epochs", "1"}} {
		if !slices.Contains(args, flag[0]) {
			command = append(command, flag...)
		}
	}
	return append(command, args...)
}

func readAll(t *testing.T, elem ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A session as in the README: train, export, inspect, evaluate, predict, compare.
func TestSession(t *testing.T) {
	seven := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	out := mustRun(t, small("--act", "prelu")...)
	for _, s := range []string{"34,402", "train  loss", "test   loss", "learned slopes", "prelu:element", "runs/prelu-001", "gonn export"} {
		if !strings.Contains(filepath.ToSlash(out), s) {
			t.Errorf("train does not print %q:\n%s", s, out)
		}
	}
	mustRun(t, "export", "model.onnx")
	if _, stderr, code := gonn("export", "model.onnx"); code != 2 || !strings.Contains(stderr, "--force") {
		t.Errorf("overwriting: exit %d, %s", code, stderr)
	}
	if !bytes.Equal(readAll(t, "model.onnx"), readAll(t, "runs", "prelu-001", "model.onnx")) {
		t.Error("export gives other bytes than the run's model.onnx")
	}
	mustRun(t, "export", "probabilities.onnx", "--softmax")

	// The same network, whichever way it is reached.
	fromRun := mustRun(t, "eval", "--limit", "100", "--json")
	for _, args := range [][]string{{"model.onnx"}, {"probabilities.onnx"}, {"--run", "runs/prelu-001"}} {
		got := mustRun(t, append([]string{"eval", "--limit", "100", "--json"}, args...)...)
		if a, b := afterModel(fromRun), afterModel(got); a != b {
			t.Errorf("eval %v:\n%s\nwant\n%s", args, b, a)
		}
	}
	if out := mustRun(t, "predict", "model.onnx", seven); !strings.Contains(out, "7.png: ") || !strings.Contains(out, " %)") {
		t.Errorf("predict: %s", out)
	}
	out = mustRun(t, "compare", "model.onnx", "--run", "runs/prelu-001", "--limit", "100")
	if !strings.Contains(out, "same class for 100 of 100 samples") {
		t.Errorf("compare of a run with its own file:\n%s", out)
	}
}

// afterModel cuts off the line that names the model.
func afterModel(report string) string {
	_, rest, _ := strings.Cut(report, `"data"`)
	return rest
}

// inspect shows the slopes that are in the file, to the bit.
func TestInspectShowsTheFilesSlopes(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "prelu:channel")...)
	mustRun(t, "import", "runs/prelu-001/model.onnx", "--run", "again")
	mustRun(t, "export", "model.onnx", "--run", "again")
	m, err := graph.ReadFile("model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	inFile := map[string][]float32{}
	for _, tensor := range m.Graph.Initializers {
		if inFile[tensor.Name], err = tensor.Float32s(); err != nil {
			t.Fatal(err)
		}
	}
	var r report.Inspection
	if err := json.Unmarshal([]byte(mustRun(t, "inspect", "model.onnx", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Activations) != 2 {
		t.Fatalf("%d activations, want 2", len(r.Activations))
	}
	for _, a := range r.Activations {
		want := inFile[a.Layer+".alpha"]
		if a.Kind != "prelu" || a.Sharing != "channel" || a.Shape.String() != "(8, 1, 1)" || len(a.Values) != 8 || len(want) != 8 {
			t.Fatalf("%+v", a)
		}
		moved := false
		for i, v := range a.Values {
			if math.Float32bits(v) != math.Float32bits(want[i]) {
				t.Errorf("%s: slope %d is shown as %v, the file holds %v", a.Layer, i, v, want[i])
			}
			moved = moved || v != 0
		}
		if !moved {
			t.Errorf("%s: training left every slope at 0", a.Layer)
		}
	}
	t.Logf("promise T12: inspect shows the %d slopes of %d layers to the bit as the file has them, after train, export, import and export",
		8*len(r.Activations), len(r.Activations))
}

// The bytes of a run do not depend on the number of workers, nor on having been
// stopped and resumed.
func TestRunsAreReproducible(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "swish-beta:channel", "--run", "one", "--epochs", "3", "--workers", "1")...)
	for _, workers := range []string{"2", "3", "8"} {
		mustRun(t, small("--act", "swish-beta:channel", "--run", "w"+workers, "--epochs", "3", "--workers", workers)...)
		sameRun(t, "one", "w"+workers)
	}
	mustRun(t, small("--act", "swish-beta:channel", "--run", "two", "--epochs", "1")...)
	mustRun(t, "train", "--resume", "--run", "two", "--epochs", "2", "--workers", "3")
	mustRun(t, "train", "--resume", "--run", "two", "--epochs", "3")
	sameRun(t, "one", "two")
	if _, stderr, code := gonn("train", "--resume", "--run", "two", "--seed", "9"); code != 2 || !strings.Contains(stderr, "--seed cannot be given with --resume") {
		t.Errorf("another seed: exit %d, %s", code, stderr)
	}
	if _, stderr, code := gonn(small("--run", "two")...); code != 1 || !strings.Contains(stderr, "--resume") {
		t.Errorf("an existing run: exit %d, %s", code, stderr)
	}
}

// The same with a schedule, a warm-up and clipping, whose state a resume needs.
func TestScheduledRunsAreReproducible(t *testing.T) {
	t.Setenv("COLUMNS", "200")
	t.Chdir(t.TempDir())
	flags := []string{"--act", "prelu:channel", "--optimizer", "adamw:pytorch", "--weight-decay", "0.1", "--clip-norm", "1",
		"--schedule", "plateau:0.5:1", "--warmup", "6steps:0.1", "--val", "0.25"}
	out := mustRun(t, small(append(flags, "--run", "one", "--epochs", "3", "--workers", "1")...)...)
	if want := "adamw (pytorch), lr 0.001 (plateau:0.5:1:0:0 after a warm-up over 6steps:0.1)"; !strings.Contains(out, want) {
		t.Errorf("train does not print %q:\n%s", want, out)
	}
	mustRun(t, small(append(flags, "--run", "two", "--epochs", "1", "--workers", "3")...)...)
	mustRun(t, "train", "--resume", "--run", "two", "--epochs", "3")
	sameRun(t, "one", "two")
}

func sameRun(t *testing.T, a, b string) {
	t.Helper()
	for _, file := range []string{"state.safetensors", "model.onnx"} {
		if !bytes.Equal(readAll(t, a, file), readAll(t, b, file)) {
			t.Errorf("%s of %s and of %s differ", file, a, b)
		}
	}
}

// A network from PyTorch can be imported and trained, from the file and from the run.
func TestImportAndTrain(t *testing.T) {
	torch := testdata(t, "golden", "pytorch", "prelu-untrained", "dynamo.onnx")
	t.Chdir(t.TempDir())
	out := mustRun(t, "import", torch, "--run", "imported")
	if !strings.Contains(out, `shared the tensor`) || !strings.Contains(out, "prelu:one") {
		t.Errorf("import:\n%s", out)
	}
	mustRun(t, small("--net", torch, "--run", "a")...)
	mustRun(t, small("--net", "imported", "--run", "b")...)
	sameRun(t, "a", "b")
	if strings.Contains(mustRun(t, "inspect", "--run", "a"), "0.2500  0.0000") {
		t.Error("training left the slopes where they were")
	}
}

// compare answers by its exit status.
func TestCompareExitStatus(t *testing.T) {
	model := testdata(t, "golden", "pytorch", "mish-testdata", "model.onnx")
	other := testdata(t, "golden", "pytorch", "swish", "torchscript.onnx")
	inputs := testdata(t, "golden", "pytorch", "recorded", "inputs.npz")
	mish := testdata(t, "golden", "pytorch", "recorded", "mish", "expected.npz")
	for _, tc := range []struct {
		args  []string
		code  int
		equal string
	}{
		{[]string{model}, 0, `"equal": true`},
		{[]string{model, "--tolerance", "exact"}, 1, `"equal": false`},
		{[]string{model, "--inputs", inputs, "--expected", mish}, 0, `"equal": true`},
		{[]string{other, "--inputs", inputs, "--expected", mish}, 1, `"equal": false`},
		{[]string{other, "--inputs", inputs, "--expected", mish, "--atol", "10"}, 0, `"equal": true`},
	} {
		out, stderr, code := gonn(append([]string{"compare", "--json"}, tc.args...)...)
		if code != tc.code || !strings.Contains(out, tc.equal) || stderr != "" {
			t.Errorf("compare %v: exit %d, stderr %q, want %d and %s in\n%s", tc.args, code, stderr, tc.code, tc.equal, out)
		}
	}
}

// The losses on probabilities start where the study says: ln 2 and 0.25.
func TestLossesOnProbabilities(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, loss := range []string{"bce", "mse"} {
		out := mustRun(t, small("--act", "leaky:-0.5", "--loss", loss, "--run", loss)...)
		if !strings.Contains(out, "sigmoid") {
			t.Errorf("--loss %s puts no sigmoid at the end:\n%s", loss, out)
		}
		mustRun(t, "eval", "--run", loss, "--limit", "50")
		mustRun(t, "export", loss+".onnx", "--run", loss)
	}
	if _, stderr, code := gonn("export", "s.onnx", "--softmax", "--run", "mse"); code != 2 || !strings.Contains(stderr, "probabilities already") {
		t.Errorf("softmax on a sigmoid: exit %d, %s", code, stderr)
	}
}

// A run elsewhere neither makes ./runs nor becomes the newest, and a session that ended,
// also with an error, leaves no lock.
func TestRunsElsewhereLeaveRunsAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	if out := mustRun(t, small("--run", "elsewhere")...); !strings.Contains(out, "gonn inspect --run elsewhere") {
		t.Errorf("the hint does not name the run:\n%s", out)
	}
	mustRun(t, "import", filepath.Join("elsewhere", "model.onnx"), "--run", "imported")
	if _, err := os.Lstat("runs"); err == nil {
		t.Error("train or import --run elsewhere has made ./runs")
	}
	mustRun(t, small()...)
	latest := string(readAll(t, "runs", "latest"))
	mustRun(t, "train", "--resume", "--run", "elsewhere", "--epochs", "1")
	if _, stderr, code := gonn("train", "--resume", "--run", "elsewhere", "--epochs", "0"); code == 0 {
		t.Errorf("no epochs: %s", stderr)
	}
	if got := string(readAll(t, "runs", "latest")); got != latest {
		t.Errorf("latest became %q, was %q", got, latest)
	}
	for _, dir := range []string{"elsewhere", "imported", filepath.Join("runs", strings.TrimSpace(latest))} {
		if _, err := os.Lstat(filepath.Join(dir, "lock")); err == nil {
			t.Errorf("%s is still locked", dir)
		}
	}
}
