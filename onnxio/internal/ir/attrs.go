package ir

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// SetAttr gives a node that a pass made a setting, in the place of one of that name.
func SetAttr(n *graph.Node, a *graph.Attr) {
	UnsetAttr(n, a.Name)
	n.Attrs = append(n.Attrs, a)
}

// UnsetAttr takes settings away from a node that a pass made.
func UnsetAttr(n *graph.Node, names ...string) {
	n.Attrs = slices.DeleteFunc(n.Attrs, func(a *graph.Attr) bool { return slices.Contains(names, a.Name) })
}
