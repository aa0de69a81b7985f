package activation_test

import (
	"strings"
	"testing"
)

// The goldens are what PyTorch and Keras themselves computed for the study's
// network: testdata/ref holds the scripts, each case.json the versions.
const goldenDir = "../../testdata/golden"

// wantError checks that err has all the words.
func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one that says %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}
