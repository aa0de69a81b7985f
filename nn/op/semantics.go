package op

import "fmt"

// Semantics chooses a framework's convention where PyTorch and Keras compute different
// things under the same name.
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
	// WithSemantics returns the layer with the semantics of a framework.
	WithSemantics(s Semantics) Layer
	// TrainsAs returns the layer's semantics; false if the frameworks do not differ for a
	// layer of these settings.
	TrainsAs() (Semantics, bool)
}

// WithSemantics returns the layer with the semantics of a framework, which decides the
// derivative of activations at a kink and the running variance of BatchNorm. ONNX files do
// not store it. Layers that train the same in both frameworks are returned unchanged.
func WithSemantics(l Layer, s Semantics) Layer {
	if l, ok := l.(SemanticLayer); ok {
		return l.WithSemantics(s)
	}
	return l
}

// SemanticsOf returns the semantics of a layer; false if the frameworks do not differ for it.
func SemanticsOf(l Layer) (Semantics, bool) {
	if l, ok := l.(SemanticLayer); ok {
		return l.TrainsAs()
	}
	return 0, false
}
