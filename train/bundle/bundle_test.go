package bundle_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/data"
)

// small writes a bundle of one step with one parameter and a Dropout, as edit changes it.
func small(t testing.TB, edit func(*bundle.Description)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "b")
	w, err := bundle.Create(dir, []byte("model"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(k int, a *data.Array, path ...string) {
		if err := w.Put(k, a, path...); err != nil {
			t.Fatal(err)
		}
	}
	values := func(v ...float32) *data.Array { return &data.Array{Shape: []int{len(v)}, Float32: v} }
	put(0, &data.Array{Shape: []int{2, 1}, Float32: []float32{3, 4}}, "x")
	put(0, &data.Array{Shape: []int{2}, Int64: []int64{0, 1}}, "y")
	put(0, &data.Array{Float64: []float64{0.5}}, "loss")
	put(0, values(1, 2), "grad", "w")
	put(0, values(0.5, 1), "clipped", "w")
	put(0, &data.Array{Shape: []int{2, 1}, Float32: []float32{0, 2}}, "mask", "dropout/0")
	for k := range 2 {
		put(k, values(float32(k), 7), "param", "w")
		put(k, values(float32(k), 8), "state", "momentum_buffer", "w")
	}
	d := bundle.Description{
		Framework: "pytorch", Steps: 1, Loss: bundle.Loss{Form: "mse"}, Parameters: []bundle.Parameter{{Name: "w", Shape: []int{2}, Trained: true}},
		Optimizer: bundle.Optimizer{Name: "sgd", Momentum: 0.9, Groups: []bundle.Group{{Params: []string{"w"}, LR: []float64{0.1}}}},
		Dropout:   []bundle.Dropout{{Name: "dropout/0", Rate: 0.5}},
	}
	if err := w.Close(d); err != nil {
		t.Fatal(err)
	}
	if edit == nil {
		return dir
	}
	edit(&d)
	writeDescription(t, dir, d)
	return dir
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir, half := small(t, nil), small(t, nil)
	if !bundle.Is(dir) || bundle.Is(filepath.Dir(dir)) {
		t.Error("Is does not know a bundle")
	}
	if err := os.Remove(filepath.Join(half, bundle.DescriptionFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Open(half); !bundle.Is(half) || err == nil || !strings.Contains(err.Error(), "record again") {
		t.Errorf("Is reports %v of what an interrupted recording leaves, Open says %v", bundle.Is(half), err)
	}
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s, err := b.Step(0)
	if err != nil {
		t.Fatal(err)
	}
	if s.Loss != 0.5 || !reflect.DeepEqual(s.X.Data, []float32{3, 4}) || !reflect.DeepEqual(s.Y.Int64, []int64{0, 1}) ||
		!reflect.DeepEqual(s.Grad["w"], []float32{1, 2}) || !reflect.DeepEqual(s.Clipped["w"], []float32{0.5, 1}) || !reflect.DeepEqual(s.Mask["dropout/0"].Data, []float32{0, 2}) {
		t.Errorf("step 0 is %+v", s)
	}
	for k, want := range []float32{0, 1} {
		state, err := b.Before(k, []string{"momentum_buffer"})
		if err != nil {
			t.Fatal(err)
		}
		if state.Values["w"][0] != want || state.Moments["momentum_buffer"]["w"][0] != want {
			t.Errorf("before step %d: %+v", k, state)
		}
	}
	if _, err := bundle.Create(dir, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a bundle over another: %v", err)
	}
}

func TestWrongBundlesAreRefused(t *testing.T) {
	for word, edit := range map[string]func(*bundle.Description){
		"format 2 is not read":         func(d *bundle.Description) { d.Format = 2 },
		`framework "caffe"`:            func(d *bundle.Description) { d.Framework = "caffe" },
		`semantics "" is not`:          func(d *bundle.Description) { d.Framework = "gonn" },
		"0 steps":                      func(d *bundle.Description) { d.Steps, d.Optimizer.Groups[0].LR = 0, nil },
		"1 learning rates for 2 steps": func(d *bundle.Description) { d.Steps = 2 },
		`parameter "w" is named twice`: func(d *bundle.Description) { d.Parameters = append(d.Parameters, d.Parameters[0]) },
		"there are no parameters":      func(d *bundle.Description) { d.Parameters = nil },
		`"mean" is not a parameter`: func(d *bundle.Description) {
			d.BatchNorm = []bundle.BatchNorm{{Name: "n", Mean: "mean", Variance: "w"}}
		},
		`parameter "w" is in two`:       func(d *bundle.Description) { d.Optimizer.Groups = append(d.Optimizer.Groups, d.Optimizer.Groups[0]) },
		"has a dimension below 1":       func(d *bundle.Description) { d.Parameters[0].Shape = []int{0} },
		"iterations -1 is below 0":      func(d *bundle.Description) { d.Optimizer.Iterations = -1 },
		"but bundle.json says (3)":      func(d *bundle.Description) { d.Parameters[0].Shape = []int{3} },
		"0/grad/v: the bundle does not": func(d *bundle.Description) { d.Parameters[0].Name, d.Optimizer.Groups[0].Params = "v", []string{"v"} },
	} {
		b, err := bundle.Open(small(t, func(d *bundle.Description) {
			d.Format = bundle.Format
			edit(d)
		}))
		if err == nil {
			_, err = b.Step(0)
			b.Close()
		}
		var typed *bundle.Error
		if err == nil || !strings.Contains(err.Error(), word) || !errors.As(err, &typed) {
			t.Errorf("error %v, want a *bundle.Error with %q", err, word)
		}
	}
}

// JSON would put another name in the place of such a one, which steps.npz does not have.
func TestANameThatIsNotUTF8IsNotWritten(t *testing.T) {
	w, err := bundle.Create(filepath.Join(t.TempDir(), "b"), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Close(bundle.Description{Framework: "pytorch", Steps: 1, Parameters: []bundle.Parameter{{Name: "\xff"}}})
	if err == nil || !strings.Contains(err.Error(), "the name is not UTF-8") {
		t.Errorf("error %v", err)
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for name, broken := range map[string]struct{ file, text, word string }{
		"no JSON":        {bundle.DescriptionFile, "{", "not JSON"},
		"a field":        {bundle.DescriptionFile, `{"format": 1, "colour": 1}`, "unknown field"},
		"more":           {bundle.DescriptionFile, `{"format": 1} {}`, "not JSON"},
		"no archive":     {bundle.StepsFile, "text", "not a readable .npz"},
		"no description": {bundle.DescriptionFile, "", "there is none"},
	} {
		dir := small(t, nil)
		file := filepath.Join(dir, broken.file)
		if err := os.WriteFile(file, []byte(broken.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if broken.text == "" {
			os.Remove(file)
		}
		if b, err := bundle.Open(dir); err == nil || b != nil || !strings.Contains(err.Error(), broken.word) {
			t.Errorf("%s: %v, want %q", name, err, broken.word)
		}
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "b")
	w, err := bundle.Create(dir, []byte("model"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
