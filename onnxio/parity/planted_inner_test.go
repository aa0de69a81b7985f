package parity_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// file is an ONNX file into which bugs are planted.
type file struct {
	t     *testing.T
	model *graph.Model
	im    *onnxio.Imported
}

// node is the one of an operator that a layer was recovered from.
func (f file) node(layer string, operators ...string) *graph.Node {
	f.t.Helper()
	for _, n := range f.im.Layer(layer).Nodes {
		if slices.Contains(operators, n.OpType) {
			i := slices.IndexFunc(f.model.Graph.Nodes, func(m *graph.Node) bool { return m.Outputs[0] == n.Outputs[0] })
			return f.model.Graph.Nodes[i]
		}
	}
	f.t.Fatalf("layer %s has no node %v", layer, operators)
	return nil
}

// edit changes the values of the constant that a node reads, perhaps in another shape.
func (f file) edit(n *graph.Node, input int, change func(dims []int64, v []float64)) {
	f.t.Helper()
	name := n.Inputs[input]
	for _, from := range f.model.Graph.Nodes {
		if from.Outputs[0] == name {
			name = from.Inputs[0]
		}
	}
	for i, x := range f.model.Graph.Initializers {
		if x.Name != name {
			continue
		}
		v, err := x.Float64s()
		if err != nil {
			f.t.Fatal(err)
		}
		change(x.Dims, v)
		if f.model.Graph.Initializers[i], err = graph.FromFloat64s(x.Name, x.Type, x.Dims, v); err != nil {
			f.t.Fatal(err)
		}
		return
	}
	f.t.Fatalf("%s is no constant", name)
}

// leaveOut removes a node; what reads it reads its first input instead.
func (f file) leaveOut(out *graph.Node) {
	g := f.model.Graph
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return n == out })
	for _, n := range g.Nodes {
		for i, in := range n.Inputs {
			if in == out.Outputs[0] {
				n.Inputs[i] = out.Inputs[0]
			}
		}
	}
}

func set(n *graph.Node, a *graph.Attr) {
	n.Attrs = append(slices.DeleteFunc(n.Attrs, func(b *graph.Attr) bool { return b.Name == a.Name }), a)
}

// flip turns each kernel over, of weights (out, in, kh, kw).
func flip(dims []int64, v []float64) {
	for area := int(dims[2] * dims[3]); len(v) > 0; v = v[area:] {
		slices.Reverse(v[:area])
	}
}

func negate(_ []int64, v []float64) {
	for i := range v {
		v[i] = -v[i]
	}
}

func zero(_ []int64, v []float64) { clear(v) }

// reverse exchanges the first row with the last, and so on.
func reverse(dims []int64, v []float64) {
	old, size := slices.Clone(v), len(v)/int(dims[0])
	for i := range int(dims[0]) {
		copy(v[i*size:], old[len(v)-(i+1)*size:len(v)-i*size])
	}
}

// flattened puts the rows of a dense layer, (in, out), from H, W, C into C, H, W.
func flattened(c, h, w int) func(dims []int64, v []float64) {
	return func(dims []int64, v []float64) {
		old, out := slices.Clone(v), int(dims[1])
		for p := range h * w {
			for k := range c {
				copy(v[(k*h*w+p)*out:][:out], old[(p*c+k)*out:])
			}
		}
	}
}

