package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
	"github.com/gonn-toolkit/gonn/onnxio/internal/fuse"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/layout"
)

// Clean runs all passes. The model is not changed; the result may share its tensors. A
// model with graphs inside its nodes, which only control flow has, is given back as it is.
func Clean(m *graph.Model) *Result { return CleanAs(m, nil) }

// CleanAs is Clean for a model of one input whose axes are to lie otherwise than in the
// file: as Result.Input says. nil leaves the choice to Clean, and so does an input that has
// not so many axes or whose sizes are not known.
func CleanAs(m *graph.Model, input []int) *Result { return Prepare(m).As(input) }

// Prepared is a model after the passes that do not depend on the order of the axes of its
// input.
type Prepared struct {
	g      *ir.Graph
	alias  map[string]string
	nested bool
}

// Prepare runs these passes. The model is not changed.
func Prepare(m *graph.Model) *Prepared {
	p := &Prepared{g: ir.New(m), nested: nested(m)}
	if p.nested {
		p.g.Target = p.g.Opset
	} else {
		p.alias = fold(p.g)
	}
	return p
}

// Fact is what is known of a value of the file.
func (p *Prepared) Fact(value string) ir.Fact { return p.g.Facts[value] }

// As runs the other passes: its result is that of CleanAs for the model. It may be called
// for several orders, but not by several goroutines at once.
func (p *Prepared) As(input []int) *Result {
	if p.nested {
		return resultOf(p.g.Clone(), nil, nil)
	}
	g, axes := layout.Run(p.g, input)
	fuse.Run(g)
	return resultOf(g, p.alias, axes)
}

// Constants only turns the nodes that hold constants into initializers.
func Constants(m *graph.Model) *Result {
	g := ir.New(m)
	g.Target = g.Opset
	g.Nodes = slices.DeleteFunc(slices.Clone(g.Nodes), func(n *graph.Node) bool {
		return n.OpType == "Constant" && constfold.Fold(g, n)
	})
	return resultOf(g, nil, nil)
}

func nested(m *graph.Model) bool {
	for _, n := range m.Graph.Nodes {
		for _, a := range n.Attrs {
			if a.Kind() == graph.KindGraph {
				return true
			}
		}
	}
	return false
}
