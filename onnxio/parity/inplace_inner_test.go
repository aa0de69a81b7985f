package parity_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// One ReLU for all layers that works in place, and a sum in place, recorded by hooks that make no
// copy: what they overwrite is left over and nothing is accused, by layers and by values of the file.
func TestSharedReLUInPlace(t *testing.T) {
	for _, name := range []string{"pytorch/inplace", "pytorch/inplace-dynamo"} {
		m, im, r := openInner(t, name, "overwritten.npz")
		values, err := parity.Values(t.Context(), m, r, parity.Options{Tolerance: mustParse(t, "close")})
		if err != nil {
			t.Fatal(err)
		}
		for by, got := range map[string]*parity.Report{"layers": compareLayers(t, m, im, r, parity.Options{}), "values": values} {
			if !got.Equal {
				t.Errorf("%s by %s: %s", name, by, got)
			}
			for _, l := range got.Layers {
				if l.Verdict == parity.Wrong {
					t.Errorf("%s by %s: %s is wrong\n%s", name, by, l.Layer, got)
				}
			}
			left := unplacedNames(got)
			for _, overwritten := range []string{"bn1", "bn2", "dense1"} {
				if !slices.Contains(left, overwritten) {
					t.Errorf("%s by %s: left over are %q, and %s was overwritten", name, by, left, overwritten)
				}
			}
		}
	}
}
