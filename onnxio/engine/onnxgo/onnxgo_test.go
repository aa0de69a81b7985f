package onnxgo

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/owulveryck/onnx-go"
	"github.com/owulveryck/onnx-go/backend"
	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
)

var _ backend.ComputationBackend = (*Graph)(nil)

// compute runs a file on an input as a program that uses onnx-go does, whatever the backend.
func compute(b backend.ComputationBackend, file []byte, x tensor.Tensor) (tensor.Tensor, error) {
	model := onnx.NewModel(b)
	if err := model.UnmarshalBinary(file); err != nil {
		return nil, err
	}
	if err := model.SetInput(0, x); err != nil {
		return nil, err
	}
	if err := b.Run(); err != nil {
		return nil, err
	}
	out, err := model.GetOutputTensors()
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func ofTensor(t *testing.T, x tensor.Tensor) *nn.Tensor {
	t.Helper()
	v, ok := x.Data().([]float32)
	if !ok {
		t.Fatalf("a tensor of %v", x.Dtype())
	}
	return &nn.Tensor{Shape: x.Shape(), Data: v}
}

func toTensor(x *nn.Tensor) tensor.Tensor {
	return tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(slices.Clone(x.Data)))
}

func readNPZ(t *testing.T, path, name string) *nn.Tensor {
	t.Helper()
	arrays, err := data.ReadNPZ(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := arrays[name].Tensor()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The study's networks as PyTorch's exporters write them, which onnx-go decodes, give the
// logits that PyTorch recorded.
func TestStudyEqualsPyTorch(t *testing.T) {
	golden := "../../../testdata/golden/pytorch"
	x := toTensor(readNPZ(t, filepath.Join(golden, "recorded/inputs.npz"), "input"))
	files, err := filepath.Glob(filepath.Join(golden, "*", "*.onnx"))
	if err != nil || len(files) < 25 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	tolerance, err := parity.ParseTolerance("close")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		m, err := graph.ReadFile(file) // with its external data, which onnx-go does not read
		if err != nil {
			t.Fatal(err)
		}
		y, err := compute(NewGraph(), m.Bytes(), x)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		recorded := strings.TrimSuffix(filepath.Base(filepath.Dir(file)), "-testdata")
		want := readNPZ(t, filepath.Join(golden, "recorded", recorded, "expected.npz"), "logits")
		if r, err := parity.Tensors(file, ofTensor(t, y), want, tolerance); err != nil || !r.Equal {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// small is the file of a network of vectors of 3 and its network.
func small(t *testing.T, layers ...nn.Layer) ([]byte, *nn.Network) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2, 4, 4}, append(layers, layer.GlobalMaxPool{}, layer.Flatten{}, layer.Dense{Out: 2})...)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return b, net
}

func samples(shape ...int) *nn.Tensor {
	x := nn.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = float32(i*7%11)/5 - 1
	}
	return x
}

// same holds a result against the network's.
func same(t *testing.T, net *nn.Network, x *nn.Tensor, y tensor.Tensor) {
	t.Helper()
	want, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	got := ofTensor(t, y)
	if !nn.Shape(got.Shape).Equal(want.Shape) || !slices.Equal(got.Data, want.Data) {
		t.Errorf("got %v %v, want %v %v", got.Shape, got.Data, want.Shape, want.Data)
	}
}

