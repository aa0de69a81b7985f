// Package engine is one small interface behind which the ways to run an ONNX model
// stand, so that their answers can be held against each other.
//
// Two engines are here: Gonn, the kernels of package nn, and Reference, the float64
// evaluator. Those that bring other people's code are packages of their own, which only
// a program that wants them imports: engine/gorgonia (onnx-go and Gorgonia) and
// engine/ort (ONNX Runtime). Engines are values; there is no list of them here.
package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Engine is a way to run ONNX models.
type Engine interface {
	// Name is what the engine is called on the command line: "gonn", "reference".
	Name() string
	// Open prepares a model. Until the session is closed the model must not change. What
	// the engine cannot run is an error that names the nodes or layers.
	Open(m *graph.Model) (Session, error)
}

// Session is a model made ready by an engine. One goroutine may use it at a time. What
// more an engine can do is an interface of its own that its sessions may have, such as
// Differentiator.
type Session interface {
	// Run computes the model's outputs from its inputs, both by their names in the model,
	// with the batch axis as in the model. It does not change the inputs, and the results
	// are the caller's.
	Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error)
	// Close gives back what the session holds outside Go's memory.
	Close() error
}

// Concurrent is a session that several goroutines may use at once.
type Concurrent interface {
	Session
	// Concurrent does nothing: it is the promise.
	Concurrent()
}

// Differentiator is a session that also differentiates.
type Differentiator interface {
	Session
	// Gradients gives, for the model's outputs y and tensors dy of their shapes, the
	// gradient of Σ dy·y with respect to each trainable parameter, at the given inputs and
	// as the model infers. Parameters go by the names and shapes that they have in the
	// network which onnxio.Import recovers: "conv1.weight".
	Gradients(inputs, dy map[string]*nn.Tensor) (map[string]*nn.Tensor, error)
}

// only picks the one tensor that there must be, which has the given name. what says in
// errors what it is.
func only(tensors map[string]*nn.Tensor, what, name string) (*nn.Tensor, error) {
	t := tensors[name]
	if t == nil || len(tensors) != 1 {
		return nil, fmt.Errorf("the model has one %s, %q, and got %s", what, name, quoted(tensors))
	}
	return t, nil
}

// whole is an error if a tensor does not hold what its shape says.
func whole(x *nn.Tensor) error {
	if n := nn.Shape(x.Shape).Size(); n != len(x.Data) {
		return fmt.Errorf("a tensor of shape %v with %d values", nn.Shape(x.Shape), len(x.Data))
	}
	return nil
}

// quoted lists the names of tensors.
func quoted(tensors map[string]*nn.Tensor) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		names = append(names, fmt.Sprintf("%q", name))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
