package op_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestSemanticsReadBack(t *testing.T) {
	for _, s := range []op.Semantics{op.PyTorch, op.Keras} {
		if got, err := op.ParseSemantics(s.String()); err != nil || got != s {
			t.Errorf("%v reads back as %v (%v)", s, got, err)
		}
	}
	_, err := op.ParseSemantics("jax")
	wantError(t, err, `unknown semantics "jax"`, "pytorch or keras")
}
