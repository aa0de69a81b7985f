package engine

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// NonFinite names the first node of the file that gives NaN or an infinity for sample i of a data
// set, "" if there is none or the engine does not show it.
func (c *Classifier) NonFinite(data nn.Samples, i int) (string, error) {
	session, size := c.session, 1
	if p, fixed := session.(*pieces); fixed {
		session, size = p.Session, int(min(p.size, maxPiece))
	}
	s, ok := session.(*evaluation)
	if !ok {
		return "", nil
	}
	x, err := batchFrom(c.Input(data), i, 1)
	if err != nil {
		return "", err
	}
	if x, err = c.Order.ToFile(x); err != nil {
		return "", err
	}
	if size > 1 {
		x = cut(x, 0, size)
	}
	in, err := toReferences(map[string]*nn.Tensor{c.input: x}, s.types)
	if err != nil {
		return "", err
	}
	first := ""
	_, err = s.evaluator.Within(s.ctx, s.limits.ForSamples(size)).Observe(in, func(name string, v *reference.Tensor) {
		if first != "" {
			return
		}
		if at := slices.IndexFunc(v.Floats, func(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) }); at >= 0 {
			first = fmt.Sprintf("%s is the first whose output is not finite: %q has %v", makerOf(c.graph, name), name, v.Floats[at])
		}
	})
	return first, err
}

// makerOf names the node that gives a value.
func makerOf(g *graph.Graph, name string) string {
	for _, n := range g.Nodes {
		if slices.Contains(n.Outputs, name) {
			return n.Label()
		}
	}
	return "a node inside another"
}
