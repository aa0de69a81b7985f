package parity

import (
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// Verdict says how a layer compares with its reference.
type Verdict string

const (
	// Equal: fed the reference's own inputs the layer gives what the reference gives.
	Equal Verdict = "equal"
	// Wrong: it does not.
	Wrong Verdict = "wrong"
	// Missing: the reference has a layer here, and the network has none.
	Missing Verdict = "missing"
	// NotRecorded: the reference has no value for the layer.
	NotRecorded Verdict = "not recorded"
)

// Layer is how one layer compares with its reference.
type Layer struct {
	Layer string   `json:"layer"` // in the network
	Kind  string   `json:"kind"`
	Shape nn.Shape `json:"shape"` // of a sample
	// Inputs are the layers, or inputs of the network, that it reads. Of a layer that is
	// missing it is the one behind which it stands.
	Inputs []string `json:"inputs"`
	Value  string   `json:"value,omitempty"` // in the file
	Nodes  []string `json:"nodes"`           // of the file, by their names
	// Reference is the reference's own name of the value, "" if it has none.
	Reference string  `json:"reference,omitempty"`
	Verdict   Verdict `json:"verdict"`
	Note      string  `json:"note,omitempty"` // on the verdict
	// Guessed: only its order or its shape say that the reference's value is this layer's, so
	// that it may be right. Those behind it are fed what it gives.
	Guessed bool `json:"guessed,omitempty"`
	// Training: the reference's value is what the layer gives in training mode.
	Training bool `json:"training,omitempty"`
	// Isolated compares what the layer gives when it is fed the reference's inputs,
	// Accumulated what it gives behind all layers in front of it. Both are nil without a
	// value of the reference.
	Isolated    *Errors `json:"isolated,omitempty"`
	Accumulated *Errors `json:"accumulated,omitempty"`
	// Truth tells how far both sides are from the file's value in float64.
	Truth *Truth `json:"truth,omitempty"`
	// Took is how long it took to run and compare it.
	Took time.Duration `json:"-"`

	weighs  bool     // it has parameters
	misfit  nn.Shape // of the reference's value, if the layer gives another shape
	refuted bool     // what was recorded for it cannot be: a layer behind it is right without
}

// Errors is how one tensor compares with another, and how the errors are spread.
type Errors struct {
	Result
	Distribution
	// Map is where the errors lie; nil unless Options.Maps asks for it.
	Map *ErrorMap `json:"-"`
}

// Truth is the largest error of each side against float64, relative to the largest value.
type Truth struct {
	Own Number `json:"own"` // of gonn's kernels
	// Reference is that of the recorded value; nil without one.
	Reference *Number `json:"reference,omitempty"`
}

// Nearer names the side that is nearer to the truth: "gonn", "reference" or "".
func (t *Truth) Nearer() string {
	switch {
	case t == nil || t.Reference == nil || t.Own == *t.Reference:
		return ""
	case t.Own < *t.Reference:
		return "gonn"
	}
	return "reference"
}

// errorsOf holds got against want, which have the same shape.
func errorsOf(name string, got, want *nn.Tensor, t Tolerance) (*Errors, error) {
	r, err := Tensors(name, got, want, t)
	if err != nil {
		return nil, err
	}
	return &Errors{Result: r, Distribution: DistributionOf(got, want)}, nil
}
