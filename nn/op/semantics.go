package op

import "fmt"

// Semantics names the framework whose convention is meant wherever PyTorch and
// Keras compute different things under one name.
type Semantics int

const (
	PyTorch Semantics = iota // torch.nn, torch.optim
	Keras                    // keras.layers, keras.losses, keras.optimizers
)

// String is "pytorch" or "keras".
func (s Semantics) String() string {
	if s == Keras {
		return "keras"
	}
	return "pytorch"
}

// ParseSemantics is the inverse of String.
func ParseSemantics(name string) (Semantics, error) {
	for _, s := range []Semantics{PyTorch, Keras} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown semantics %q: choose pytorch or keras", name)
}

// SemanticLayer is a layer that trains differently in PyTorch and in Keras.
type SemanticLayer interface {
	Layer
	// WithSemantics returns the layer as a framework trains it.
	WithSemantics(s Semantics) Layer
	// TrainsAs returns the framework that it trains like; false if for this layer, as it is
	// set, there is no difference.
	TrainsAs() (Semantics, bool)
}

// WithSemantics returns a layer that trains as in a framework: the derivative of activations
// at a kink, the running variance of BatchNorm. ONNX files do not say. Layers that train
// the same in both stay as they are.
func WithSemantics(l Layer, s Semantics) Layer {
	if l, ok := l.(SemanticLayer); ok {
		return l.WithSemantics(s)
	}
	return l
}

// SemanticsOf returns the framework that a layer trains like; false if there is no
// difference.
func SemanticsOf(l Layer) (Semantics, bool) {
	if l, ok := l.(SemanticLayer); ok {
		return l.TrainsAs()
	}
	return 0, false
}
