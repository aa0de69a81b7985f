package match

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// A network and a copy with its channels in another order come out as equal, with that order, for
// all presets and kinds of slopes.
func TestExchangedChannelsOfPresets(t *testing.T) {
	for _, name := range preset.Names() {
		for i, act := range []string{"relu", "prelu:channel", "prelu:element", "swish-beta:one"} {
			t.Run(name+" "+act, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(i), 3))
				net := presetOf(t, name, act, nn.Shape{1, 16, 16}, uint64(i)+1)
				other, perms := exchanged(net, rng)
				sameAnswers(t, net, other)
				moved := 0
				for range 2 { // both ways
					r, err := Networks(net, other)
					if err != nil {
						t.Fatal(err)
					}
					if !r.Equal || r.MaxError != 0 || len(r.Notes) > 0 {
						t.Fatalf("equal %v, error %g, notes %q", r.Equal, r.MaxError, r.Notes)
					}
					for _, l := range r.Layers {
						moved += l.Moved
						if l.Chance > 0.99 && l.ShapeA[1:].Size() > 2 {
							t.Errorf("%s: by chance %.3f", l.A, l.Chance)
						}
						if l.After < 1-1e-9 || l.Alike != len(l.Perm) || l.MaxError != 0 {
							t.Errorf("%s: %+v", l.A, l)
						}
						if perms != nil && !slices.EqualFunc(l.Perm, perms[l.A], func(p int, q int32) bool { return p == int(q) }) {
							t.Errorf("%s has order %v, want %v", l.A, l.Perm, perms[l.A])
						}
					}
					net, other, perms = other, net, nil
				}
				if moved == 0 {
					t.Error("no channel was exchanged")
				}
			})
		}
	}
}
