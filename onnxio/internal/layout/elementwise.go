package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// layElementwise: one operand, all others constants of one number.
func layElementwise(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok {
		return false
	}
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	for k, in := range n.Inputs[1:] {
		u, computed := l.maps[in]
		if computed && n.OpType != "CastLike" {
			return false
		}
		if computed { // only its type counts
			c.Inputs[1+k] = u.name
		}
	}
	l.result(n, c, v, v.parts, v)
	return true
}

// layBroadcast: all computed operands lie alike; constants are brought to the same order.
func layBroadcast(l *layouter, n *graph.Node) bool {
	shape := l.Sizes(n.Outputs[0])
	lead, found := l.leadOf(n)
	if !found {
		return false
	}
	var operands []axisMap
	names := slices.Clone(n.Inputs)
	for k, in := range n.Inputs {
		v, ok := l.maps[in]
		if !ok {
			continue
		}
		if len(v.axes) != len(shape) {
			return false
		}
		if !v.sameOrder(lead) {
			if v, ok = l.aligned(v, lead); !ok {
				return false
			}
		}
		operands, names[k] = append(operands, v), v.name
	}
	parts := widest(operands)
	whole := lead.over("", parts)
	if !slices.Equal(whole.shape(), shape) {
		return false // constants widen the result
	}
	c := l.CopyOf(n)
	for k, in := range c.Inputs {
		if _, ok := l.maps[in]; ok {
			c.Inputs[k] = names[k]
		} else if in != "" {
			name, ok := l.arranged(in, whole)
			if !ok {
				return false
			}
			c.Inputs[k] = name
		}
	}
	l.result(n, c, lead, parts, operands...)
	return true
}

// widest are the parts of a result of operands that are brought to one shape.
func widest(operands []axisMap) []ir.Size {
	parts := slices.Clone(operands[0].parts)
	for _, v := range operands[1:] {
		for i, s := range v.parts {
			if parts[i] == ir.Unit {
				parts[i] = s
			}
		}
	}
	return parts
}
