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

// What a description says must have an effect, and agree with the rest of it and with the arrays.
func TestBundlesThatContradictThemselvesAreRefused(t *testing.T) {
	adam := func(d *bundle.Description) {
		d.Optimizer.Name, d.Optimizer.Momentum, d.Optimizer.Beta1, d.Optimizer.Beta2, d.Optimizer.Epsilon = "adam", 0, new(0.9), new(0.999), new(1e-8)
	}
	norm := func(d *bundle.Description) *bundle.BatchNorm {
		for _, name := range []string{"mean", "var"} {
			d.Parameters = append(d.Parameters, bundle.Parameter{Name: name, Shape: []int{2}, Statistic: true})
		}
		d.BatchNorm = []bundle.BatchNorm{{Name: "n", Mean: "mean", Variance: "var", Weight: "w", Epsilon: 1e-5, Momentum: 0.9}}
		return &d.BatchNorm[0]
	}
	for word, edit := range map[string]func(*bundle.Description){
		`semantics "keras": a recording of pytorch`:       func(d *bundle.Description) { d.Semantics = "keras" },
		`backend "jax" is none of pytorch`:                func(d *bundle.Description) { d.Backend = "jax" },
		`"w" is a running statistic, and trained`:         func(d *bundle.Description) { d.Parameters[0].Statistic = true },
		`"mean" is a running statistic, and of no batch`:  func(d *bundle.Description) { norm(d); d.BatchNorm = nil },
		`"w" is a running statistic: false, need true`:    func(d *bundle.Description) { norm(d).Mean = "w" },
		`"mean" is a running statistic: true, need false`: func(d *bundle.Description) { norm(d).Bias = "mean" },
		`"mean" has two places`:                           func(d *bundle.Description) { norm(d).Variance = "mean" },
		`"var" has shape (3), and its running mean (2)`:   func(d *bundle.Description) { norm(d); d.Parameters[2].Shape = []int{3} },
		`"n": epsilon is 0 and momentum 0.9`:              func(d *bundle.Description) { norm(d).Epsilon = 0 },
		`"n": epsilon is 1e-05 and momentum 1.5`:          func(d *bundle.Description) { norm(d).Momentum = 1.5 },
		`dropout "dropout/0" is named twice`:              func(d *bundle.Description) { d.Dropout = append(d.Dropout, d.Dropout[0]) },
		`dropout "dropout/0": rate is 1, need`:            func(d *bundle.Description) { d.Dropout[0].Rate = 1 },
		`0/mask/dropout/0: it multiplies by 2, and the`:   func(d *bundle.Description) { d.Dropout[0].Rate = 0.25 },
		"clip: gradients are clipped by norm or by value": func(d *bundle.Description) { d.Clip.Norm, d.Clip.Value = 1, 1 },
		"clip: clipping each parameter's gradient":        func(d *bundle.Description) { d.Clip.Each = true },
		`optimizer: unknown optimizer "lion"`:             func(d *bundle.Description) { d.Optimizer.Name = "lion" },
		"optimizer: optimizer adam has no Nesterov":       func(d *bundle.Description) { adam(d); d.Optimizer.Nesterov = true },
		"optimizer: optimizer adam has no momentum":       func(d *bundle.Description) { adam(d); d.Optimizer.Momentum = 0.9 },
		"optimizer: optimizer sgd has no centered":        func(d *bundle.Description) { d.Optimizer.Centered = true },
		"optimizer: optimizer sgd has no constant rho":    func(d *bundle.Description) { d.Optimizer.Rho = new(0.9) },
		"optimizer: epsilon is missing: adam has one":     func(d *bundle.Description) { adam(d); d.Optimizer.Epsilon = nil },
		"optimizer: beta1 is missing":                     func(d *bundle.Description) { adam(d); d.Optimizer.Beta1 = nil },
		"optimizer: initial_accumulator is missing": func(d *bundle.Description) {
			d.Framework, d.Optimizer = "keras", bundle.Optimizer{Name: "adagrad", Epsilon: new(1e-7), Groups: d.Optimizer.Groups}
		},
		`by_step: "epsilon" is no constant of sgd`:   func(d *bundle.Description) { d.Optimizer.ByStep = map[string][]float64{"epsilon": {1e-8}} },
		"by_step: momentum has 2 values for 1 steps": func(d *bundle.Description) { d.Optimizer.ByStep = map[string][]float64{"momentum": {0.9, 0.9}} },
		"by_step: momentum is 0.5 in step 0, and 0.9 as a constant": func(d *bundle.Description) {
			d.Optimizer.Momentum = 0.9
			d.Optimizer.ByStep = map[string][]float64{"momentum": {0.5}}
		},
		"by_step: momentum is 0 in step 1, and 0.9 in step 0": func(d *bundle.Description) {
			d.Steps, d.Optimizer.Groups[0].LR, d.Optimizer.Momentum = 2, []float64{1, 1}, 0.9
			d.Optimizer.ByStep = map[string][]float64{"momentum": {0.9, 0}}
		},
		"step 1: optimizer adam": func(d *bundle.Description) {
			adam(d)
			d.Steps, d.Optimizer.Groups[0].LR = 2, []float64{1, 1}
			d.Optimizer.ByStep = map[string][]float64{"beta1": {0.9, 1.5}}
		},
		"optimizer: nesterov is true, and momentum 0":              func(d *bundle.Description) { d.Optimizer.Nesterov, d.Optimizer.Momentum = true, 0 },
		"group 0: optimizer sgd: weight decay -1":                  func(d *bundle.Description) { d.Optimizer.Groups[0].WeightDecay = -1 },
		"group 0: the learning rate of step 0 is -1":               func(d *bundle.Description) { d.Optimizer.Groups[0].LR[0] = -1 },
		`group 0: "v" is not a parameter`:                          func(d *bundle.Description) { d.Optimizer.Groups[0].Params = []string{"w", "v"} },
		`group 0: "mean" is a running statistic`:                   func(d *bundle.Description) { norm(d); d.Optimizer.Groups[0].Params = []string{"mean"} },
		"0/grad/w: bundle.json says that the parameter is not tra": func(d *bundle.Description) { d.Parameters[0].Trained = false },
	} {
		b, err := bundle.Open(small(t, func(d *bundle.Description) {
			d.Format = bundle.Format
			edit(d)
		}))
		if err == nil {
			_, err = b.Step(0)
			b.Close()
		}
		if typed := (*bundle.Error)(nil); err == nil || !strings.Contains(err.Error(), word) || !errors.As(err, &typed) {
			t.Errorf("error %v, want a *bundle.Error with %q", err, word)
		}
	}
}

// Arrays that nobody would read are refused.
func TestArraysOfNoStepAreRefused(t *testing.T) {
	for word, path := range map[string][]string{
		"1/x: bundle.json has 1 steps": {"1", "x"}, "2/param/w: bundle.json has 1 steps": {"2", "param", "w"},
		"0/hess/w: no bundle has such an array": {"0", "hess", "w"},
	} {
		dir := filepath.Join(t.TempDir(), "b")
		w, err := bundle.Create(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.PutValues(int(path[0][0]-'0'), []int{1}, []float32{1}, path[1:]...); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(bundle.Description{Framework: "pytorch", Steps: 1, Parameters: []bundle.Parameter{{Name: "w"}}, Optimizer: bundle.Optimizer{Name: "sgd"}}); err != nil {
			t.Fatal(err)
		}
		if b, err := bundle.Open(dir); b != nil || err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v, want %q", err, word)
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
