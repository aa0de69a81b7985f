package optim

import (
	"reflect"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// FuzzParse gives any spelling of a schedule and of a warm-up. What is taken spells itself so
// that it is taken again as the same.
func FuzzParse(f *testing.F) {
	for _, spelled := range []string{"constant", "step:10", "multistep:30,60:0.2", "cosine:1e-5", "by-epoch:exponential:0.9", "step:500steps",
		"onecycle:0.3:25:1e4", "plateau:0.5:3:1:1e-6", "500steps", "1:0.1"} {
		f.Add(spelled, uint16(6))
	}
	f.Fuzz(func(t *testing.T, spelled string, n uint16) {
		epochs := 1 + int(n)
		if s, err := ParseSchedule(spelled, nn.Keras, epochs); err == nil {
			if again, err := ParseSchedule(s.String(), nn.Keras, epochs); err != nil || !reflect.DeepEqual(again, s) {
				t.Errorf("%q spells itself %q, which is read as %#v, %v", spelled, s, again, err)
			}
		}
		_, _ = ParseWarmup(spelled, Constant{})
	})
}
