package engine_test

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// fixedTo fixes the batch of an exported model.
func fixedTo(m *graph.Model, size int64) *graph.Model {
	for _, v := range append(m.Graph.Inputs, m.Graph.Outputs...) {
		v.Shape[0] = graph.Dim{Size: size}
	}
	return m
}

// A model that takes 3 samples at once gives for 1, 3, 7 and 40 what the network gives.
func TestInPiecesTakesAnyBatch(t *testing.T) {
	net, m := exported(t, activation.Must("swish"))
	s := open(t, engine.Reference{}, fixedTo(m, 3))
	if _, err := s.Run(named("input", batch(7))); err == nil {
		t.Fatal("the evaluator takes a batch that the file does not allow")
	}
	for _, n := range []int{1, 3, 7, 40} {
		out, err := engine.InPieces(s, m).Run(named("input", batch(n)))
		if err != nil {
			t.Fatal(err)
		}
		near(t, out["logits"], forward(t, net, batch(n)))
	}
}

func TestInPiecesErrors(t *testing.T) {
	_, m := exported(t)
	s := open(t, engine.Reference{}, m)
	if engine.InPieces(s, m) != s {
		t.Error("a model of any batch is fed in pieces")
	}
	whole := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Inputs:  []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Size: 2}, {Size: 3}}}},
		Nodes:   []*graph.Node{{OpType: "Transpose", Inputs: []string{"x"}, Outputs: []string{"y"}}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
	}}
	_, err := engine.InPieces(open(t, engine.Reference{}, whole), whole).Run(named("x", nn.NewTensor(4, 3)))
	if err == nil || !strings.Contains(err.Error(), `output "y" has shape (3, 2) for a batch of 2`) {
		t.Errorf("a result without a batch axis: %v", err)
	}
	whole.Graph.Inputs[0].Shape[0].Size = 1 << 40
	_, err = engine.InPieces(open(t, engine.Reference{}, whole), whole).Run(named("x", nn.NewTensor(4, 3)))
	if err == nil || !strings.Contains(err.Error(), "the file fixes the batch at 1099511627776") {
		t.Errorf("a batch of 2^40: %v", err)
	}
}

// forward is what a network gives.
func forward(t *testing.T, net *nn.Network, x *nn.Tensor) *nn.Tensor {
	t.Helper()
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// near holds a float64 evaluation against a float32 one.
func near(t *testing.T, got, want *nn.Tensor) {
	t.Helper()
	if !nn.Shape(got.Shape).Equal(want.Shape) {
		t.Fatalf("shape %v, want %v", nn.Shape(got.Shape), nn.Shape(want.Shape))
	}
	for i, w := range want.Data {
		if d := got.Data[i] - w; d > 1e-5 || d < -1e-5 {
			t.Fatalf("value %d is %v, want %v", i, got.Data[i], w)
		}
	}
}

// samplesOf makes data of a batch.
func samplesOf(t *testing.T, x *nn.Tensor) nn.Samples {
	t.Helper()
	s, err := nn.NewTensorSamples(x, make([]int, x.Shape[0]), 2)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Samples come out in their order, whatever the batch of the file, and with their axes as
// the file has them.
func TestPredict(t *testing.T) {
	net, m := exported(t, layer.Conv{Out: 2, Kernel: [2]int{2, 3}})
	const n = 50
	x := batch(n)
	want := forward(t, net, x)
	workers := 3
	for _, size := range []int64{0, 1, 7, 16, 64} {
		if size > 0 {
			fixedTo(m, size)
		}
		s := engine.InPieces(open(t, engine.Reference{}, m), m)
		y, err := engine.Predict(s, "input", "logits", nil, samplesOf(t, x), workers)
		if err != nil {
			t.Fatalf("batch %d: %v", size, err)
		}
		near(t, y, want)
	}

	nhwc := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Inputs:  []*graph.Value{{Name: "x", Type: graph.Float}},
		Nodes:   []*graph.Node{{OpType: "Identity", Inputs: []string{"x"}, Outputs: []string{"y"}}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
	}}
	order := onnxio.AxisOrder{0, 2, 3, 1}
	y, err := engine.Predict(open(t, engine.Reference{}, nhwc), "x", "y", order, samplesOf(t, x), workers)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := order.ToFile(x); !nn.Shape(y.Shape).Equal([]int{n, 5, 4, 2}) || y.Data[77] != want.Data[77] {
		t.Errorf("shape %v", y.Shape)
	}
	if _, err := engine.Predict(open(t, engine.Reference{}, nhwc), "x", "z", nil, samplesOf(t, x), workers); err == nil || !strings.Contains(err.Error(), `no output "z"`) {
		t.Errorf("another output: %v", err)
	}
	nhwc.Graph.Nodes[0].OpType = "Shape"
	if _, err := engine.Predict(open(t, engine.Reference{}, nhwc), "x", "y", nil, samplesOf(t, x), workers); err == nil || !strings.Contains(err.Error(), "its first axis must be the batch") {
		t.Errorf("an output without a batch: %v", err)
	}
}

// A network of a file in NHWC takes and gives what the file would.
func TestRecoveredTakesWhatTheFileTakes(t *testing.T) {
	net, m := exported(t)
	x := batch(3)
	im, err := onnxio.Import(m)
	if err != nil {
		t.Fatal(err)
	}
	im.InputOrder = onnxio.AxisOrder{0, 2, 3, 1}
	inFile, err := im.InputOrder.ToFile(x)
	if err != nil {
		t.Fatal(err)
	}
	s := engine.Recovered(im)
	out, err := s.Run(named("input", inFile))
	if err != nil {
		t.Fatal(err)
	}
	near(t, out["logits"], forward(t, net, x))
	for _, bad := range []*nn.Tensor{x, {Shape: inFile.Shape, Data: inFile.Data[:7]}, nn.NewTensor(3, 40)} {
		if _, err := s.Run(named("input", bad)); err == nil || !strings.Contains(err.Error(), `input "input", NHWC in the file`) {
			t.Errorf("%v: %v", bad.Shape, err)
		}
	}
}

// alone is a session that does not say that it is Concurrent.
type alone struct {
	engine.Session
	busy  atomic.Bool
	clash atomic.Bool
}

func (s *alone) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	if !s.busy.CompareAndSwap(false, true) {
		s.clash.Store(true)
	}
	defer s.busy.Store(false)
	runtime.Gosched()
	return s.Session.Run(inputs)
}