// One decoded graph runs on batches of any size, and is made anew for samples of another
// shape. Results of earlier runs stay as they were.
func TestRunAgain(t *testing.T) {
	file, net := small(t, layer.Conv{Out: 3, Kernel: [2]int{3, 3}})
	g := NewGraph()
	model := onnx.NewModel(g)
	if err := model.UnmarshalBinary(file); err != nil {
		t.Fatal(err)
	}
	var results []tensor.Tensor
	shapes := [][]int{{1, 2, 4, 4}, {17, 2, 4, 4}, {2, 2, 6, 5}, {1, 2, 4, 4}}
	for _, shape := range shapes {
		if err := model.SetInput(0, toTensor(samples(shape...))); err != nil {
			t.Fatal(err)
		}
		if err := g.Run(); err != nil {
			t.Fatal(err)
		}
		out, err := model.GetOutputTensors()
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, out[0])
	}
	for i, shape := range shapes {
		larger, err := nn.Sequential(shape[1:], layersOf(net)...)
		if err != nil {
			t.Fatal(err)
		}
		if err := larger.CopyParams(net); err != nil {
			t.Fatal(err)
		}
		same(t, larger, samples(shape...), results[i])
	}
}

func layersOf(net *nn.Network) (layers []nn.Layer) {
	for _, n := range net.Nodes() {
		layers = append(layers, n.Layer)
	}
	return layers
}

// A view is read in the order in which it looks.
func TestViewAsInput(t *testing.T) {
	file, net := small(t)
	x := samples(3, 2, 4, 4)
	view, err := toTensor(x).Slice(tensor.S(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	y, err := compute(NewGraph(), file, view)
	if err != nil {
		t.Fatal(err)
	}
	same(t, net, &nn.Tensor{Shape: []int{2, 2, 4, 4}, Data: x.Data[32:]}, y)
}

// old is a file as exporters wrote it for opset 9: initializers among the inputs, settings
// that later became inputs, a mask that nobody reads, a constant node.
func old() *graph.Model {
	value := func(name string, shape ...int64) *graph.Value {
		v := &graph.Value{Name: name, Type: graph.Float, HasShape: true}
		for _, d := range shape {
			v.Shape = append(v.Shape, graph.Dim{Size: d})
		}
		return v
	}
	return &graph.Model{
		IRVersion: 4, Opsets: []graph.Opset{{Version: 9}},
		Graph: &graph.Graph{
			Name:         "g",
			Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{2, 3}, []float32{1, 2, 3, 4, 5, 6}), graph.Float32Tensor("b", []int64{2}, []float32{1, -1})},
			Inputs:       []*graph.Value{value("x", 1, 3), value("w", 2, 3), value("b", 2)},
			Nodes: []*graph.Node{
				{OpType: "Dropout", Inputs: []string{"x"}, Outputs: []string{"d", "mask"}, Attrs: []*graph.Attr{graph.FloatAttr("ratio", 0.25)}},
				{OpType: "Gemm", Inputs: []string{"d", "w", "b"}, Outputs: []string{"h"}, Attrs: []*graph.Attr{graph.IntAttr("transB", 1)}},
				{OpType: "Constant", Outputs: []string{"beta"}, Attrs: []*graph.Attr{graph.TensorAttr("value", graph.Float32Tensor("", nil, []float32{0.5}))}},
				{OpType: "Mul", Inputs: []string{"h", "beta"}, Outputs: []string{"t"}},
				{OpType: "Sigmoid", Inputs: []string{"t"}, Outputs: []string{"s"}},
				{OpType: "Mul", Inputs: []string{"h", "s"}, Outputs: []string{"y"}},
			},
			Outputs: []*graph.Value{value("y", 1, 2)},
		},
	}
}

func TestOldFiles(t *testing.T) {
	y, err := compute(NewGraph(), old().Bytes(), toTensor(&nn.Tensor{Shape: []int{1, 3}, Data: []float32{1, 0, -1}}))
	if err != nil {
		t.Fatal(err)
	}
	got := ofTensor(t, y)
	for i, h := range []float64{1 - 3 + 1, 4 - 6 - 1} {
		if want := h / (1 + math.Exp(-0.5*h)); math.Abs(float64(got.Data[i])-want) > 1e-6 {
			t.Errorf("result %d is %v, want %v", i, got.Data[i], want)
		}
	}
}

