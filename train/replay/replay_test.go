package replay_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/replay"
)

// goldens are the folders of recordings, by what they were made with.
var goldens = filepath.Join("..", "..", "testdata", "golden", "bundles")

func open(t *testing.T, dir string) *bundle.Bundle {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func run(t *testing.T, b *bundle.Bundle, o replay.Options) *replay.Result {
	t.Helper()
	r, err := replay.Run(context.Background(), b, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every step of every recording, by itself, is what the framework computed.
func TestRecordingsAreEqual(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(goldens, "*", "*"))
	if err != nil || len(dirs) < 22 {
		t.Fatalf("%d recordings, %v", len(dirs), err)
	}
	optimizers := map[string]bool{}
	for _, dir := range dirs {
		name := strings.TrimPrefix(dir, goldens+string(os.PathSeparator))
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			b := open(t, dir)
			r := run(t, b, replay.Options{})
			if !r.Equal || r.First != nil || len(r.Steps) != 10 {
				t.Errorf("%d steps: first divergence %+v", len(r.Steps), r.First)
			}
			for _, kind := range []replay.Kind{replay.KindLoss, replay.KindGradient, replay.KindParameter} {
				if _, ok := r.Worst[kind]; !ok {
					t.Errorf("no %s was judged", kind)
				}
			}
			if len(b.BatchNorm) > 0 && r.Worst[replay.KindStatistic].Tensor == "" {
				t.Error("no statistic was judged")
			}
			if free := r.Steps[len(r.Steps)-1].Free; !(free.Loss < 1e-3) || free.Tensor == "" {
				t.Errorf("free-running: %+v", free)
			}
			optimizers[b.Framework+" "+b.Optimizer.Name] = true
		})
	}
	if len(optimizers) != 10 {
		t.Errorf("optimizers %v, want five of each framework", optimizers)
	}
}

// What the issue calls wrong semantics: the step and the tensor that diverge first are named.
func TestWrongSemanticsAreNamed(t *testing.T) {
	keras, pytorch := nn.Keras, nn.PyTorch
	for name, c := range map[string]struct {
		dir    string
		edit   func(*bundle.Bundle)
		by     *nn.Semantics
		step   int
		kind   replay.Kind
		tensor string
	}{
		"Keras's Adam for PyTorch's":   {dir: "pytorch/adam-clipped", by: &keras, step: 0, kind: replay.KindParameter, tensor: ""},
		"PyTorch's Adam for Keras's":   {dir: "keras-tensorflow/adamw", by: &pytorch, step: 0, kind: replay.KindParameter, tensor: ""},
		"Keras's running variance":     {dir: "pytorch/adam", by: &keras, step: 0, kind: replay.KindStatistic, tensor: "1.running_var"},
		"another momentum":             {dir: "pytorch/momentum-cosine", edit: func(b *bundle.Bundle) { b.Optimizer.Momentum = 0.8 }, step: 1, kind: replay.KindState},
		"another momentum in Keras":    {dir: "keras-tensorflow/nesterov-decay", edit: func(b *bundle.Bundle) { b.Optimizer.Momentum = 0.5 }, step: 0, kind: replay.KindParameter},
		"Nesterov for plain":           {dir: "pytorch/momentum-cosine", edit: func(b *bundle.Bundle) { b.Optimizer.Nesterov = true }, step: 0, kind: replay.KindParameter},
		"BatchNorm's momentum":         {dir: "pytorch/adam", edit: func(b *bundle.Bundle) { b.BatchNorm[0].Momentum = 0.99 }, step: 0, kind: replay.KindStatistic, tensor: "1.running_mean"},
		"BatchNorm's momentum, Keras":  {dir: "keras-jax/momentum-cosine", edit: func(b *bundle.Bundle) { b.BatchNorm[0].Momentum = 0.9 }, step: 0, kind: replay.KindStatistic, tensor: "norm/moving_mean"},
		"BatchNorm's ε":                {dir: "pytorch/adam", edit: func(b *bundle.Bundle) { b.BatchNorm[0].Epsilon = 1e-3 }, step: 0, kind: replay.KindLoss},
		"no weight decay":              {dir: "pytorch/adamw", edit: func(b *bundle.Bundle) { b.Optimizer.Groups[0].WeightDecay = 0 }, step: 0, kind: replay.KindParameter},
		"no clipping":                  {dir: "pytorch/adam-clipped", edit: func(b *bundle.Bundle) { b.Clip = bundle.Clip{} }, step: 0, kind: replay.KindClipping},
		"clipping by each norm":        {dir: "keras-torch/adam-clipped", edit: func(b *bundle.Bundle) { b.Clip.Each = true }, step: 0, kind: replay.KindClipping},
		"β₁":                           {dir: "pytorch/adam", edit: func(b *bundle.Bundle) { b.Optimizer.Beta1 = new(0.8) }, step: 0, kind: replay.KindState},
		"ρ":                            {dir: "keras-tensorflow/rmsprop", edit: func(b *bundle.Bundle) { b.Optimizer.Rho = new(0.99) }, step: 0, kind: replay.KindState},
		"β₁ that does not change":      {dir: "pytorch/adam-one-cycle", edit: func(b *bundle.Bundle) { b.Optimizer.ByStep = nil }, step: 1, kind: replay.KindState},
		"a rate that is not scheduled": {dir: "pytorch/adamw", edit: func(b *bundle.Bundle) { copy(b.Optimizer.Groups[0].LR[3:], []float64{0.002}) }, step: 3, kind: replay.KindParameter},
		"no label smoothing":           {dir: "pytorch/nesterov-decay", edit: func(b *bundle.Bundle) { b.Loss.Form = "cross-entropy" }, step: 0, kind: replay.KindLoss},
	} {
		b := open(t, filepath.Join(goldens, filepath.FromSlash(c.dir)))
		if c.edit != nil {
			c.edit(b)
		}
		r := run(t, b, replay.Options{Semantics: c.by})
		if r.Equal || r.First == nil {
			t.Errorf("%s: nothing is found", name)
			continue
		}
		if r.First.Step != c.step || r.First.Kind != c.kind || c.tensor != "" && r.First.Tensor != c.tensor || c.kind != replay.KindLoss && r.First.Tensor == "" {
			t.Errorf("%s: step %d, %s of %q diverges first; want step %d, %s of %q", name, r.First.Step, r.First.Kind, r.First.Tensor, c.step, c.kind, c.tensor)
		}
		if !(r.First.Share > 2) {
			t.Errorf("%s: %.3g times what is allowed hardly shows", name, r.First.Share)
		}
	}
}

