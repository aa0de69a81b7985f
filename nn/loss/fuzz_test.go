package loss_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// FuzzParse gives any spelling of a loss and of class weights.
func FuzzParse(f *testing.F) {
	for _, spelled := range []string{"cross-entropy:0.1", "bce-logits:3,2", "huber:0.5", "mse", "1,2,0.5", "huber:"} {
		f.Add(spelled)
	}
	f.Fuzz(func(t *testing.T, spelled string) {
		for _, s := range []op.Semantics{op.PyTorch, op.Keras} {
			if l, err := loss.Parse(spelled, s); (l == nil) == (err == nil) {
				t.Errorf("%q: loss %v and error %v, want one of them", spelled, l, err)
			}
		}
		w, err := loss.ParseClassWeights(spelled)
		if err != nil {
			return
		}
		text := loss.FormatClassWeights(w)
		if again, err := loss.ParseClassWeights(text); err != nil || !slices.Equal(again, w) {
			t.Errorf("%q is read as %v and spelled %q, which is read as %v, %v", spelled, w, text, again, err)
		}
	})
}
