package nn

import "fmt"

// Semantics names the framework whose convention is meant wherever PyTorch and
// Keras compute different things under one name.
type Semantics int

const (
	PyTorch Semantics = iota
	Keras
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
