package plot

import (
	"sort"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// wrapped breaks a text at its spaces into lines of a width, none if it is empty.
func wrapped(s text.Style, of string, width vg.Length) []string {
	if of == "" {
		return nil
	}
	var lines []string
	for part := range strings.SplitSeq(of, "\n") {
		line, rest, _ := strings.Cut(part, " ")
		for rest != "" {
			var word string
			word, rest, _ = strings.Cut(rest, " ")
			if longer := line + " " + word; s.Width(longer) <= width {
				line = longer
				continue
			}
			lines, line = append(lines, shortened(s, line, width)), word
		}
		lines = append(lines, shortened(s, line, width))
	}
	return lines
}

// shortened is a text without what has no room in a width, in place of which there is "…".
func shortened(s text.Style, of string, width vg.Length) string {
	if s.Width(of) <= width {
		return of
	}
	letters := []rune(of)
	cut := sort.Search(len(letters), func(n int) bool { return s.Width(string(letters[:n])+"…") > width })
	return string(letters[:max(cut-1, 1)]) + "…"
}
