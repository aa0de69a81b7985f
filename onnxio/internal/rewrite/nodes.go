package rewrite

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// Readable reports whether all that a node says is known: it can be computed as the
// operator's definition says.
func Readable(n *graph.Node) bool { return schema.Readable(n) }

// Elementwise reports whether an operator's result depends, element by element, on the
// operands brought to one shape.
func Elementwise(op string) bool { return schema.Elementwise(op) }

// Broadcast is the shape that two shapes are brought to; nil if they do not fit or one
// is not known.
func Broadcast(a, b []int) []int { return shapeinfer.Broadcast(a, b) }

// WhyNotUpgraded says why a node could not be brought to the form of today, "" if it has been.
func WhyNotUpgraded(n *graph.Node) string { return opset.WhyNotUpgraded(n) }
