package main

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// paint writes a PNG of one colour with a bright bar along one axis.
func paint(t *testing.T, path string, w, h int, standing bool) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if standing && x*3/w == 1 || !standing && y*3/h == 1 {
				img.SetGray(x, y, color.Gray{Y: byte(200 + (x+y)%50)})
			}
		}
	}
	writePNG(t, path, img)
}

// folders writes pictures of two classes, by names, of the sizes w×h, (w+1)×(h+2), ….
func folders(t *testing.T, dir, lying, standing string, grow bool) {
	t.Helper()
	for i := range 10 {
		w, h := 9, 12
		if grow {
			w, h = w+i, h+2*i
		}
		name := string(rune('a'+i)) + ".png"
		paint(t, filepath.Join(dir, lying, name), w, h, false)
		paint(t, filepath.Join(dir, standing, name), w, h, true)
	}
}

// Classes of a folder are those of the model by name, in runs and in files.
func TestClassesAreMatchedByName(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	mustRun(t, "train", "--data", "data", "--net", "mlp", "--act", "relu", "--epochs", "20", "--batch", "8", "--run", "r")
	mustRun(t, "export", "m.onnx", "--run", "r")
	folders(t, "spelled", "z lying", "Standing", false) // in another order
	if err := os.Rename(filepath.Join("spelled", "z lying"), filepath.Join("spelled", "lying")); err != nil {
		t.Fatal(err)
	}
	folders(t, "part", "lying", "standing", false)
	if err := os.RemoveAll(filepath.Join("part", "lying")); err != nil {
		t.Fatal(err)
	}
	folders(t, "unknown", "sitting", "standing", false)
	for _, model := range [][]string{{"--run", "r"}, {"m.onnx"}} {
		for _, set := range []string{"data", "spelled", "part"} {
			if r := evalOf(t, append([]string{"--data", set, "--train-set"}, model...)...); r.Accuracy != 1 {
				t.Errorf("%q on %s: accuracy %v", model, set, r.Accuracy)
			}
		}
		_, stderr, code := gonn(append([]string{"eval", "--data", "unknown"}, model...)...)
		if code == 0 || !strings.Contains(stderr, `no class "sitting"`) || !strings.Contains(stderr, `"lying", "standing"`) || !strings.Contains(stderr, "--by-number") {
			t.Errorf("%q on unknown classes: exit %d, %s", model, code, stderr)
		}
		if r := evalOf(t, append([]string{"--data", "unknown", "--by-number", "--train-set"}, model...)...); r.Accuracy != 1 {
			t.Errorf("%q on unknown classes by number: accuracy %v", model, r.Accuracy)
		}
	}
	if c := compared(t, "m.onnx", "--run", "r", "--data", "spelled"); c.Models.Models[0].Accuracy != 1 || c.Models.Agree != c.Models.Samples {
		t.Errorf("compare: %+v", c.Models)
	}
	if _, stderr, code := gonn("compare", "m.onnx", "--run", "r", "--data", "unknown"); code != exitUsage || !strings.Contains(stderr, "sitting") {
		t.Errorf("compare on unknown classes: exit %d, %s", code, stderr)
	}
	for _, net := range []string{"r", "m.onnx"} {
		if _, stderr, code := gonn("train", "--net", net, "--data", "unknown", "--run", "u"); code == 0 || !strings.Contains(stderr, "sitting") {
			t.Errorf("train --net %s on unknown classes: exit %d, %s", net, code, stderr)
		}
		run := "tuned-" + filepath.Base(net)
		out := mustRun(t, "train", "--net", net, "--data", "spelled", "--epochs", "1", "--lr", "1e-9", "--run", run)
		if !strings.Contains(out, "accuracy 1.0000") {
			t.Errorf("train --net %s does not go on from what it knew:\n%s", net, out)
		}
		out = mustRun(t, "train", "--resume", "--run", run, "--epochs", "2")
		if !strings.Contains(out, "accuracy 1.0000") {
			t.Errorf("the resumed training has other classes:\n%s", out)
		}
	}
}

