package ir

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Constants are the values that are known, and what each was made of.
type Constants struct {
	Consts map[string]*graph.Tensor
	Roots  map[string][]string // the file's initializers that one was computed from, at most 16

	ComputedBy map[string]*graph.Node // the node that gave one that was folded
	Origin     map[string]string      // the constant whose elements one has in another shape or order
	Orders     map[string]Order       // how it was brought into that order, if it was one
}

// Order makes a constant of the elements of another.
type Order func(t *reference.Tensor) (*reference.Tensor, error)

func newConstants(file []*graph.Tensor) Constants {
	c := Constants{map[string]*graph.Tensor{}, map[string][]string{}, map[string]*graph.Node{}, map[string]string{}, map[string]Order{}}
	for _, t := range file {
		c.Consts[t.Name] = t
		c.Roots[t.Name] = []string{t.Name}
	}
	return c
}

func (c *Constants) clone() Constants {
	return Constants{maps.Clone(c.Consts), maps.Clone(c.Roots), maps.Clone(c.ComputedBy), maps.Clone(c.Origin), maps.Clone(c.Orders)}
}

// mostRoots bounds the initializers that are told of a constant: one that sums up a file
// has as many as the file.
const mostRoots = 16

// addRoots says that a constant was computed from another.
func (c *Constants) addRoots(name, from string) {
	for _, r := range c.Roots[from] {
		if len(c.Roots[name]) < mostRoots && !slices.Contains(c.Roots[name], r) {
			c.Roots[name] = append(c.Roots[name], r)
		}
	}
}

// Len is the number of elements of a constant, 0 if there is none of that name.
func (c *Constants) Len(name string) int64 {
	t := c.Consts[name]
	if t == nil {
		return 0
	}
	n, _ := t.Len()
	return int64(n)
}

// Scalar is a constant of one number.
func (c *Constants) Scalar(name string) (v float64, ok bool) {
	t := c.Consts[name]
	if t == nil {
		return 0, false
	}
	if n, err := t.Len(); err != nil || n != 1 {
		return 0, false
	}
	f, err := t.Float32s()
	if err != nil {
		return 0, false
	}
	return float64(f[0]), true
}

// IsScalar reports whether a value is a constant of one number that is v.
func (c *Constants) IsScalar(value string, v float64) bool {
	got, ok := c.Scalar(value)
	return ok && got == v
}

// Floats are the elements of a constant, nil if it is none or not of numbers.
func (c *Constants) Floats(name string) []float64 {
	t := c.Consts[name]
	if t == nil {
		return nil
	}
	v, err := t.Float64s()
	if err != nil {
		return nil
	}
	return v
}

// AddConstant enters a constant that comes from others, under a name like the given one,
// and gives its name.
func (g *Graph) AddConstant(t *graph.Tensor, name string, others ...string) string {
	name = g.Unique(name)
	t.Name = name
	g.Consts[name] = t
	g.Facts[name] = ConstFact(t)
	for _, o := range others {
		g.addRoots(name, o)
	}
	return name
}

// AddComputed makes a result of a node a constant.
func (g *Graph) AddComputed(name string, t *graph.Tensor, n *graph.Node) {
	g.Consts[name] = t
	g.Facts[name] = ConstFact(t)
	g.ComputedBy[name] = n
	for _, in := range n.Inputs {
		g.addRoots(name, in)
	}
}

// AddInts enters a list of integers as a constant.
func (g *Graph) AddInts(name string, v ...int) string {
	return g.AddConstant(graph.Int64Tensor("", []int64{int64(len(v))}, ToInt64s(v)), name)
}

// AddShape enters a shape as a constant with -1 for the batch, under a name like that of the
// value.
func (g *Graph) AddShape(name string, shape []Size) string {
	to := make([]int, len(shape))
	free := -1
	for i, s := range shape {
		to[i] = s[0]
		if s[0] != s[1] || i == 0 && free < 0 { // the batch
			free = i
		}
	}
	if free >= 0 {
		to[free] = -1
	}
	return g.AddInts(name+".shape", to...)
}
