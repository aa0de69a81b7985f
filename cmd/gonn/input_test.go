package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report"
)

// bars writes a folder of pictures by class, bars that lie and bars that stand, in two
// colours, and returns one of each.
func bars(t *testing.T, dir string) (lying, standing string) {
	t.Helper()
	for _, set := range []string{"train", "test"} {
		for i := range 24 {
			for _, class := range []string{"standing", "lying"} {
				img := image.NewNRGBA(image.Rect(0, 0, 12, 12))
				for k := range 144 {
					along := k / 12
					if class == "standing" {
						along = k % 12
					}
					c := color.NRGBA{20, byte(40 + i), 60, 255}
					if along/3 == i%4 {
						c = color.NRGBA{200, 180, byte(100 + i), 255}
					}
					img.Set(k%12, k/12, c)
				}
				path := filepath.Join(dir, set, class, fmt.Sprintf("%02d.png", i))
				writePNG(t, path, img)
			}
		}
	}
	return filepath.Join(dir, "test", "lying", "03.png"), filepath.Join(dir, "test", "standing", "03.png")
}

func evalOf(t *testing.T, args ...string) (r report.Eval) {
	t.Helper()
	if err := json.Unmarshal([]byte(mustRun(t, append([]string{"eval", "--json"}, args...)...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// How a network reads pixels and what its classes are called stay with it: through
// training, evaluation, export, import and training on.
func TestInputConventionTravelsWithTheNetwork(t *testing.T) {
	t.Setenv("COLUMNS", "300")
	t.Chdir(t.TempDir())
	lying, standing := bars(t, "bars")
	out := mustRun(t, "train", "--data", "bars", "--net", "mlp", "--act", "relu", "--epochs", "12", "--batch", "8", "--lr", "0.003",
		"--normalize", "auto", "--augment", "shift:1,noise:0.02", "--run", "a")
	var record struct {
		Settings struct{ Normalize, Augment string }
		Result   struct {
			Train, Test struct{ Loss, Accuracy float64 }
		}
	}
	if err := json.Unmarshal(readAll(t, "a", "run.json"), &record); err != nil {
		t.Fatal(err)
	}
	set, err := data.Open("bars")
	if err != nil {
		t.Fatal(err)
	}
	norm, err := data.NormOf(set.Train)
	if err != nil {
		t.Fatal(err)
	}
	s := record.Settings
	if s.Normalize != norm.String() || s.Augment != "shift:1,noise:0.02" || !strings.Contains(out, ", normalised by "+s.Normalize+", augmented by shift:1,noise:0.02") {
		t.Errorf("recorded %+v, want auto to be %s; printed\n%s", s, norm, out)
	}
	if record.Result.Test.Accuracy < 0.95 {
		t.Errorf("the network has not learned: %+v", record.Result)
	}

	mustRun(t, "export", "a.onnx", "--run", "a")
	mustRun(t, "import", "a.onnx", "--run", "b")
	mustRun(t, "export", "b.onnx", "--run", "b")
	for _, args := range [][]string{{"--run", "a"}, {"a.onnx"}, {"--run", "b"}, {"b.onnx"}} {
		r := evalOf(t, append(args, "--data", "bars")...)
		if r.Loss != record.Result.Test.Loss || r.Normalize != s.Normalize || r.ClassNames.String() != "lying,standing" {
			t.Errorf("eval %v: %+v, want the loss %v that training found", args, r, record.Result.Test.Loss)
		}
		predicted := mustRun(t, append(append([]string{"predict"}, args...), lying, standing)...)
		if !strings.Contains(predicted, "03.png: lying (") || !strings.Contains(predicted, "03.png: standing (") {
			t.Errorf("predict %v:\n%s", args, predicted)
		}
	}
	if out := mustRun(t, "eval", "--run", "a", "--confusion"); !strings.Contains(out, "normalised by "+s.Normalize) ||
		!strings.Contains(out, "\nlying ") || !strings.Contains(out, "standing 1") {
		t.Errorf("eval does not name the normalisation and the classes:\n%s", out)
	}
	if r := evalOf(t, "--run", "a", "--data", "bars", "--mean", "0", "--std", "1"); r.Loss == record.Result.Test.Loss || r.Normalize != "" {
		t.Errorf("flags do not replace the network's own: %+v", r)
	}
	if r := evalOf(t, "--run", "a", "--data", "bars", "--train-set"); r.Loss != record.Result.Train.Loss {
		t.Errorf("the training set evaluates to %v, after training to %v", r.Loss, record.Result.Train.Loss)
	}

	// Training on keeps the normalisation unless it is told otherwise.
	for i, tc := range []struct{ given, want string }{{"", s.Normalize}, {"none", "0:1"}, {"0.5:0.25", "0.5:0.25"}} {
		args := []string{"train", "--data", "bars", "--net", "a.onnx", "--epochs", "1", "--run", fmt.Sprint("on", i)}
		if tc.given != "" {
			args = append(args, "--normalize", tc.given)
		}
		mustRun(t, args...)
		if r := evalOf(t, "--run", fmt.Sprint("on", i)); r.Normalize != tc.want {
			t.Errorf("training on with %q is normalised by %q, want %q", tc.given, r.Normalize, tc.want)
		}
	}

	// Each of two networks reads the samples in its own way.
	var c report.Compare
	if err := json.Unmarshal([]byte(mustRun(t, "compare", "a.onnx", "--run", "on1", "--data", "bars", "--json")), &c); err != nil {
		t.Fatal(err)
	}
	on1 := evalOf(t, "--run", "on1", "--data", "bars")
	if c.Models.Models[0].Loss != record.Result.Test.Loss || c.Models.Models[1].Loss != on1.Loss {
		t.Errorf("compare finds losses %v and %v, want %v and %v", c.Models.Models[0].Loss, c.Models.Models[1].Loss, record.Result.Test.Loss, on1.Loss)
	}
}

// A run with random changes gives the same bytes for any workers, resumed or not.
func TestAugmentedRunsAreReproducible(t *testing.T) {
	t.Chdir(t.TempDir())
	args := func(run string, more ...string) []string {
		return small(append([]string{"--net", "mlp", "--data", "mnist", "--val", "0.25", "--augment", "crop:2,flip:0.3,noise:0.1,invert",
			"--normalize", "0.1307:0.3081", "--run", run}, more...)...)
	}
	mustRun(t, args("one", "--epochs", "3", "--workers", "1")...)
	mustRun(t, args("three", "--epochs", "3", "--workers", "3")...)
	sameRun(t, "one", "three")
	mustRun(t, args("two", "--epochs", "1", "--workers", "2")...)
	mustRun(t, "train", "--resume", "--run", "two", "--epochs", "3", "--workers", "1")
	sameRun(t, "one", "two")
	if _, stderr, code := gonn("train", "--resume", "--run", "two", "--augment", "flip"); code != 2 || !strings.Contains(stderr, "--augment cannot be given with --resume") {
		t.Errorf("another augmentation: exit %d, %s", code, stderr)
	}
}

// gonn data shows what it knows of a set, and Fashion-MNIST's files under their usual
// names are read as MNIST's are.
func TestDataDescribesASet(t *testing.T) {
	t.Chdir(t.TempDir())
	idx := func(elements []byte, dims ...uint32) []byte {
		b := []byte{0, 0, 8, byte(len(dims))}
		for _, d := range dims {
			b = binary.BigEndian.AppendUint32(b, d)
		}
		return append(b, elements...)
	}
	if err := os.Mkdir("fashion-mnist", 0o755); err != nil {
		t.Fatal(err)
	}
	pixels := bytes.Repeat([]byte{0, 255}, 10*8)
	for name, b := range map[string][]byte{
		"train-images-idx3-ubyte": idx(pixels, 10, 4, 4), "train-labels-idx1-ubyte": idx([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10),
		"t10k-images-idx3-ubyte": idx(pixels[:16], 1, 4, 4), "t10k-labels-idx1-ubyte": idx([]byte{7}, 1),
	} {
		if err := os.WriteFile(filepath.Join("fashion-mnist", name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := mustRun(t, "data", "--data", "fashion-mnist", "--augment", "shift:1,invert:1", "--png", "m.png")
	for _, s := range []string{"classes: T-shirt/top, Trouser", "Ankle boot", "per class: 1 1 1 1 1 1 1 1 1 1", "0.5:0.5, as --normalize auto", "augmented by shift:1,invert:1", "montage: m.png"} {
		if !strings.Contains(out, s) {
			t.Errorf("no %q in\n%s", s, out)
		}
	}
	mustRun(t, "data", "--data", "fashion-mnist", "--png", "plain.png")
	if bytes.Equal(readAll(t, "m.png"), readAll(t, "plain.png")) {
		t.Error("the montage does not show the augmentation")
	}
	var r report.Data
	if err := json.Unmarshal([]byte(mustRun(t, "data", "--data", "fashion-mnist", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.ClassNames) != 10 || r.Normalize != "0.5:0.5" || r.Mean[0] != 0.5 || len(r.Sets) != 2 || r.Sets[1].ClassCounts[7] != 1 {
		t.Errorf("%+v", r)
	}
}