func TestErrors(t *testing.T) {
	ok := toTensor(samples(1, 3))
	edit := func(f func(m *graph.Model)) []byte {
		m := old()
		f(m)
		return m.Bytes()
	}
	for name, tc := range map[string]struct {
		file []byte
		x    tensor.Tensor
		want string
	}{
		"float64": {old().Bytes(), tensor.New(tensor.WithShape(1, 3), tensor.WithBacking(make([]float64, 3))), `input "x" is of float64`},
		"columns": {old().Bytes(), tensor.New(tensor.WithShape(1, 3), tensor.AsFortran(make([]float32, 3))), "row-major"},
		"scalar":  {old().Bytes(), tensor.New(tensor.FromScalar(float32(1))), "is a scalar"},
		"shape":   {old().Bytes(), toTensor(samples(1, 4)), "its input has shape (N, 4)"},
		"no layer": {edit(func(m *graph.Model) {
			m.Graph.Nodes[4].OpType = "Sin"
			m.Graph.Nodes[0].OpType = "Cos"
		}), ok, "2 of its 6 nodes"},
		"itself": {edit(func(m *graph.Model) { m.Graph.Nodes[5].Inputs[0] = "y" }), ok, `"y" is computed from itself`},
		"no result": {edit(func(m *graph.Model) {
			m.Graph.Nodes = append(m.Graph.Nodes, &graph.Node{OpType: "Relu", Inputs: []string{"x"}})
		}), ok, "Relu: it has no results"},
		"twice": {edit(func(m *graph.Model) { m.Graph.Nodes[4].Outputs[0] = "h" }), ok, "defined twice"},
		"no constant": {edit(func(m *graph.Model) {
			m.Graph.Initializers = m.Graph.Initializers[:1]
		}), ok, `input "b" has not been set`},
	} {
		y, err := compute(NewGraph(), tc.file, tc.x)
		if y != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v and error %v, want %q in it", name, y, err, tc.want)
		}
	}
}

func TestCallsOutOfOrder(t *testing.T) {
	g := NewGraph()
	if err := g.Run(); err == nil || !strings.Contains(err.Error(), "no file has been decoded") {
		t.Errorf("Run of nothing: %v", err)
	}
	if err := onnx.NewModel(g).UnmarshalBinary(old().Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := g.Run(); err == nil || !strings.Contains(err.Error(), `input "x" has not been set`) {
		t.Errorf("Run without an input: %v", err)
	}
	if err := g.Node(0).(*Node).SetTensor(nil); err == nil {
		t.Error("no tensor is taken as one")
	}
}

func TestGuessOpset(t *testing.T) {
	node := func(op, attr string, inputs int) *graph.Node {
		n := &graph.Node{OpType: op, Inputs: make([]string, inputs)}
		if attr != "" {
			n.Attrs = []*graph.Attr{{Name: attr}}
		}
		return n
	}
	for _, tc := range []struct {
		nodes []*graph.Node
		want  int64
	}{
		{nil, 13},
		{[]*graph.Node{node("Clip", "min", 1), node("Dropout", "ratio", 1)}, 10},
		{[]*graph.Node{node("Clip", "", 3), node("Conv", "pads", 2)}, 13},
		{[]*graph.Node{node("BatchNormalization", "spatial", 5), node("Squeeze", "axes", 1)}, 8},
		{[]*graph.Node{node("Mish", "", 1)}, 18},
		{[]*graph.Node{node("ReduceMean", "", 2)}, 18},
		{[]*graph.Node{node("ReduceMean", "axes", 1)}, 13},
	} {
		if got := guessOpset(tc.nodes); got != tc.want {
			t.Errorf("%v: opset %d, want %d", tc.nodes, got, tc.want)
		}
	}
	g := NewGraph()
	g.Opset = 99
	if _, err := compute(g, old().Bytes(), toTensor(samples(1, 3))); err == nil || !strings.Contains(err.Error(), "opset 99") {
		t.Errorf("the opset that was given is not taken: %v", err)
	}
}
