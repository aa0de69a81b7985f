package activation_test

import (
	"reflect"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// FuzzParse gives any spelling. What is taken spells itself so that it is taken again as the
// same.
func FuzzParse(f *testing.F) {
	for _, spelled := range []string{"relu", "leaky:-0.5", "prelu:channel", "prelu:one:0.25", "prelu:8x1x1", "swish:1.5", "relu6:1e-3", "mish:"} {
		f.Add(spelled)
	}
	f.Fuzz(func(t *testing.T, spelled string) {
		a, err := activation.Parse(spelled)
		if err != nil {
			return
		}
		if again, err := activation.Parse(a.String()); err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("%q spells itself %q, which is read as %+v, %v", spelled, a, again, err)
		}
	})
}
