package cause

import (
	"fmt"
	"math"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// Case is a network under test and what a reference computed for the same batch.
type Case struct {
	// Net is the network under test. It is not changed.
	Net *nn.Network
	// Inputs are the batch by input name, of shape (N, …) in the network's axes.
	Inputs map[string]*nn.Tensor
	// Want are the reference's values by layer name of Net, in the network's axes. Those of the
	// outputs are needed. Others may have another shape than the layer.
	Want map[string]*nn.Tensor
	// Behind: the layers give what the reference has for them, and only what it computes behind
	// the outputs is looked for.
	Behind bool
	// Unplaced are values of the reference that belong to no layer of Net.
	Unplaced []Tensor
	// Error is the share of the tolerance that the worst element uses: at most 1 passes. It may
	// be NaN or infinite. It is called concurrently, with tensors of equal shapes.
	Error func(got, want *nn.Tensor) float64
	// Budget is the time after which no more corrections are tried; 0 means 8 s.
	Budget time.Duration
	// Progress, if not nil, is called after each layer with the number of layers done and to do.
	Progress func(done, total int)
}

// Tensor is a value of the reference by the reference's name.
type Tensor struct {
	Name string
	*nn.Tensor
}

// Finding is the result of a search.
type Finding struct {
	// Cause is nil if none is named.
	Cause *Cause
	// FirstWrong is the first layer that is wrong by itself, "" if that is not known.
	FirstWrong string
	// Before is the error of the outputs.
	Before float64
	// Tried counts corrections by kind.
	Tried map[string]int
	// Exhausted is set if the budget ended before all corrections were tried.
	Exhausted bool
}

// Cause is a correction that makes the network agree with the reference.
type Cause struct {
	// Kind is a stable identifier, one of Kinds.
	Kind string
	// Text is one sentence.
	Text string
	// Layer is the layer of the network, or the input, or a layer of the reference that the
	// network lacks.
	Layer string
	// Before and After are the errors of the outputs, in units of Case.Error. After is that of
	// the corrected network.
	Before, After float64
	// Uncorrected is set if the file does not have the numbers for the correction, such as
	// weights that were rounded. Then After is the error if the layer gives the reference's
	// output, or 0 if that is not known.
	Uncorrected bool
}

// batch is a set of values by name of layer or input, each of shape (N, …).
type batch map[string]*nn.Tensor

// check returns an error for a case that cannot be searched.
func (c *Case) check() error {
	if c.Net == nil || c.Error == nil {
		return fmt.Errorf("cause: the case needs a network and an Error function")
	}
	n := -1
	for _, p := range c.Net.Inputs() {
		x := c.Inputs[p.Name]
		if !isBatch(x) || !p.Shape.Equal(x.Shape[1:]) {
			return fmt.Errorf("cause: input %q: need a batch of shape %s", p.Name, p.Shape.Batched())
		}
		if n >= 0 && x.Shape[0] != n {
			return fmt.Errorf("cause: input %q has %d samples, another one %d", p.Name, x.Shape[0], n)
		}
		n = x.Shape[0]
	}
	if n == 0 {
		return fmt.Errorf("cause: the batch is empty")
	}
	for _, p := range c.Net.Outputs() {
		if w := c.Want[p.Name]; !isBatch(w) || w.Shape[0] != n {
			return fmt.Errorf("cause: output %q: need the reference's value for %d samples", p.Name, n)
		}
	}
	return nil
}

// isBatch reports whether a tensor holds samples.
func isBatch(t *nn.Tensor) bool {
	if t == nil || len(t.Shape) < 2 {
		return false
	}
	size := 1
	for _, d := range t.Shape {
		if d < 0 {
			return false
		}
		size *= d
	}
	return size == len(t.Data)
}

// errorOf is Case.Error, and infinite for NaN and for other shapes.
func (c *Case) errorOf(got, want *nn.Tensor) float64 {
	if got == nil || want == nil || !nn.Shape(got.Shape).Equal(want.Shape) || len(got.Data) == 0 {
		return math.Inf(1)
	}
	if e := c.Error(got, want); !math.IsNaN(e) {
		return e
	}
	return math.Inf(1)
}
