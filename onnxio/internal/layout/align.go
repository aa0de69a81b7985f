package layout

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// leadOf is the operand of a broadcasting node that has most elements: the others are
// brought to its order.
func (l *layouter) leadOf(n *graph.Node) (lead axisMap, found bool) {
	most := 0
	for _, in := range n.Inputs {
		v, ok := l.maps[in]
		if !ok {
			continue
		}
		if have := product(v.parts)[0]; !found || have > most {
			lead, most, found = v, have, true
		}
	}
	return lead, found
}

// aligned gives a value the order of another beside which it stands, if that only puts axes
// of one element in or takes them out: the factors (N, 1, 1, C) of a map that the cleaned
// graph has as (N, C, H, W) are (N, C, 1, 1).
func (l *layouter) aligned(v, lead axisMap) (axisMap, bool) {
	if len(v.axes) != len(lead.axes) || !slices.IsSorted(v.order()) {
		return v, false
	}
	parts := slices.Repeat([]ir.Size{ir.Unit}, len(lead.parts))
	have, want := v.shape(), lead.shape()
	for i, axis := range lead.axes {
		switch have[i] {
		case ir.Unit:
		case want[i]:
			for _, p := range axis {
				parts[p] = lead.parts[p]
			}
		default:
			return v, false
		}
	}
	u := lead.over(v.name, parts)
	if !slices.IsSorted(u.order()) || !u.wholeGroups(lead) {
		return v, false
	}
	if slices.Equal(u.stored(), v.stored()) {
		u.moves = v.moves
		return u, true
	}
	key := fmt.Sprint(v.name, u.parts, u.groups)
	if l.shuffled[key] == "" {
		var file *graph.Node
		if moves := *v.moves; len(moves) > 0 {
			file = moves[len(moves)-1]
		}
		l.shuffled[key] = l.reshape(v.name, u.stored(), file)
	}
	u.name = l.shuffled[key]
	return u, true
}

// wholeGroups reports whether each axis of the cleaned value has all elements of that of
// another, or one: in an axis that joins parts there is no broadcasting along some of them.
func (v axisMap) wholeGroups(lead axisMap) bool {
	have, want := v.stored(), lead.stored()
	for a, s := range have {
		if s != want[a] && s != ir.Unit {
			return false
		}
	}
	return true
}
