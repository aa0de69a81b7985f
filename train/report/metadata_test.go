package report

import (
	"strings"
	"testing"
)

func TestSentence(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`node "a\n" (Gelu): its "alpha" is 1 \ 2`, `node "a\n" (Gelu): its "alpha" is 1 \ 2`},
		{"one\ntwo", "one; two"},
		{"\x1b[2J of zéro \xff", `\x1b[2J of zéro \xff`},
		{strings.Repeat("é", maxSentence), strings.Repeat("é", maxSentence/2) + "…"},
	} {
		if got := sentence(test.text); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}