// Pictures of several sizes need a size, which the run and its files remember.
func TestPicturesAreResized(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "photos", "lying", "standing", true)
	_, stderr, code := gonn("train", "--data", "photos", "--net", "mlp", "--run", "r")
	if code == 0 || !strings.Contains(stderr, "--resize") {
		t.Fatalf("without a size: exit %d, %s", code, stderr)
	}
	if _, stderr, code := gonn("train", "--data", "photos", "--resize", "crop", "--run", "r"); code == 0 || !strings.Contains(stderr, "without a size") {
		t.Errorf("a mode alone: exit %d, %s", code, stderr)
	}
	mustRun(t, "train", "--data", "photos", "--resize", "crop:12x9", "--net", "mlp", "--act", "relu", "--epochs", "15", "--batch", "8", "--run", "r")
	mustRun(t, "export", "m.onnx", "--run", "r")
	if out := mustRun(t, "inspect", "m.onnx"); !strings.Contains(out, "crop:12x9") {
		t.Errorf("the file does not say how pictures are resized:\n%s", out)
	}
	for _, model := range [][]string{{"--run", "r"}, {"m.onnx"}} {
		if r := evalOf(t, append([]string{"--data", "photos"}, model...)...); r.Accuracy != 1 {
			t.Errorf("%q: accuracy %v", model, r.Accuracy)
		}
	}
	// predict crops as the training did, and squashes if it is told to.
	high := filepath.Join("photos", "lying", "j.png")
	predicted := func(args ...string) string { return mustRun(t, append([]string{"predict", "--json"}, args...)...) }
	crop, same, squash := predicted("m.onnx", high), predicted("--run", "r", high), predicted("m.onnx", high, "--resize", "squash")
	if crop != same || crop == squash {
		t.Errorf("cropped %q and %q, squashed %q", crop, same, squash)
	}
	mustRun(t, "train", "--resume", "--run", "r", "--epochs", "16")
	// A network's size is taken where only the mode is given, or it remembers.
	mustRun(t, "train", "--net", "m.onnx", "--data", "photos", "--epochs", "1", "--run", "again")
	mustRun(t, "train", "--net", "m.onnx", "--data", "photos", "--resize", "pad", "--epochs", "1", "--run", "padded")
	if out := mustRun(t, "inspect", "--run", "padded"); !strings.Contains(out, "pad:12x9") {
		t.Errorf("the run does not say that pictures are padded:\n%s", out)
	}
}

