package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/engine/gorgonia"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train"
)

// resources are what a process holds that the collector does not see.
type resources struct{ goroutines, files int }

// settled collects garbage until what is held does not become less: the workers of an executor
// end when it is garbage.
func settled() resources {
	least, calm := now(), 0
	for end := time.Now().Add(10 * time.Second); calm < 3 && time.Now().Before(end); calm++ {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
		if h := now(); h.goroutines < least.goroutines || h.files < least.files {
			least, calm = h, 0
		}
	}
	return least
}

// now counts goroutines, and open files where the system shows them.
func now() resources {
	h := resources{goroutines: runtime.NumGoroutine()}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.files = len(files)
	}
	return h
}

// faulty are samples that cannot be read after some.
type faulty struct {
	nn.Samples
	left int
}

var errUnreadable = errors.New("unreadable")

func (f *faulty) Fill(b nn.Block, idx []int) error {
	if f.left--; f.left < 0 {
		return errUnreadable
	}
	return f.Samples.Fill(b, idx)
}

// leakyData are a small network and samples for it.
func leakyData(t *testing.T) (*nn.Network, nn.Samples) {
	t.Helper()
	net, err := preset.Build("study", nn.Shape{1, 16, 16}, 3, activation.Must("prelu"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	x, labels := nn.NewTensor(96, 1, 16, 16), make([]int, 96)
	for i := range labels {
		labels[i] = i % 3
		x.Sample(i)[i%256] = 1
	}
	samples, err := nn.NewTensorSamples(x, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	return net, samples
}

// fitting fits a copy of a network, which must end as expected.
func fitting(t *testing.T, net *nn.Network, data nn.Samples, lr float64, want string, callbacks ...train.Callback) {
	t.Helper()
	net = net.Clone()
	opt, err := optim.New(optim.Config{Name: "sgd", LR: lr}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	_, err = train.Fit(net, data, train.Config{Loss: loss.CrossEntropy{}, Optimizer: opt, Epochs: 2, Batch: 48, Workers: 4, Callbacks: callbacks})
	wantError(t, "fit", err, want)
}

// wantError holds an error to a text that it has; "" is none.
func wantError(t *testing.T, what string, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if !strings.Contains(got, want) || want == "" && got != "" {
		t.Errorf("%s: error %q, want %q", what, got, want)
	}
}

// cancelsIn ends a context with the first batch.
type cancelsIn struct {
	train.Base
	cancel func()
}

func (c cancelsIn) BatchEnd(*train.State) error { c.cancel(); return nil }

// failing is a callback that fails with the first batch.
type failing struct{ train.Base }

func (failing) BatchEnd(*train.State) error { return errUnreadable }

// leakCase is something that people do, to its end or to an error in the middle.
type leakCase struct {
	name string
	run  func()
}

func leakCases(t *testing.T) []leakCase {
	net, data := leakyData(t)
	cases := []leakCase{
		{"fit", func() { fitting(t, net, data, 0.01, "") }},
		{"fit, unreadable samples", func() { fitting(t, net, &faulty{data, 4}, 0.01, "unreadable") }},
		{"fit, a callback that fails", func() { fitting(t, net, data, 0.01, "unreadable", failing{}) }},
		{"fit, diverging", func() { fitting(t, net, data, 1e38, "try a learning rate") }},
		{"fit, cancelled", func() {
			ctx, cancel := context.WithCancel(context.Background())
			fitting(t, net, data, 0.01, "", train.Interrupt(ctx), cancelsIn{cancel: cancel})
		}},
		{"evaluate", func() {
			if _, err := net.Clone().Evaluate(data, loss.CrossEntropy{}, 4); err != nil {
				t.Error(err)
			}
		}},
		{"evaluate, unreadable samples", func() {
			if _, err := net.Clone().Evaluate(&faulty{data, 2}, loss.CrossEntropy{}, 1); !errors.Is(err, errUnreadable) {
				t.Error(err)
			}
		}},
		{"executor", func() { runExecutor(t, net, nn.NewTensor(64, 1, 16, 16), "") }},
		{"executor, another shape", func() { runExecutor(t, net, nn.NewTensor(64, 1, 9, 9), "input") }},
	}
	file := testdata(t, "golden", "pytorch", "mish", "torchscript.onnx")
	for _, e := range []engine.Engine{engine.Gonn{}, engine.Reference{}, gorgonia.Engine{}} {
		cases = append(cases,
			leakCase{"engine " + e.Name(), func() { runSession(t, e, file, nn.NewTensor(4, 1, 28, 28), "") }},
			leakCase{"engine " + e.Name() + ", another shape", func() { runSession(t, e, file, nn.NewTensor(4, 1, 9, 9), "9") }})
	}
	return append(cases, commandCases(t, file)...)
}

func commandCases(t *testing.T, file string) (cases []leakCase) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		args string
		code int
	}{
		{context.Background(), "compare " + file, 0},
		{context.Background(), "train --net mlp --limit 64 --epochs 1", 0},
		{context.Background(), "eval --limit 64", 0}, // of that run
		{context.Background(), "train --net mlp --limit 64 --lr -1", 2},
		{context.Background(), "train --net mlp --limit 256 --lr 1e30 --optimizer sgd", 1},
		{ended, "train --net mlp --limit 64", 130},
	} {
		cases = append(cases, leakCase{"gonn " + c.args, func() {
			var out, stderr bytes.Buffer
			if code := execute(c.ctx, append([]string{"gonn"}, strings.Fields(c.args)...), &out, &stderr); code != c.code {
				t.Errorf("gonn %s: exit %d, %s", c.args, code, &stderr)
			}
		}})
	}
	return cases
}

func runExecutor(t *testing.T, net *nn.Network, x *nn.Tensor, want string) {
	t.Helper()
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Mode: nn.Training, Workers: 4, Seeds: []string{"dense"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Run(map[string]*nn.Tensor{nn.InputName: x}, map[string]*nn.Tensor{"dense": nn.NewTensor(64, 3)})
	wantError(t, "executor", err, want)
}

func runSession(t *testing.T, e engine.Engine, file string, x *nn.Tensor, want string) {
	t.Helper()
	m, err := graph.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Run(map[string]*nn.Tensor{m.Graph.Feeds()[0].Name: x})
	wantError(t, e.Name(), err, want)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Nothing that ends leaves a goroutine or an open file, be it by an error or by the end of a
// context.
func TestNothingLeaks(t *testing.T) {
	cases := leakCases(t)
	t.Chdir(t.TempDir())
	leaks := 0
	for _, c := range cases {
		c.run() // what is made once and kept
		before := settled()
		c.run()
		c.run()
		if after := settled(); after.goroutines > before.goroutines || after.files > before.files {
			leaks++
			stacks := make([]byte, 1<<16)
			t.Errorf("%s: %+v before and %+v after two times more\n%s", c.name, before, after, stacks[:runtime.Stack(stacks, true)])
		}
	}
	t.Logf("promise T10: %d of %d ways to run and to fail leave a goroutine or an open file", leaks, len(cases))
}
