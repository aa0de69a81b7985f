package shell

import "testing"

func TestWord(t *testing.T) {
	for s, want := range map[string]string{
		"runs/prelu-001": "runs/prelu-001", "leaky:-0.5,0": "leaky:-0.5,0", "": "''",
		"my runs": "'my runs'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "日本": "'日本'", "a\nb": "'a\nb'",
	} {
		if got := Word(s); got != want {
			t.Errorf("%q becomes %s, want %s", s, got, want)
		}
	}
}
