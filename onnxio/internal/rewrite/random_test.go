package rewrite_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// generator grows a random model. Every node that it proposes is computed at once for two
// sizes of the batch; what the reference refuses, or what gives numbers that are too large
// to compare, is forgotten, so proposals need not be careful.
type generator struct {
	*rand.Rand
	elements *rand.Rand // of tensors
	m        *graph.Model
	values   []*sample // that nodes may read, the latest last
	count    int
}

// sample is a value of the model under batches of 2 and 5.
type sample struct {
	name     string
	x        [2]*reference.Tensor
	constant bool
}

var sampled = [2]int{2, 5}

func (s *sample) shape() []int { return s.x[0].Shape }

// follows reports whether axis i grows with the batch.
func (s *sample) follows(i int) bool { return s.x[0].Shape[i] != s.x[1].Shape[i] }

// randomModel makes a model of a few nodes in one of the forms that opsets have.
func randomModel(seed uint64) *graph.Model {
	r := rand.New(rand.NewPCG(seed, 3))
	return modelBy(r, r)
}

// modelBy is a random model by choices, with tensors of random elements.
func modelBy(choices, elements *rand.Rand) *graph.Model {
	g := &generator{Rand: choices, elements: elements}
	opset := []int64{6, 7, 9, 10, 11, 12, 13, 17, 18, 20, 21}[g.IntN(11)]
	g.m = &graph.Model{IRVersion: 8, Producer: "test", Opsets: []graph.Opset{{Version: opset}}, Graph: &graph.Graph{Name: "g"}}
	for range 1 + g.IntN(6)/5 {
		g.input()
	}
	for tries, want := 0, 3+g.IntN(14); len(g.m.Graph.Nodes) < want && tries < 400; tries++ {
		proposals[g.IntN(len(proposals))](g)
	}
	g.outputs()
	return g.m
}

// input adds an input: a picture in either layout, a vector or a sequence. Its batch is
// dynamic, or fixed.
func (g *generator) input() {
	shape := [][]int{{0, 3, 6, 4}, {0, 6, 4, 3}, {0, 6, 4, 1}, {0, 1, 4, 6}, {0, 12}, {0, 3, 4}}[g.IntN(6)]
	v := &graph.Value{Name: g.name("x"), Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}}}
	fixed := g.IntN(4)
	if fixed == 0 {
		v.Shape[0] = graph.Dim{Size: int64(1 + g.IntN(3))}
	}
	for _, d := range shape[1:] {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	g.m.Graph.Inputs = append(g.m.Graph.Inputs, v)
	s := &sample{name: v.Name}
	for p, n := range sampled {
		shape[0] = n
		if fixed == 0 {
			shape[0] = int(v.Shape[0].Size)
		}
		s.x[p] = g.tensor(shape)
	}
	g.values = append(g.values, s)
}

// outputs makes the last value the output, and sometimes others too. What is not read is
// left in the model, where exporters leave such things too.
func (g *generator) outputs() {
	last := g.values[len(g.values)-1]
	names := []string{last.name}
	for range g.IntN(5) / 3 {
		if s := g.any(); !slices.Contains(names, s.name) {
			names = append(names, s.name)
		}
	}
	for _, n := range names {
		g.m.Graph.Outputs = append(g.m.Graph.Outputs, &graph.Value{Name: n, Type: graph.Float})
	}
}

func (g *generator) name(stem string) string {
	g.count++
	return fmt.Sprintf("%s%d", stem, g.count)
}

func (g *generator) tensor(shape []int) *reference.Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(float32(g.elements.Float64()*3 - 1.5))
	}
	return reference.FromFloat64s(graph.Float, slices.Clone(shape), v)
}

// any is a value to read, more often one of the latest.
func (g *generator) any() *sample {
	n := len(g.values)
	if g.IntN(3) > 0 {
		return g.values[n-1-g.IntN(min(n, 2))]
	}
	return g.values[g.IntN(n)]
}

// constant enters a tensor as an initializer or a Constant node.
func (g *generator) constant(x *reference.Tensor) *sample {
	s := &sample{name: g.name("c"), x: [2]*reference.Tensor{x, x}, constant: true}
	t, err := x.Graph(s.name)
	if err != nil {
		panic(err)
	}
	if g.IntN(3) > 0 {
		g.m.Graph.Initializers = append(g.m.Graph.Initializers, t)
	} else {
		g.m.Graph.Nodes = append(g.m.Graph.Nodes, &graph.Node{OpType: "Constant", Outputs: []string{s.name}, Attrs: []*graph.Attr{graph.TensorAttr("value", t)}})
	}
	return s
}

