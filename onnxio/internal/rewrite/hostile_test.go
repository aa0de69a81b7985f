package rewrite_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// hostile are small files that ask for much, each with a number that says how much: what
// is done for them must grow with the file, not with its square or with what it claims.
var hostile = []struct {
	name  string
	make  func(n int) *graph.Graph
	count int
}{
	{"a chain", func(n int) *graph.Graph { return chain(n, func(int) string { return "Relu" }) }, 50_000},
	{"identities of a constant", func(n int) *graph.Graph {
		g := chain(n, func(int) string { return "Identity" })
		g.Nodes[0].Inputs[0] = "c"
		g.Initializers = []*graph.Tensor{graph.Float32Tensor("c", []int64{1 << 20}, make([]float32, 1<<20))}
		return g
	}, 50_000},
	{"sums of one constant", func(n int) *graph.Graph { return withConstant(n, "Add", 6) }, 50_000},
	{"products with one constant", func(n int) *graph.Graph { return withConstant(n, "Mul", 6) }, 50_000},
	{"one value read by all", func(n int) *graph.Graph {
		g := chain(1, func(int) string { return "Relu" })
		g.Initializers = []*graph.Tensor{graph.Float32Tensor("c", []int64{6, 1, 1}, make([]float32, 6))}
		for i := range n {
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "Add", Inputs: []string{"c", "v0"}, Outputs: []string{fmt.Sprint("s", i)}})
			g.Outputs = append(g.Outputs, &graph.Value{Name: fmt.Sprint("s", i), Type: graph.Float})
		}
		return g
	}, 50_000},
	{"transposes", func(n int) *graph.Graph {
		g := chain(n, func(int) string { return "Transpose" })
		for _, node := range g.Nodes {
			node.Attrs = []*graph.Attr{graph.IntsAttr("perm", 0, 2, 3, 1)}
		}
		return g
	}, 50_000},
	{"operators inside an Expand", func(n int) *graph.Graph {
		g := chain(n, func(int) string { return "Relu" })
		g.Initializers = []*graph.Tensor{graph.Float32Tensor("c", nil, []float32{1})}
		g.Nodes[0].Inputs[0] = "e"
		g.Nodes = append([]*graph.Node{{OpType: "Shape", Inputs: []string{"x"}, Outputs: []string{"s"}},
			{OpType: "Expand", Inputs: []string{"c", "s"}, Outputs: []string{"e"}}}, g.Nodes...)
		for i := range n {
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "Add", Inputs: []string{"x", fmt.Sprint("v", i)}, Outputs: []string{fmt.Sprint("s", i)}})
			g.Outputs = append(g.Outputs, &graph.Value{Name: fmt.Sprint("s", i), Type: graph.Float})
		}
		return g
	}, 20_000},
	{"a constant that sums up all", func(n int) *graph.Graph {
		g := chain(n, func(int) string { return "Add" })
		for i, node := range g.Nodes {
			if i == 0 {
				node.Inputs[0] = "c0"
			}
			node.Inputs = append(node.Inputs, fmt.Sprint("c", i))
			g.Initializers = append(g.Initializers, graph.Float32Tensor(fmt.Sprint("c", i), nil, []float32{1}))
		}
		return g
	}, 50_000},
	{"one weight in many orders", func(n int) *graph.Graph {
		g := &graph.Graph{Name: "g", Inputs: []*graph.Value{picture()}}
		g.Initializers = []*graph.Tensor{graph.Float32Tensor("w", []int64{96, 1 << 12}, make([]float32, 96<<12))}
		add := func(op string, in []string, attrs ...*graph.Attr) string {
			out := fmt.Sprint("v", len(g.Nodes))
			g.Nodes = append(g.Nodes, &graph.Node{OpType: op, Inputs: in, Outputs: []string{out}, Attrs: attrs})
			return out
		}
		for range n {
			t := add("Transpose", []string{"x"}, graph.IntsAttr("perm", 0, 2, 3, 1))
			f := add("Flatten", []string{t})
			g.Outputs = append(g.Outputs, &graph.Value{Name: add("MatMul", []string{f, "w"}), Type: graph.Float})
		}
		return g
	}, 10_000},
	{"zeros multiplied with zeros", func(n int) *graph.Graph {
		g := &graph.Graph{Name: "g", Inputs: []*graph.Value{picture()}}
		g.Initializers = []*graph.Tensor{graph.Int64Tensor("s", []int64{2}, []int64{2048, 2048})}
		g.Nodes = append(g.Nodes, &graph.Node{OpType: "ConstantOfShape", Inputs: []string{"s"}, Outputs: []string{"v0"}})
		for i := range n {
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "MatMul", Inputs: []string{"v0", "v0"}, Outputs: []string{fmt.Sprint("m", i)}})
			g.Outputs = append(g.Outputs, &graph.Value{Name: fmt.Sprint("m", i), Type: graph.Float})
		}
		return g
	}, 1000},
	{"sums of zeros", func(n int) *graph.Graph {
		g := &graph.Graph{Name: "g", Inputs: []*graph.Value{picture()}}
		g.Initializers = []*graph.Tensor{graph.Int64Tensor("s", []int64{2}, []int64{2048, 2048})}
		g.Nodes = append(g.Nodes, &graph.Node{OpType: "ConstantOfShape", Inputs: []string{"s"}, Outputs: []string{"v0"}})
		for i := range n {
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "ReduceSum", Inputs: []string{"v0"}, Outputs: []string{fmt.Sprint("m", i)}})
			g.Outputs = append(g.Outputs, &graph.Value{Name: fmt.Sprint("m", i), Type: graph.Float})
		}
		return g
	}, 50_000},
	{"a stack that is read often", func(n int) *graph.Graph {
		g := &graph.Graph{Name: "g", Inputs: []*graph.Value{picture()}}
		g.Initializers = []*graph.Tensor{graph.Int64Tensor("a", []int64{1}, []int64{0})}
		stack := &graph.Node{OpType: "Concat", Outputs: []string{"stack"}, Attrs: []*graph.Attr{graph.IntAttr("axis", 0)}}
		for i := range n {
			u := fmt.Sprint("u", i)
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "Unsqueeze", Inputs: []string{"x", "a"}, Outputs: []string{u}})
			stack.Inputs = append(stack.Inputs, u)
		}
		g.Nodes = append(g.Nodes, stack)
		for i := range n {
			out := fmt.Sprint("r", i)
			g.Nodes = append(g.Nodes, &graph.Node{OpType: "ReduceSum", Inputs: []string{"stack", "a"}, Outputs: []string{out}, Attrs: []*graph.Attr{graph.IntAttr("keepdims", 0)}})
			g.Outputs = append(g.Outputs, &graph.Value{Name: out, Type: graph.Float})
		}
		return g
	}, 20_000},
	{"scales that move outwards", func(n int) *graph.Graph {
		g := withConstant(n, "Mul", 6)
		for i, node := range g.Nodes {
			if i%2 == 1 {
				node.Inputs[1] = "x"
			}
		}
		return g
	}, 50_000},
}

