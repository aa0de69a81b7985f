package gorgonia

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// walk computes nodes of a Gorgonia graph with Gorgonia's operators, in this goroutine.
// Gorgonia's own machines start one of theirs, where a panic cannot be caught and ends the
// program.
type walk struct {
	graph  *gorgonia.ExprGraph
	values map[*gorgonia.Node]gorgonia.Value
}

// value computes a node and those that it reads, each once.
func (w *walk) value(n *gorgonia.Node) (gorgonia.Value, error) {
	if v := w.values[n]; v != nil {
		return v, nil
	}
	v := n.Value() // of inputs and constants
	if n.Op() != nil && v == nil {
		var operands []gorgonia.Value
		for from := w.graph.From(n.ID()); from.Next(); {
			x, err := w.value(from.Node().(*gorgonia.Node))
			if err != nil {
				return nil, err
			}
			operands = append(operands, x)
		}
		var err error
		if v, err = n.Op().Do(operands...); err != nil {
			return nil, fmt.Errorf("%v: %w", n.Op(), err)
		}
	}
	if v == nil {
		return nil, fmt.Errorf("node %q has no value", n.Name())
	}
	w.values[n] = v
	return v, nil
}