// Recordings that contradict themselves are neither equal nor different.
func TestContradictionsAreRefused(t *testing.T) {
	for word, c := range map[string]struct {
		dir  string
		edit func(*bundle.Bundle)
	}{
		"1/param/0.weight: step 0 has changed it, and bundle.json says that it is not trained": {"pytorch/sgd", func(b *bundle.Bundle) {
			for i := range b.Parameters {
				b.Parameters[i].Trained = false
			}
		}},
		`batch normalisation "1": its weight is "1.weight" in model.onnx, and "1.bias" here`: {"pytorch/adam", func(b *bundle.Bundle) {
			n := &b.BatchNorm[0]
			n.Weight, n.Bias = n.Bias, n.Weight
		}},
		`loss: probabilities are for a cross-entropy, and the form is "mse"`: {"keras-tensorflow/rmsprop", func(b *bundle.Bundle) { b.Loss.Probabilities = true }},
	} {
		b := open(t, filepath.Join(goldens, filepath.FromSlash(c.dir)))
		c.edit(b)
		_, err := replay.Run(t.Context(), b, replay.Options{})
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v, want %q", err, word)
		}
	}
}

// Only the first steps, and any number of goroutines.
func TestOptions(t *testing.T) {
	b := open(t, filepath.Join(goldens, "pytorch", "adam"))
	if r := run(t, b, replay.Options{Steps: 3}); len(r.Steps) != 3 {
		t.Errorf("%d steps, want 3", len(r.Steps))
	}
	one, two := run(t, b, replay.Options{Steps: 2, Workers: 1}), run(t, b, replay.Options{Steps: 2, Workers: 2})
	if one.Steps[1].Worst[replay.KindGradient] != two.Steps[1].Worst[replay.KindGradient] {
		t.Error("the number of goroutines changes the result")
	}
	strict := replay.DefaultTolerance
	strict.Loss = 0
	if r := run(t, b, replay.Options{Tolerance: &strict}); r.Equal || r.First.Kind != replay.KindLoss {
		t.Errorf("without a tolerance the loss is equal: %+v", r.First)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := replay.Run(ctx, b, replay.Options{}); err != context.Canceled {
		t.Errorf("a context that is done: %v", err)
	}
}
