package terminal

import (
	"os"
	"strings"
	"testing"
)

func TestEnvironment(t *testing.T) {
	for _, c := range []struct {
		term, noColor string
		dumb, plain   bool
	}{
		{"xterm-256color", "", false, false},
		{"", "", false, false},
		{"dumb", "", true, true},
		{"dumber", "", false, false},
		{"xterm", "1", false, true},
		{"xterm", "0", false, true}, // any value
		{"dumb", "1", true, true},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.noColor)
		if Dumb() != c.dumb || Plain() != c.plain {
			t.Errorf("TERM=%s NO_COLOR=%s: dumb %v, plain %v", c.term, c.noColor, Dumb(), Plain())
		}
	}
}

func TestWhatIsNoTerminalHasTheDefaultWidth(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n, ok := Size(f); ok || Columns(f) != 80 || Columns(&strings.Builder{}) != 80 {
		t.Errorf("a file has %d columns, %v", n, ok)
	}
}
