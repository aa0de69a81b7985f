package reference

import (
	"fmt"
	"math"

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
	err   error     // the first attribute that is not as it must be

	// For graphs inside the node: the values around it, which may be nil, and the
	// versions of the domains.
	scope  *scope
	opsets func(domain string) int64

	meter *Meter    // nil in tests of loops
	known *operator // of the node, nil until it is looked up
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

// inputs are the first n inputs, which must be there.
func (c *call) inputs(n int) ([]*Tensor, error) {
	for k := range n {
		if _, err := c.input(k); err != nil {
			return nil, err
		}
	}
	return c.in[:n], nil
}

// int is the value of an INT attribute, def if the node has none of that name. Like the
// other readers of attributes it keeps an error in the call, and eval reports it, so that
// operators need not look at each.
func (c *call) int(name string, def int) int {
	v, err := c.node.Int(name, int64(def))
	c.fail(err)
	if v != int64(int(v)) || v == math.MinInt64 { // −v must be possible
		c.fail(fmt.Errorf("attribute %q is %d", name, v))
	}
	return int(v)
}

// flag is an INT attribute that says yes or no.
func (c *call) flag(name string, def bool) bool {
	n := 0
	if def {
		n = 1
	}
	v := c.int(name, n)
	if v != 0 && v != 1 {
		c.fail(fmt.Errorf("attribute %q is %d, it must be 0 or 1", name, v))
	}
	return v == 1
}

// ints is the value of an INTS attribute, nil if there is none or it has no numbers.
func (c *call) ints(name string) []int {
	v, err := c.node.Ints(name, nil)
	c.fail(err)
	if len(v) == 0 {
		return nil
	}
	return toInts(v)
}

// float is the value of a FLOAT attribute.
func (c *call) float(name string, def float32) float64 {
	v, err := c.node.Float(name, def)
	c.fail(err)
	return float64(v)
}

// string is the value of a STRING attribute, which must be one of those allowed; the
// first is the default.
func (c *call) string(name string, allowed ...string) string {
	v, err := c.node.String(name, allowed[0])
	c.fail(err)
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	c.fail(fmt.Errorf("attribute %q is %q, it must be one of %q", name, v, allowed))
	return allowed[0]
}

// list gives integers of input k, such as axes or sizes; nil if it is left out.
func (c *call) list(k int) []int {
	t := c.optional(k)
	if t == nil {
		return nil
	}
	v, err := t.integers()
	c.fail(err)
	return v
}

// listAt is list of an input that was an attribute before the opset since.
func (c *call) listAt(name string, since int64, k int) []int {
	if c.opset < since {
		return c.ints(name)
	}
	return c.list(k)
}

// has reports whether the node has an attribute.
func (c *call) has(name string) bool { return c.node.Attr(name) != nil }

// fail keeps the first error.
func (c *call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// one wraps the result of an operator that has one.
func one(t *Tensor, err error) ([]*Tensor, error) {
	if err != nil {
		return nil, err
	}
	return []*Tensor{t}, nil
}
