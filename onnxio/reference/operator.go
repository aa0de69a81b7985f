package reference

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// operator is what there is to know of an operator: how it is computed, and what that is
// estimated to take. It gathers what stands in the tables of op, of gives.go, scratch.go and
// work.go, so that a node looks it up once.
type operator struct {
	run     op
	gives   func(c *call) float64                // elements of the results; nil if that is what is read
	scratch func(c *call, gives float64) float64 // elements beside; nil if they are copies
	copies  float64                              // of what is read or given
	work    func(c *call) float64                // nil if it is each for each element
	each    float64                              // operations for an element
}

// newOperator looks an operator up in the tables.
func newOperator(name string, run op) *operator {
	o := &operator{run: run, scratch: scratches[name], copies: 1, work: works[name], each: computed}
	if times, known := copies[name]; known {
		o.copies = times
	}
	if moving[name] {
		o.each = moved
	}
	switch {
	case shared[name]:
		o.gives, o.copies, o.each = func(*call) float64 { return 0 }, 0, 0
	case estimates[name] != nil:
		o.gives = estimates[name]
	case spatial[name]:
		o.gives = (*call).slides
	case broadcasting[name]:
		o.gives = func(c *call) float64 { return elements(broadcastOf(c.shapes()...)) }
	}
	return o
}

// nodeOperators are the operators of a model's nodes, all of which can be evaluated.
type nodeOperators map[*graph.Node]*operator

// operator is that of the call's node.
func (c *call) operator() *operator {
	if c.known == nil {
		c.known = ops[c.node.OpType]
	}
	return c.known
}
