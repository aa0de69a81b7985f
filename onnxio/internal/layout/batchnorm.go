package layout

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// layBatchNorm: the channels are axis 1 of both values, or its features in another order,
// which the constants then follow.
func layBatchNorm(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok || len(v.axes) < 2 || len(n.Outputs) != 1 {
		return false
	}
	index, flat := v.features(int(l.Len(n.Inputs[1])))
	if !flat && !v.plain() && !v.channelsSecond() {
		return false
	}
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	for k := 1; k < len(n.Inputs) && index != nil; k++ {
		if l.Consts[n.Inputs[k]] == nil {
			return false
		}
		if c.Inputs[k], ok = l.taken(n.Inputs[k], 0, index); !ok {
			return false
		}
	}
	l.result(n, c, v, v.parts, v)
	return true
}
