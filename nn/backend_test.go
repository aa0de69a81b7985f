package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// A CI job that asks for a backend fails without it.
func TestBackendIsTheOneAskedFor(t *testing.T) {
	name, err := nn.Backend()
	if err != nil || name == "" {
		t.Errorf("backend %q: %v", name, err)
	}
}
