package onnxio

import (
	"errors"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// node makes a node from its text: node("Conv", "x w", "y") reads x and w and
// gives y, whose name it has too. A dash stands for an input that is left out.
func node(op, in, out string, attrs ...*graph.Attr) *graph.Node {
	n := &graph.Node{Name: out, OpType: op, Inputs: strings.Fields(in), Outputs: strings.Fields(out), Attrs: attrs}
	for i, name := range n.Inputs {
		if name == "-" {
			n.Inputs[i] = ""
		}
	}
	return n
}

// tensor makes a FLOAT tensor of small distinct values.
func tensor(name string, dims ...int64) *graph.Tensor {
	size := int64(1)
	for _, d := range dims {
		size *= d
	}
	return graph.Float32Tensor(name, dims, pattern(int(size)))
}

// pattern is n distinct values, some below 0.
func pattern(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32((i*37+11)%101)/64 - 0.7
	}
	return v
}

// fillParams gives every parameter of a network values of its own.
func fillParams(net *nn.Network) *nn.Network {
	for i, p := range net.Params() {
		copy(p.Data, pattern(len(p.Data) + 5*i)[5*i:])
		for j, v := range p.Data {
			if p.Role == nn.Statistic && v <= 0 { // perhaps a variance
				p.Data[j] = 0.5 - v
			}
		}
	}
	return net
}

// model makes a model of opset 20 with the input x (N, shape…). Its output is y.
func model(shape nn.Shape, inits []*graph.Tensor, nodes ...*graph.Node) *graph.Model {
	return &graph.Model{
		IRVersion: 9, Producer: "test", Opsets: []graph.Opset{{Version: 20}},
		Graph: &graph.Graph{
			Name: "g", Nodes: nodes, Initializers: inits,
			Inputs:  []*graph.Value{batchOf("x", shape)},
			Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		},
	}
}

// inOpset states another opset for a model.
func inOpset(m *graph.Model, version int64) *graph.Model {
	m.Opsets[0].Version = version
	return m
}

// imports reads a model that must be taken.
func imports(t *testing.T, m *graph.Model) *Imported {
	t.Helper()
	im, err := Import(m)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// refuses reads a model that must be refused with all the words in the error.
func refuses(t *testing.T, m *graph.Model, words ...string) error {
	t.Helper()
	im, err := Import(m)
	switch {
	case err == nil:
		t.Fatalf("taken as %s; want an error with %q", describe(im.Network), words)
	case im != nil:
		t.Fatalf("both a value and the error %v", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error is %q; want %q in it", err, w)
		}
	}
	return err
}

// problems are the nodes that an error lists, by name.
func problems(t *testing.T, err error) map[string]Problem {
	t.Helper()
	var u *UnsupportedError
	if !errors.As(err, &u) {
		t.Fatalf("the error is %v; want an *UnsupportedError", err)
	}
	byName := map[string]Problem{}
	for _, p := range u.Problems {
		byName[p.Name] = p
	}
	return byName
}

// describe writes a network in one line: its layers' names, settings and shapes.
func describe(net *nn.Network) string {
	var parts []string
	for _, n := range net.Nodes() {
		parts = append(parts, n.Name+"="+settings(n.Layer)+n.Shape.String())
	}
	return strings.Join(parts, " ")
}

// run gives the network's results for count samples of a fixed pattern.
func run(t *testing.T, net *nn.Network, count int) (x, y *nn.Tensor) {
	t.Helper()
	x = nn.NewTensor(append([]int{count}, net.InputShape()...)...)
	copy(x.Data, pattern(len(x.Data)))
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	return x, y
}