func picture() *graph.Value {
	return &graph.Value{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 6}, {Size: 4}, {Size: 4}}}
}

// chain is n nodes one behind the other.
func chain(n int, op func(i int) string) *graph.Graph {
	g := &graph.Graph{Name: "g", Inputs: []*graph.Value{picture()}}
	last := "x"
	for i := range n {
		out := fmt.Sprint("v", i)
		g.Nodes = append(g.Nodes, &graph.Node{OpType: op(i), Inputs: []string{last}, Outputs: []string{out}})
		last = out
	}
	g.Outputs = []*graph.Value{{Name: last, Type: graph.Float}}
	return g
}

// withConstant is a chain of operators that all have the same constant of a number for each
// channel in front.
func withConstant(n int, op string, channels int) *graph.Graph {
	g := chain(n, func(int) string { return op })
	g.Initializers = []*graph.Tensor{graph.Float32Tensor("c", []int64{int64(channels), 1, 1}, make([]float32, channels))}
	for _, node := range g.Nodes {
		node.Inputs = []string{"c", node.Inputs[0]}
	}
	return g
}

// Each is cleaned in memory that its size explains, and nowhere near a minute.
func TestCleanIsBounded(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			count := h.count / 5
			m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: h.make(count)}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			r := rewrite.Clean(m)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%d nodes, then %d: %v, %d MB", len(m.Graph.Nodes), len(r.Model.Graph.Nodes), took.Round(time.Millisecond), allocated)
			if allocated > 1024 { // in all, freed or not
				t.Errorf("it allocated %d MB", allocated)
			}
			if took > time.Minute { // a second on a loaded machine
				t.Errorf("it took %v", took)
			}
		})
	}
}
