package numericmatch

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Matcher finds the activations that parts of one graph compute.
type Matcher struct {
	opset     int64
	consts    map[string]*graph.Tensor
	trainable func(constant string) bool
	columns   map[string]*column // constants brought to shapes
	steps     int                // what is left of those for evaluating parts
}

// maxElements bounds the elements of the constants of a part.
const maxElements = 1 << 24

// New returns a matcher for a graph of an opset with its constants. trainable reports whether a
// constant may be what a layer learns.
func New(opset int64, consts map[string]*graph.Tensor, trainable func(constant string) bool) *Matcher {
	m := &Matcher{opset: opset, consts: consts, trainable: trainable, columns: map[string]*column{}, steps: leastSteps}
	for _, t := range consts {
		if n, err := t.Len(); err == nil {
			m.steps += stepsPerElement * min(n, maxElements)
		}
	}
	return m
}

// Limit lowers the number of steps that are left to n.
func (m *Matcher) Limit(n int) { m.steps = min(m.steps, n) }

// Steps is the number of steps that are left; nothing is matched once it is not above 0.
func (m *Matcher) Steps() int { return m.steps }

// Part is a part of a graph that computes its result from one value, element by element.
type Part struct {
	Nodes []*graph.Node // in reverse order: the one that gives the result first
	X     string        // the value that goes in
	Dims  nn.Shape      // of all constants together, without the batch
	// Learned is the largest constant that a layer may learn, "" if there is none.
	Learned string
}

// Match is the activation that a part computes.
type Match struct {
	Func *activation.Func
	// Values are those of the parameter, one or one for each element of Part.Dims; nil if the
	// function has none.
	Values []float32
	// Param is the constant that holds a learned parameter, perhaps times a number; "" if
	// there is none.
	Param string
	// Factor is what the part's values are divided by those of the activation; 0 is 1.
	Factor float32
}
