package onnxio

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) {
	hostiletest.Serve(t, func(path string) (accepted bool, wrong error) {
		_, err := Load(path)
		return err == nil, nil
	})
}

// bomb is a graph that asks for much. last is the value that the next node reads.
type bomb struct {
	nodes []*graph.Node
	inits []*graph.Tensor
	last  string
	more  []byte // of the file
}

// add adds a node, in whose inputs _ stands for the last value.
func (b *bomb) add(op, inputs string, attrs ...*graph.Attr) {
	out := fmt.Sprint("v", len(b.nodes))
	n := node(op, inputs, out, attrs...)
	for i, in := range n.Inputs {
		if in == "_" {
			n.Inputs[i] = b.last
		}
	}
	b.nodes, b.last = append(b.nodes, n), out
}

// file is a model that is refused in the end: its last node has an operator that is none.
func (b *bomb) file() []byte {
	b.add("Frobnicate", "_")
	b.nodes[len(b.nodes)-1].Outputs = []string{"y"}
	m := model(nn.Shape{6, 4, 4}, b.inits, b.nodes...)
	if b.more != nil {
		m.Opsets = append(m.Opsets, graph.Opset{Domain: "own", Version: 1})
	}
	return append(m.Bytes(), b.more...)
}

// chainBomb is n nodes one behind the other.
func chainBomb(op, inputs string, attrs ...*graph.Attr) func(n int) *bomb {
	return func(n int) *bomb {
		b := &bomb{last: "x"}
		if strings.Contains(inputs, "k") {
			b.inits = append(b.inits, tensor("k", 6, 1, 1))
		}
		for range n {
			b.add(op, inputs, attrs...)
		}
		return b
	}
}

// initializerBomb is n initializers, each with a node for it if there is an operator.
func initializerBomb(op string) func(n int) *bomb {
	return func(n int) *bomb {
		b := &bomb{last: "x"}
		for i := range n {
			w := tensor(fmt.Sprint("w", i), 1)
			b.inits = append(b.inits, w)
			if op != "" {
				b.add(op, "_ "+w.Name)
			}
		}
		return b
	}
}

// joinBomb is a node of n inputs, of which each is a value of its own or all are x.
func joinBomb(op string, own bool, attrs ...*graph.Attr) func(n int) *bomb {
	return func(n int) *bomb {
		b := &bomb{last: "x"}
		inputs := slices.Repeat([]string{"x"}, n)
		for i := range inputs {
			if own {
				b.add("Relu", "x")
				inputs[i] = b.last
			}
		}
		b.add(op, strings.Join(inputs, " "), attrs...)
		return b
	}
}

// ifBomb is an If in both branches of an If, n deep.
func ifBomb(n int) *bomb {
	names := 0
	var inner func(depth int) *graph.Graph
	inner = func(depth int) *graph.Graph {
		names++
		out := fmt.Sprint("i", names)
		in := node("Relu", "x", out)
		if depth > 0 {
			in = node("If", "b", out, &graph.Attr{Name: "then_branch", Value: inner(depth - 1)}, &graph.Attr{Name: "else_branch", Value: inner(depth - 1)})
		}
		return &graph.Graph{Name: "g", Nodes: []*graph.Node{in}, Outputs: []*graph.Value{{Name: out}}}
	}
	return &bomb{nodes: inner(n).Nodes, last: "i1", inits: []*graph.Tensor{{Name: "b", Type: graph.Bool, Raw: []byte{1}}}}
}

// functionBomb is n functions, of which each calls the next twice.
func functionBomb(n int) *bomb {
	b := &bomb{last: "x"}
	b.add("f0", "_")
	b.nodes[0].Domain = "own"
	name := func(i int) string { return fmt.Sprint("f", i) }
	var functions [][]byte
	for i := range n {
		functions = append(functions, function(name(i), innerNode(name(i+1), "own", "a", "h"), innerNode(name(i+1), "own", "h", "b")))
	}
	b.more = bytes.Join(append(functions, function(name(n), innerNode("Relu", "", "a", "b"))), nil)
	return b
}

