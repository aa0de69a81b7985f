package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Eval computes one node from its inputs: nil stands for one that is left out. opset is
// the version of the node's domain. The node must not hold graphs that read values from
// around it.
func Eval(n *graph.Node, opset int64, in []*Tensor) ([]*Tensor, error) {
	return eval(&call{node: n, opset: opset, in: in})
}

func eval(c *call) ([]*Tensor, error) {
	n := c.node
	f := ops[n.OpType]
	if f == nil || n.Domain != "" && n.Domain != "ai.onnx" {
		return nil, fmt.Errorf("%s: %w", n.Label(), unknown(n))
	}
	out, err := f(c)
	if err == nil && len(out) < len(n.Outputs) {
		err = fmt.Errorf("it has %d outputs, the operator gives %d", len(n.Outputs), len(out))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.Label(), err)
	}
	return out, nil
}

// unknown says that an operator cannot be evaluated.
func unknown(n *graph.Node) error {
	if n.Domain != "" && n.Domain != "ai.onnx" {
		return fmt.Errorf("operator %s of domain %q is not known", n.OpType, n.Domain)
	}
	return fmt.Errorf("operator %s is not known", n.OpType)
}
