package nonfinite

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// check holds what a place says; "" is no place.
func check(t *testing.T, what string, p *Place, err error, want string) {
	t.Helper()
	got := ""
	if p != nil {
		got = p.String()
	}
	if err != nil || !strings.Contains(got, want) || want == "" && p != nil {
		t.Errorf("%s: %q and error %v, want %q", what, got, err, want)
	}
}

// sameBits reports whether NaN is the same too.
func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
