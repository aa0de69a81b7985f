package recipe_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// writeNet writes a classifier of grey pictures, (1, 8, 8), changed before.
func writeNet(t *testing.T, change func(*graph.Model), layers ...nn.Layer) (path string) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 8, 8}, append(layers, layer.Flatten{}, layer.Dense{Out: 10})...)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	path = filepath.Join(t.TempDir(), "m.onnx")
	if err := os.WriteFile(path, m.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// leaveOpen opens height and width of a file.
func leaveOpen(m *graph.Model) {
	in := m.Graph.Inputs[0]
	in.Shape[2], in.Shape[3] = graph.Dim{Param: "h"}, graph.Dim{Param: "w"}
	for _, v := range m.Graph.ValueInfo {
		v.HasShape, v.Shape = false, nil
	}
}

// What is wrong with the network is said before the data are opened, where it does not
// depend on them.
func TestUntrainableBeforeData(t *testing.T) {
	conv := layer.Conv{Out: 4, Kernel: [2]int{3, 3}}
	unknown := func(m *graph.Model) {
		leaveOpen(m)
		m.Graph.Nodes[1].OpType = "Sin"
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere.npz")
	for _, tc := range []struct{ path, resize, want string }{
		{writeNet(t, unknown, conv, activation.Must("relu"), layer.GlobalAveragePool{}), "", "no layer for this operator"},
		{writeNet(t, leaveOpen, conv), "", "no such data set"},
		{writeNet(t, leaveOpen, conv), "squash:9x9", "cannot be read as layers"},
		{writeNet(t, leaveOpen, conv), "squash:8x8", "no such data set"},
	} {
		s := recipe.Default()
		s.NetPath, s.DataPath, s.Resize = tc.path, nowhere, tc.resize
		if _, err := recipe.New(s); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("resize %q: %v, want %q", tc.resize, err, tc.want)
		}
	}
}

// A network that takes samples of another shape is refused as a setting.
func TestNetworkOfAnotherShape(t *testing.T) {
	s := recipe.Default()
	s.NetPath, s.Data, s.Limit = writeNet(t, func(*graph.Model) {}), "mnist", 20
	_, err := recipe.New(s)
	var e *recipe.SettingError
	if !errors.As(err, &e) || e.Setting != "net" || !strings.Contains(err.Error(), "takes samples of shape (1, 8, 8), those of mnist have (1, 28, 28)") {
		t.Errorf("%v", err)
	}
	s.Resize = "squash"
	if _, err := recipe.New(s); err != nil {
		t.Errorf("resized: %v", err)
	}
}

// Preset gives what a training starts from.
func TestPresetIsWhatTrainingStartsFrom(t *testing.T) {
	s := recipe.Default()
	s.Act, s.Net, s.Limit = "prelu:channel", "lenet5", 20
	training, err := recipe.New(s)
	if err != nil {
		t.Fatal(err)
	}
	net, err := recipe.Preset("lenet5", "prelu:channel", nn.Shape{1, 28, 28}, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range training.Network.Params() {
		if q := net.Params()[i]; q.FullName() != p.FullName() || !slices.Equal(q.Data, p.Data) {
			t.Errorf("%s is not %s of a training", q.FullName(), p.FullName())
		}
	}
	for _, c := range []struct {
		net, act string
		input    nn.Shape
		says     string
	}{
		{"resnet", "relu", nn.Shape{1, 28, 28}, "net resnet: no network of that name; choose one of study, mlp"},
		{"mlp", "reul", nn.Shape{1, 28, 28}, "choose one of linear, relu"},
		{"study", "relu", nn.Shape{1, 6, 6}, `layer "conv1"`},
	} {
		if _, err := recipe.Preset(c.net, c.act, c.input, 10); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s, %s: error %v, want %q in it", c.net, c.act, err, c.says)
		}
	}
}

// A training goes on behind the end of its schedule with a note, and so does a run that is resumed
// to more epochs.
func TestTheScheduleThatEndsEarlyGetsANote(t *testing.T) {
	s := recipe.Default()
	s.Net, s.Limit, s.Epochs = "mlp", 200, 3
	for schedule, noted := range map[string]bool{"cosine:0:2": true, "cosine": false, "by-epoch:cosine:0:1": true} {
		s.Schedule = schedule
		made, err := recipe.New(s)
		if err != nil {
			t.Fatal(err)
		}
		says := func(note string) bool {
			return strings.Contains(note, "ends after") && strings.Contains(note, "rate is 0")
		}
		if slices.ContainsFunc(made.Notes, says) != noted {
			t.Errorf("%s: notes %q", schedule, made.Notes)
		}
		dir := filepath.Join(t.TempDir(), "run")
		if err := made.Create(dir); err != nil {
			t.Fatal(err)
		}
		if err := made.Close(); err != nil {
			t.Fatal(err)
		}
		longer, err := recipe.Resume(dir, func(s *run.Settings) error { s.Epochs = 4; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(longer.Notes, says) {
			t.Errorf("%s, resumed: notes %q", schedule, longer.Notes)
		}
		if err := longer.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