// countedBombs have n of something, which MaxParts bounds.
var countedBombs = map[string]func(n int) *bomb{
	"Relu": chainBomb("Relu", "_"), "Tanh": chainBomb("Tanh", "_"), "Identity": chainBomb("Identity", "_"), "Exp": chainBomb("Exp", "_"),
	"Abs": chainBomb("Abs", "_"), "Dropout": chainBomb("Dropout", "_"), "GlobalAveragePool": chainBomb("GlobalAveragePool", "_"),
	"Add": chainBomb("Add", "_ k"), "Mul": chainBomb("Mul", "_ k"), "PRelu": chainBomb("PRelu", "_ k"), "Pow": chainBomb("Pow", "_ k"),
	"Transpose": chainBomb("Transpose", "_", graph.IntsAttr("perm", 0, 2, 3, 1)), "doubled": chainBomb("Add", "_ _"), "added to x": chainBomb("Add", "x _"),
	"shapes": func(n int) *bomb {
		b := chainBomb("Add", "_ _")(n)
		b.nodes = append([]*graph.Node{node("Shape", "x", "s")}, b.nodes...)
		b.nodes[1].Inputs = []string{"s", "s"}
		return b
	},
	"Constant": func(n int) *bomb {
		b := &bomb{last: "x"}
		for range n {
			last := b.last
			b.add("Constant", "", graph.TensorAttr("value", tensor("", 1)))
			b.add("Add", "_ "+last)
		}
		return b
	},
	"initializers": initializerBomb(""), "initializers added": initializerBomb("Add"), "initializers multiplied": initializerBomb("Mul"), "initializers as slopes": initializerBomb("PRelu"),
	"a Concat of x": joinBomb("Concat", false, graph.IntAttr("axis", 1)), "a Concat": joinBomb("Concat", true, graph.IntAttr("axis", 1)),
	"a Sum of x": joinBomb("Sum", false), "a Sum": joinBomb("Sum", true), "a Max": joinBomb("Max", true), "an Add": joinBomb("Add", true),
	"Ifs": ifBomb, "functions": functionBomb,
}

// foldedBombs make much of a few constants, which the budget of ir.Graph bounds.
func foldedBombs() map[string]*bomb {
	folded := func(dims []int64, n int, op, inputs string, attrs ...*graph.Attr) *bomb {
		b := &bomb{inits: []*graph.Tensor{graph.Int64Tensor("dims", []int64{int64(len(dims))}, dims), graph.Int64Tensor("r", []int64{1}, []int64{1 << 14})}}
		b.add("ConstantOfShape", "dims")
		for range n {
			b.add(op, inputs, attrs...)
		}
		b.add("ReduceMean", "_")
		b.add("Mul", "x _")
		return b
	}
	all := map[string]*bomb{
		"Concat": folded([]int64{16}, 40, "Concat", "_ _", graph.IntAttr("axis", 0)), "Tile": folded([]int64{1 << 10}, 1, "Tile", "_ r"),
		"Exp": folded([]int64{1 << 18}, 2000, "Exp", "_"), "Neg": folded([]int64{1 << 16}, 2000, "Neg", "_"), "Identity": folded([]int64{1 << 19}, 6000, "Identity", "_"),
		"MatMul": folded([]int64{512, 512}, 2000, "MatMul", "_ _"), "small MatMul": folded([]int64{60, 60}, 4000, "MatMul", "_ _"),
		"Transpose": folded([]int64{512, 512}, 2000, "Transpose", "_"), "ReduceMean": folded([]int64{1 << 19}, 2000, "ReduceMean", "v0"),
		"Einsum": folded([]int64{1 << 9, 1 << 9}, 20, "Einsum", "_ _", graph.StringAttr("equation", "ij,jk->ik")),
	}
	for size := int64(1 << 18); size <= 1<<26; size *= 2 {
		all[fmt.Sprintf("%d zeros", size)] = folded([]int64{size}, 1, "Neg", "_")
	}
	return all
}

// most is the largest number for which a bomb is small enough to be read as a network.
func most(t *testing.T, name string) int {
	t.Helper()
	parts := func(n int) int {
		m, err := graph.Read(countedBombs[name](n).file())
		if err != nil {
			t.Fatalf("%s of %d: %v", name, n, err)
		}
		_, parts := partsOf(m.Graph)
		return parts
	}
	n := 1
	if each := parts(2) - parts(1); each == parts(3)-parts(2) { // in proportion
		n += (MaxParts - parts(1)) / each
	}
	for parts(n+1) <= MaxParts {
		n++
	}
	return n
}

// A network is recovered, or a model refused that is none, in the memory that is promised; what
// has more parts than that is good for is refused before.
func TestBombsOfNetworksAreRefused(t *testing.T) {
	files := map[string][]byte{}
	for name, make := range countedBombs {
		n := most(t, name)
		files[fmt.Sprintf("%s %d.onnx", name, n)] = make(n).file()
		m, err := graph.Read(make(n + 1).file())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Import(m); err == nil || !strings.Contains(err.Error(), "at most 16000 are read as a network") {
			t.Errorf("%s of %d: %v", name, n+1, err)
		}
	}
	for name, b := range foldedBombs() {
		files["folded "+name+".onnx"] = b.file()
	}
	var results []hostiletest.Result
	for i, name := range slices.Sorted(maps.Keys(files)) {
		if i%hostiletest.Number(3, 1) != 0 {
			continue
		}
		r := hostiletest.Read(t, map[string][]byte{name: files[name]})[0] // in a child of its own
		results = append(results, r)
		t.Logf("%s: %d kB, %d MiB, %d ms", r.Path[strings.LastIndex(r.Path, "/")+1:], r.Size>>10, r.Peak>>20, r.CPU.Milliseconds())
		if r.Accepted {
			t.Errorf("%s is accepted", r.Path)
		}
	}
	hostiletest.Report(t, "ONNX as networks", results)
}
