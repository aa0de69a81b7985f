package onnxio

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/conformance"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

//go:embed testdata/unsupported.txt
var unsupportedCases string

// TestConformance holds the trainable import and gonn's kernels against ONNX's own cases.
// Their weights are inputs, since a case is one operator: whatever a trained network keeps
// becomes an initializer with the value that the case has recorded, so that the first input
// with a fraction is left. Then Import must make a network of the model, and the network
// must give the case's output.
func TestConformance(t *testing.T) {
	b := &networks{linear: map[string]bool{}, stacked: map[string]bool{}}
	part := func(name string, of map[string]bool) conformance.Part {
		return conformance.Part{Name: "- " + name, Has: func(c conformance.Case) bool { return conformance.Core(c) && (of == nil || of[c.Name]) }}
	}
	core := part("core", nil)
	counts := conformance.Test(t, b.prepare, unsupportedCases, core, part("inputs stacked", b.stacked), part("nothing computed", b.linear))
	n := counts[core.Name]
	if all := n.Passed + n.Unsupported + n.Failed; all != 247 || n.Passed < 150 {
		t.Errorf("%d of %d core cases pass; want 150 of 247", n.Passed, all)
	}
}

// networks is the backend. It notes for which cases, by the names of their graphs, the
// inputs had to be stacked, and which became networks that do not compute anything: one
// linear layer, whose axes lie in other orders in the file.
type networks struct {
	mu              sync.Mutex
	stacked, linear map[string]bool
}

func (b *networks) note(of map[string]bool, m *graph.Model) {
	b.mu.Lock()
	defer b.mu.Unlock()
	of[m.Graph.Name] = true
}

// prepare leaves the import for later: what is recorded comes with the inputs.
func (b *networks) prepare(m *graph.Model) (conformance.Run, error) {
	return func(inputs map[string]*reference.Tensor) (map[string]*reference.Tensor, error) {
		im, x := importStacked(m, inputs)
		if im != nil {
			b.note(b.stacked, m)
		} else {
			one, err := withConstants(m, inputs)
			if err != nil {
				return nil, err
			}
			if im, err = Import(one); err != nil {
				return nil, err
			}
			x = inputs[im.Input]
		}
		if !slices.ContainsFunc(im.Network.Nodes(), func(n *nn.Node) bool { return n.Layer.Kind() != "linear" }) {
			b.note(b.linear, m)
		}
		return runImported(im, m, x)
	}, nil
}

// withConstants is a model with all inputs as initializers but the first with a fraction.
func withConstants(m *graph.Model, inputs map[string]*reference.Tensor) (*graph.Model, error) {
	given := m.Graph.Feeds()
	free := slices.IndexFunc(given, func(v *graph.Value) bool { return inputs[v.Name].Floats != nil })
	g := *m.Graph
	g.Inputs, g.Initializers = nil, slices.Clone(g.Initializers)
	for i, v := range given {
		if i == max(free, 0) { // without fractions there is none that Import takes
			g.Inputs = append(g.Inputs, v)
			continue
		}
		x := inputs[v.Name]
		t, err := x.Graph(v.Name)
		if err != nil {
			return nil, err
		}
		g.Initializers = append(g.Initializers, t)
	}
	c := *m
	c.Graph = &g
	return &c, nil
}

// importStacked imports a case that joins several inputs of one shape, such as the sum of
// two. A network has one input: the case's are stacked along an axis, and products with
// matrices of zeros and ones, which become layers, take them apart again. It gives the
// stacked input, and nil where that is no network either.
func importStacked(m *graph.Model, inputs map[string]*reference.Tensor) (*Imported, *reference.Tensor) {
	var names []string
	for _, v := range m.Graph.Inputs {
		x := inputs[v.Name]
		if x == nil || x.Floats == nil || !slices.Equal(x.Shape, inputs[m.Graph.Inputs[0].Name].Shape) {
			return nil, nil
		}
		names = append(names, v.Name)
	}
	if len(names) < 2 {
		return nil, nil
	}
	for axis := range inputs[names[0]].Shape {
		one, x := stacked(m, inputs, names, axis)
		if im, err := Import(one); err == nil {
			return im, x
		}
	}
	return nil, nil
}

// stacked is a model with one input that holds those of m along an axis.
func stacked(m *graph.Model, inputs map[string]*reference.Tensor, names []string, axis int) (*graph.Model, *reference.Tensor) {
	first := inputs[names[0]]
	rank, size := first.Rank(), first.Shape[axis]
	join := &graph.Node{OpType: "Concat", Outputs: []string{""}, Attrs: []*graph.Attr{graph.IntAttr("axis", int64(axis))}}
	var all []*reference.Tensor
	for _, name := range names {
		join.Inputs = append(join.Inputs, name)
		all = append(all, inputs[name])
	}
	out, err := reference.Eval(join, 20, all)
	if err != nil {
		panic(err)
	}
	in := &graph.Value{Name: "stacked", Type: first.Type, HasShape: true}
	for _, d := range out[0].Shape {
		in.Shape = append(in.Shape, graph.Dim{Size: int64(d)})
	}
	swap := make([]int64, rank) // the axis with the last
	for i := range swap {
		swap[i] = int64(i)
	}
	swap[axis], swap[rank-1] = swap[rank-1], swap[axis]

	g := *m.Graph
	g.Inputs, g.Nodes = []*graph.Value{in}, nil
	for i, name := range names {
		pick := make([]float64, len(names)*size*size)
		for k := range size {
			pick[(i*size+k)*size+k] = 1
		}
		t, err := graph.FromFloat64s(name+".pick", first.Type, []int64{int64(len(names) * size), int64(size)}, pick)
		if err != nil {
			panic(err)
		}
		g.Initializers = append(slices.Clone(g.Initializers), t)
		g.Nodes = append(g.Nodes, node("Transpose", "stacked", name+".turned", graph.IntsAttr("perm", swap...)),
			node("MatMul", name+".turned "+t.Name, name+".picked"), node("Transpose", name+".picked", name, graph.IntsAttr("perm", swap...)))
	}
	g.Nodes = append(g.Nodes, m.Graph.Nodes...)
	c := *m
	c.Graph = &g
	return &c, out[0]
}

// runImported computes the output of a case.
func runImported(im *Imported, m *graph.Model, input *reference.Tensor) (map[string]*reference.Tensor, error) {
	x := nn.NewTensor(slices.Clone(input.Shape)...)
	for i, v := range input.Floats {
		if x.Data[i] = float32(v); math.IsInf(float64(x.Data[i]), 0) && !math.IsInf(v, 0) {
			return nil, fmt.Errorf("element %d of the input is %g, which float32 does not hold", i, v)
		}
	}
	y, err := throughNetwork(im, x)
	if err != nil {
		return nil, err
	}
	out := reference.FromFloat32s(y.Shape, y.Data)
	out.Type = m.Graph.Outputs[0].Type // of the file; a network has float32
	return map[string]*reference.Tensor{im.Output: out}, nil
}
