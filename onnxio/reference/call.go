package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// op computes the results of one node. It must not change its inputs, but a result may
// share memory with one (as Identity's and Reshape's do).
type op func(c *call) ([]*Tensor, error)

// call is one use of an operator.
type call struct {
	node  *graph.Node
	opset int64     // version of the operator's domain
	in    []*Tensor // nil stands for an input that is left out
	scope *scope    // values around the node, for graphs inside it; may be nil
}

// input is input k, which must be there.
func (c *call) input(k int) (*Tensor, error) {
	if k >= len(c.in) || c.in[k] == nil {
		return nil, fmt.Errorf("input %d is missing", k)
	}
	return c.in[k], nil
}

// optional is input k, nil if it is left out.
func (c *call) optional(k int) *Tensor {
	if k >= len(c.in) {
		return nil
	}
	return c.in[k]
}

// one wraps the result of an operator that has one.
func one(t *Tensor, err error) ([]*Tensor, error) {
	if err != nil {
		return nil, err
	}
	return []*Tensor{t}, nil
}