// A session is used by several goroutines only if it says that it may be.
func TestPredictLeavesOthersAlone(t *testing.T) {
	_, m := exported(t, layer.Conv{Out: 2, Kernel: [2]int{2, 3}})
	s := &alone{Session: open(t, engine.Reference{}, m)}
	if _, err := engine.Predict(s, "input", "logits", nil, samplesOf(t, batch(200)), 8); err != nil {
		t.Fatal(err)
	}
	if s.clash.Load() {
		t.Error("two goroutines were in one session")
	}
}

// A file that takes one sample, without an axis for the batch, is run for each.
func TestPredictOneByOne(t *testing.T) {
	x := batch(5)
	shape := []graph.Dim{{Size: 2}, {Size: 5}, {Size: 4}}
	for _, c := range []struct {
		axis int64
		want []int // shape of the result
	}{
		{0, []int{5, 40}},
		{1, []int{5, 2, 20}},
	} {
		m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: shape}},
			Nodes: []*graph.Node{{OpType: "LeakyRelu", Inputs: []string{"x"}, Outputs: []string{"h"}},
				{OpType: "Flatten", Inputs: []string{"h"}, Outputs: []string{"y"}, Attrs: []*graph.Attr{graph.IntAttr("axis", c.axis)}}},
			Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		}}
		order := onnxio.AxisOrder{1, 2, 3}
		if c.axis == 0 {
			im, err := onnxio.Import(m)
			if err != nil || !slices.Equal(im.InputOrder, order) {
				t.Fatalf("%v, %v", im, err)
			}
			if y, err := engine.Predict(engine.Recovered(im), "x", "y", im.InputOrder, samplesOf(t, x), 2); err != nil || !slices.Equal(y.Shape, c.want) {
				t.Errorf("%v, %v", y, err)
			}
		}
		y, err := engine.Predict(engine.InPieces(open(t, engine.Reference{}, m), m), "x", "y", order, samplesOf(t, x), 2)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(y.Shape, c.want) {
			t.Errorf("axis %d: shape %v, want %v", c.axis, y.Shape, c.want)
		}
		for i, v := range x.Data {
			if v < 0 {
				v *= 0.01
			}
			if d := y.Data[i] - v; d > 1e-6 || d < -1e-6 {
				t.Fatalf("axis %d: element %d is %g, want %g", c.axis, i, y.Data[i], v)
			}
		}
	}
}