// A val folder is used, strays are named, and one broken picture is named or passed over.
func TestFoldersAsPeopleHaveThem(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, part := range []string{"train", "val", "test"} {
		folders(t, filepath.Join("data", part), "lying", "standing", false)
	}
	write := func(path, text string) {
		if err := os.WriteFile(filepath.FromSlash(path), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("data/train/lying/notes.txt", "mine")
	out, stderr, code := gonn("train", "--data", "data", "--net", "mlp", "--epochs", "1", "--run", "r", "--json")
	if code != 0 || !strings.Contains(out, `"validation_samples": 20`) || !strings.Contains(out, `"val_loss"`) || !strings.Contains(stderr, "notes.txt") {
		t.Errorf("exit %d, %s%s", code, stderr, out)
	}
	if _, stderr, code := gonn("train", "--data", "data", "--val", "0.2", "--run", "v"); code != exitUsage || !strings.Contains(stderr, "--val 0.2: data has samples for validation of its own") {
		t.Errorf("--val beside val: exit %d, %s", code, stderr)
	}
	write("data/train/lying/b.png", "\x89PNG\r\n\x1a\nbroken")
	if _, stderr, code := gonn("data", "--data", "data"); code == 0 || !strings.Contains(stderr, filepath.Join("train", "lying", "b.png")) || !strings.Contains(stderr, "--skip-unreadable") {
		t.Errorf("a broken picture: exit %d, %s", code, stderr)
	}
	out, stderr, code = gonn("data", "--data", "data", "--skip-unreadable")
	if code != 0 || !strings.Contains(stderr, "b.png") || !strings.Contains(out, "19 samples") {
		t.Errorf("passed over: exit %d, %s%s", code, stderr, out)
	}
	// What a run has passed over it passes over again.
	mustRun(t, "train", "--data", "data", "--skip-unreadable", "--net", "mlp", "--epochs", "1", "--run", "s")
	mustRun(t, "train", "--resume", "--run", "s", "--epochs", "2")
	mustRun(t, "eval", "--run", "s")
}

// All of one class is nothing to learn from, and labels that are all 0 can be evaluated.
func TestOneClass(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	mustRun(t, "train", "--data", "data", "--net", "mlp", "--loss", "bce", "--epochs", "1", "--run", "r")
	if err := os.RemoveAll(filepath.Join("data", "standing")); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := gonn("train", "--data", "data", "--net", "mlp", "--run", "one"); code != exitUsage || !strings.Contains(stderr, "need samples of at least two classes") {
		t.Errorf("one class: exit %d, %s", code, stderr)
	}
	if r := evalOf(t, "--run", "r", "--data", "data"); r.Samples == 0 {
		t.Errorf("%+v", r)
	}
	// A network of one output, with and without names of its own.
	net, err := nn.Sequential(nn.Shape{1, 12, 9}, layer.Flatten{}, layer.Dense{Out: 1})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	writeNetwork(t, "one.onnx", net)
	for _, args := range [][]string{{"one.onnx"}, {"one.onnx", "--by-number"}, {"one.onnx", "--confusion"}} {
		mustRun(t, append([]string{"eval", "--data", "data"}, args...)...)
	}
	if _, err := os.Stat("one"); err == nil {
		t.Error("a run is left of a training that could not begin")
	}
}

// Two models that name their classes in other orders agree where they name the same class.
func TestCompareAgreesByName(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "ant", "bee", false)
	folders(t, "other", "bee", "ant", false)
	for _, name := range []string{"data", "other"} {
		mustRun(t, "train", "--data", name, "--net", "mlp", "--act", "relu", "--epochs", "15", "--batch", "8", "--run", "of-"+name)
	}
	c := compared(t, filepath.Join("of-data", "model.onnx"), "--run", "of-other", "--data", "data")
	if c.Models.Models[0].Accuracy != 1 || c.Models.Models[1].Accuracy != 0 || c.Models.Agree != 0 {
		t.Fatalf("%+v", c.Models)
	}
	// The second gets the names of the first in another order: what lies is class 1 there.
	m, err := graph.ReadFile(filepath.Join("of-other", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(m.Metadata, func(e graph.Meta) bool { return e.Key == "class_names" && e.Value == "ant,bee" })
	if at < 0 {
		t.Fatalf("no class names in %v", m.Metadata)
	}
	m.Metadata[at].Value = "Bee,ANT"
	if err := os.WriteFile("renamed.onnx", m.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "import", "renamed.onnx", "--run", "renamed")
	c = compared(t, filepath.Join("of-data", "model.onnx"), "--run", "renamed", "--data", "data")
	if c.Models.Models[1].Accuracy != 1 || c.Models.Agree != c.Models.Samples {
		t.Errorf("by name: %+v", c.Models)
	}
}

// A resume that cannot open its data leaves the run as it is. Data that have moved are given
// by a flag, which other data are not.
func TestResumeNeedsItsData(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	mustRun(t, "train", "--data", "data", "--net", "mlp", "--epochs", "1", "--run", "r")
	before := readAll(t, "r", "run.json")
	if err := os.Rename("data", "moved"); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := gonn("train", "--resume", "--run", "r", "--epochs", "3"); code == 0 || !strings.Contains(stderr, "data") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if !bytes.Equal(readAll(t, "r", "run.json"), before) {
		t.Error("run.json has changed")
	}
	folders(t, "other", "lying", "sitting", false)
	for _, set := range []string{"other", "mnist"} {
		if _, stderr, code := gonn("train", "--resume", "--run", "r", "--data", set); code == 0 || !strings.Contains(stderr, set) {
			t.Errorf("with the data %s: exit %d, %s", set, code, stderr)
		}
	}
	if !bytes.Equal(readAll(t, "r", "run.json"), before) {
		t.Error("run.json has changed")
	}
	mustRun(t, "train", "--resume", "--run", "r", "--data", "moved", "--epochs", "2")
	mustRun(t, "train", "--resume", "--run", "r", "--epochs", "3")
}

// Settings of --config repeat a training that reads pixels as they are, and blame what is
// wrong in a flag on the flag.
func TestConfigKeepsNoNormalisation(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	mustRun(t, "train", "--data", "data", "--net", "mlp", "--normalize", "0.5:0.5", "--epochs", "1", "--run", "a")
	mustRun(t, "export", "m.onnx", "--run", "a")
	mustRun(t, "train", "--data", "data", "--net", "m.onnx", "--normalize", "none", "--epochs", "1", "--run", "b")
	mustRun(t, "train", "--config", filepath.Join("b", "run.json"), "--run", "c")
	if !bytes.Equal(readAll(t, "b", "state.safetensors"), readAll(t, "c", "state.safetensors")) {
		t.Error("the settings of a run train something else")
	}
	_, stderr, code := gonn("train", "--config", filepath.Join("a", "run.json"), "--act", "reluu")
	if code != exitUsage || !strings.HasPrefix(stderr, "gonn: --act: ") || !strings.Contains(stderr, "did you mean relu?") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The files of a run are nobody's to overwrite, and a run may stand where a file may.
func TestRunsKeepTheirFiles(t *testing.T) {
	picture := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	mustRun(t, small("--net", "mlp", "--run", "r")...)
	before := readAll(t, "r", "model.onnx")
	for _, args := range []string{
		"export r/model.onnx --run r --softmax --force", "export r/run.json --run r --force", "data --limit 10 --png r/state.safetensors --force",
	} {
		if _, stderr, code := gonn(strings.Fields(filepath.FromSlash(args))...); code != exitUsage || !strings.Contains(stderr, "is a file of the run r") {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	if !bytes.Equal(readAll(t, "r", "model.onnx"), before) {
		t.Error("the run's network was overwritten")
	}
	mustRun(t, "export", filepath.Join("r", "other.onnx"), "--run", "r")
	mustRun(t, "import", "r", "--run", "again")
	mustRun(t, "inspect", "r")
	mustRun(t, "eval", "r", "--limit", "50")
	mustRun(t, "predict", "r", picture)
	if r := compared(t, "r", "again", "--same"); r.Equal == nil || !*r.Equal {
		t.Errorf("%+v", r)
	}
	if _, stderr, code := gonn("train", "--resume", "--run", "again"); code == 0 || !strings.Contains(stderr, "begin with --net again") {
		t.Errorf("resume of an import: exit %d, %s", code, stderr)
	}
}

// Labels without names are those of the network's first classes.
func TestFewerLabelsThanOutputs(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--net", "mlp", "--run", "r")...)
	x := array{"x_train", []int{4, 28, 28}, make([]float32, 4*28*28)}
	xt := array{"x_test", []int{4, 28, 28}, make([]float32, 4*28*28)}
	writeNPZ(t, "three.npz", x, array{"y_train", []int{4}, []int64{0, 1, 2, 1}}, xt, array{"y_test", []int{4}, []int64{0, 1, 2, 1}})
	r := evalOf(t, "--run", "r", "--data", "three.npz")
	if r.Samples != 4 || len(r.Classes) > 10 || r.Macro.Recall != r.Accuracy && r.Macro.Support != 4 {
		t.Errorf("%+v", r)
	}
	mustRun(t, "train", "--net", "r", "--data", "three.npz", "--epochs", "1", "--run", "tuned")
}
