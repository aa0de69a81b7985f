package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestSemanticsReadBack(t *testing.T) {
	for _, s := range []nn.Semantics{nn.PyTorch, nn.Keras} {
		if got, err := nn.ParseSemantics(s.String()); err != nil || got != s {
			t.Errorf("%v reads back as %v (%v)", s, got, err)
		}
	}
	_, err := nn.ParseSemantics("jax")
	wantError(t, err, `unknown semantics "jax"`, "pytorch or keras")
}