func (g *generator) number(v float64) *sample {
	var shape []int
	if g.IntN(3) == 0 {
		shape = []int{1}
	}
	return g.constant(reference.FromFloat64s(graph.Float, shape, []float64{float64(float32(v))}))
}

func (g *generator) ints(v ...int) *sample {
	x := reference.FromInt64s(graph.Int64, []int{len(v)}, ir.ToInt64s(v))
	return g.constant(x)
}

func (g *generator) scalarInt(v int) *sample {
	return g.constant(reference.FromInt64s(graph.Int64, nil, []int64{int64(v)}))
}

// try adds a node of one result if the reference can compute it, and gives the result, else
// nil.
func (g *generator) try(op string, in []*sample, attrs ...*graph.Attr) *sample {
	if slices.Contains(in, nil) {
		return nil
	}
	s := &sample{name: g.name("v")}
	n := &graph.Node{OpType: op, Outputs: []string{s.name}, Attrs: attrs}
	for _, v := range in {
		n.Inputs = append(n.Inputs, v.name)
	}
	if g.IntN(2) == 0 {
		n.Name = s.name
	}
	if g.m.Opset("") < 7 && len(in) == 2 && slices.Contains([]string{"Add", "Sub", "Mul", "Div"}, op) && !slices.Equal(in[0].shape(), in[1].shape()) {
		n.Attrs = append(n.Attrs, graph.IntAttr("broadcast", 1))
		if g.IntN(3) == 0 {
			n.Attrs = append(n.Attrs, graph.IntAttr("axis", int64(g.IntN(3))))
		}
	}
	for p := range sampled {
		var x []*reference.Tensor
		for _, v := range in {
			x = append(x, v.x[p])
		}
		out, err := reference.Eval(n, g.m.Opset(""), x)
		if err != nil || !tame(out[0]) {
			return nil
		}
		s.x[p] = out[0]
	}
	g.m.Graph.Nodes = append(g.m.Graph.Nodes, n)
	return s
}

// tame reports whether a tensor is small and so are its numbers.
func tame(t *reference.Tensor) bool {
	return t.Len() <= 1<<12 && !slices.ContainsFunc(t.Floats, func(v float64) bool { return !(math.Abs(v) < rewritetest.Largest) })
}

// put is try whose result later nodes may read.
func (g *generator) put(op string, in []*sample, attrs ...*graph.Attr) *sample {
	s := g.try(op, in, attrs...)
	if s != nil && s.x[0].Floats != nil && len(s.shape()) > 0 {
		g.values = append(g.values, s)
	}
	return s
}

// with is put of an operator that took a list as an attribute before an opset.
func (g *generator) with(op string, since int64, x *sample, name string, list []int, attrs ...*graph.Attr) *sample {
	if g.m.Opset("") < since {
		return g.put(op, []*sample{x}, append(attrs, graph.IntsAttr(name, ir.ToInt64s(list)...))...)
	}
	return g.put(op, []*sample{x, g.ints(list...)}, attrs...)
}

// like makes a constant that may be brought to the shape of x: some of its axes are 1, or
// left away in front.
func (g *generator) like(x *sample) *sample {
	shape := slices.Clone(x.shape())
	keep := g.IntN(4)
	for i := range shape {
		if x.follows(i) || keep == 0 || keep == 1 && i != 1 || keep == 2 && i != len(shape)-1 {
			shape[i] = 1
		}
	}
	for len(shape) > 0 && shape[0] == 1 && g.IntN(2) == 0 {
		shape = shape[1:]
	}
	if g.IntN(8) == 0 { // wider
		if i := g.IntN(len(shape) + 1); i < len(shape) && shape[i] == 1 {
			shape[i] = 2
		}
	}
	return g.constant(g.tensor(shape))
}

// either is the two operands in either order.
func (g *generator) either(a, b *sample) []*sample {
	if g.IntN(2) == 0 {
		return []*sample{b, a}
	}
	return []*sample{a, b}
}
