package fuse

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/canonical"
)

// clipOfRelu: what is cut off at 0 need not be cut off there before.
func clipOfRelu(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) < 2 || !f.IsScalar(n.Inputs[1], 0) {
		return false
	}
	relu := f.inner(n.Inputs[0], "Relu")
	if relu == nil {
		return false
	}
	c := f.CopyOf(n)
	c.Inputs[0] = relu.Inputs[0]
	f.replace(c, n, relu)
	return true
}

// boundless leaves the bounds of a Clip out that are none.
func boundless(f *fuser, n *graph.Node) bool {
	for k := 1; k < len(n.Inputs); k++ {
		if n.Inputs[k] != "" && canonical.Unbounded(f.Graph, n, k) {
			c := f.CopyOf(n)
			c.Inputs[k] = ""
			f.replace(c, n)
			return true
		}
	}
	return false
}