// plants are bugs in files, with the layer and the kind of cause that are right.
var plants = []struct {
	golden, layer, kind string
	plant               func(f file)
	inner               bool   // the output alone does not tell
	scope               string // the layer's scope, if nothing in the file has the layer's name
}{
	{golden: "pytorch/lenet5", layer: "conv2", kind: "kernel-flipped", plant: func(f file) { f.edit(f.node("conv2", "Conv"), 1, flip) }},
	{golden: "keras/lenet5", layer: "conv1", kind: "kernel-flipped", plant: func(f file) { f.edit(f.node("conv1", "Conv"), 1, flip) }},
	{golden: "pytorch/vgg8", layer: "features.2", kind: "slope-sign", plant: func(f file) { f.edit(f.node("features.2", "PRelu"), 1, negate) }},
	{golden: "pytorch/vgg8", layer: "features.8", kind: "batchnorm-epsilon", plant: func(f file) { set(f.node("features.8", "BatchNormalization"), graph.FloatAttr("epsilon", 0.1)) }},
	{golden: "pytorch/lenet5", layer: "dense1", kind: "bias-missing", plant: func(f file) { f.edit(f.node("dense1", "Gemm"), 2, zero) }, inner: true},
	{golden: "keras/study", layer: "conv2", kind: "bias-missing", plant: func(f file) { f.edit(f.node("conv2", "Conv"), 2, zero) }},
	{golden: "pytorch/lenet5", layer: "act1", kind: "activation", plant: func(f file) { f.node("act1", "Tanh").OpType = "Sigmoid" }},
	{golden: "keras/depthwise", layer: "block2_act1", kind: "activation", plant: func(f file) { f.node("block2_act1", "Relu").OpType = "Tanh" }},
	{golden: "keras/lenet5", layer: "dense1", kind: "dense-rows", plant: func(f file) { f.edit(f.node("dense1", "Gemm", "MatMul"), 1, flattened(6, 2, 2)) }},
	{golden: "pytorch/residual", layer: "block1.add", kind: "residual-missing", plant: func(f file) { f.leaveOut(f.node("block1.add", "Add")) }, scope: "block1"},
	{golden: "keras/residual", layer: "block1_add", kind: "residual-missing", plant: func(f file) { f.leaveOut(f.node("block1_add", "Add")) }},
	{golden: "pytorch/residual", layer: "block2.conv1", kind: "channels-permuted", plant: func(f file) { f.edit(f.node("block2.conv1", "Conv"), 1, reverse) }},
	{golden: "pytorch/lenet5", layer: "pool2", kind: "pool", plant: func(f file) {
		pool := f.node("pool2", "MaxPool")
		pool.OpType = "AveragePool"
		pool.Attrs = []*graph.Attr{graph.IntsAttr("kernel_shape", 2, 2), graph.IntsAttr("strides", 2, 2)}
	}},
	{golden: "pytorch/depthwise", layer: "conv1", kind: "kernel-flipped", plant: func(f file) { f.edit(f.node("conv1", "Conv"), 1, flip) }},
}

// A bug that is planted into a framework's file is found: its layer and what it is, from inner
// values, and mostly from the output alone.
func TestPlantedBugsAreFound(t *testing.T) {
	for _, c := range plants {
		t.Run(fmt.Sprintf("%s %s %s", c.golden, c.layer, c.kind), func(t *testing.T) {
			m, im, r := openInner(t, c.golden, "expected.npz")
			c.plant(file{t, m, im})
			port, err := onnxio.Import(m)
			if err != nil {
				t.Fatal(err)
			}
			for _, alone := range []bool{false, true} {
				if alone && c.inner {
					continue
				}
				given := *r
				if alone {
					given.Expected = map[string]*nn.Tensor{im.Output: r.Expected[im.Output]}
					given.Order = []string{im.Output}
				}
				got := compareLayers(t, m, port, &given, parity.Options{Why: true})
				if got.Equal || got.FirstWrong == nil || got.Cause == nil {
					t.Errorf("output alone %v: first wrong %+v, cause %+v\n%s", alone, got.FirstWrong, got.Cause, got)
					continue
				}
				layers := []string{got.FirstWrong.Layer, got.FirstWrong.Own}
				if !slices.Contains(layers, c.layer) && !(alone && c.scope != "" && c.scope == layers[0]) || got.Cause.Kind != c.kind {
					t.Errorf("output alone %v: %q, %s %s", alone, layers, got.Cause.Kind, got.Answer)
				}
			}
		})
	}
}
