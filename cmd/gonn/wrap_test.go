package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	for _, tc := range []struct{ line, want string }{
		{"short", "short"},
		{"  one two three four", "  one two\n    three four"},
		{"--act NAME  an activation of it", "--act NAME  an\n            activation\n            of\n            it"},
		{"µµµµ µµµµ µµµµ", "µµµµ µµµµ µµµµ"},
		{"unbreakablewordthatislong", "unbreakablewordthatislong"},
	} {
		if got := wrap(tc.line, 14); got != tc.want {
			t.Errorf("%q becomes\n%s\nwant\n%s", tc.line, got, tc.want)
		}
	}
}

// No page of help is wider than a terminal, and words stay whole.
func TestHelpFitsATerminal(t *testing.T) {
	pages := []string{mustRun(t, "--help"), mustRun(t, "help")}
	for _, c := range commands() {
		page := mustRun(t, c.Name, "--help")
		if other := mustRun(t, "help", c.Name); other != page {
			t.Errorf("help %s shows\n%s\nand %s --help\n%s", c.Name, other, c.Name, page)
		}
		for _, f := range c.Flags {
			if name := "--" + f.Names()[0]; !strings.Contains(page, name) {
				t.Errorf("help of %s lacks %s", c.Name, name)
			}
		}
		pages = append(pages, page)
	}
	for _, page := range pages {
		for line := range strings.Lines(page) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > helpWidth {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}
