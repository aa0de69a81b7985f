package onnxio

import (
	"errors"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// What gonn wrote has to come back layer by layer as it was: nothing in it is cleaned, and
// what the nodes are called says which of them are one layer. That a file is such a one
// follows from what is in it. It is read so, and the network that this gives is written
// again: if the same nodes come out, it was. Whoever is named as its producer, files that
// tools have changed do not pass, and are read like all others.

// importWritten reads a model as gonn writes them; nil if it is none.
func importWritten(m *graph.Model) *Imported {
	if !namedAsWritten(m) {
		return nil
	}
	im, err := readWritten(m)
	if err != nil {
		return nil
	}
	again, err := export(im.Network, EncodeOptions{Opset: m.Opset("")}, false)
	if err != nil || !sameGraph(m, again) {
		return nil
	}
	return im
}

// readWritten recovers the network of a checked model that gonn has written.
func readWritten(m *graph.Model) (*Imported, error) {
	in, err := input(m)
	if err != nil {
		return nil, err
	}
	im := newImporter(provenanceOf(m, rewrite.Constants(m), true), floatRounding, m.Notes)
	im.noteBatch(in, nil)
	return im.read()
}

// namedAsWritten reports whether the values of a graph are called as gonn calls them, which
// is soon seen.
func namedAsWritten(m *graph.Model) bool {
	g := m.Graph
	if len(g.Inputs) != 1 || g.Inputs[0].Name != nn.InputName || len(g.Outputs) != 1 {
		return false
	}
	return !slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool {
		return n.Name == "" || len(n.Outputs) != 1 || n.Outputs[0] != n.Name && n.Outputs[0] != g.Outputs[0].Name
	})
}

// sameGraph reports whether two models compute the same by the same nodes, but for the
// values of their initializers.
func sameGraph(a, b *graph.Model) bool {
	sameOutput := slices.EqualFunc(a.Graph.Outputs, b.Graph.Outputs, func(x, y *graph.Value) bool {
		return x.Name == y.Name && x.Type == y.Type
	})
	return sameOutput && importsAll(a, b) && slices.EqualFunc(a.Graph.Nodes, b.Graph.Nodes, func(x, y *graph.Node) bool {
		return x.Name == y.Name && x.Operator() == y.Operator() && slices.Equal(x.Inputs, y.Inputs) &&
			slices.Equal(x.Outputs, y.Outputs) && sameAttrs(x, y)
	})
}

// importsAll reports whether a model imports all domains that another does, of their versions.
func importsAll(m, other *graph.Model) bool {
	return !slices.ContainsFunc(other.Opsets, func(o graph.Opset) bool { return m.Opset(o.Domain) != o.Version })
}

// sameAttrs reports whether two nodes have the same settings.
func sameAttrs(a, b *graph.Node) bool {
	return len(a.Attrs) == len(b.Attrs) && !slices.ContainsFunc(a.Attrs, func(x *graph.Attr) bool {
		y := b.Attr(x.Name)
		return y == nil || !sameValue(x.Value, y.Value)
	})
}

// sameValue compares two settings of the kinds that gonn writes.
func sameValue(a, b any) bool {
	switch x := a.(type) {
	case float32:
		y, ok := b.(float32)
		return ok && math.Float32bits(x) == math.Float32bits(y)
	case int64, string:
		return a == b
	case []int64:
		y, ok := b.([]int64)
		return ok && slices.Equal(x, y)
	case *graph.Tensor:
		y, ok := b.(*graph.Tensor)
		return ok && sameTensor(x, y)
	}
	return false
}

func sameTensor(a, b *graph.Tensor) bool {
	if a.Type != b.Type || !slices.Equal(a.Dims, b.Dims) {
		return false
	}
	if a.Type == graph.Float {
		x, err1 := a.Float32s()
		y, err2 := b.Float32s()
		return errors.Join(err1, err2) == nil && firstDifference(x, y) < 0
	}
	x, err1 := a.Int64s()
	y, err2 := b.Int64s()
	return errors.Join(err1, err2) == nil && slices.Equal(x, y)
}
