package table

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Width is the number of cells of a terminal that a text takes.
func Width(text string) int { return uniseg.StringWidth(text) }

// Shorten cuts a text to at most width cells, the last of which is then "…". What a reader
// sees as one letter is never cut apart.
func Shorten(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	if width < 1 {
		return ""
	}
	end, used, rest, state := 0, 0, text, -1
	for len(rest) > 0 {
		var letter string
		var cells int
		letter, rest, cells, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used+cells > width-1 {
			break
		}
		end, used = end+len(letter), used+cells
	}
	return strings.TrimRight(text[:end], " ") + "…"
}

// Printable spells out what would move the cursor, or is no text.
func Printable(text string) string {
	spoils := func(r rune) bool { return r == unicode.ReplacementChar || unicode.IsControl(r) || bidi(r) }
	if !strings.ContainsFunc(text, spoils) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if spoils(r) && r != unicode.ReplacementChar {
			quoted := strconv.QuoteToASCII(string(r))
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r) // bytes that are no text become the replacement character
	}
	return b.String()
}

// bidi reports whether a character turns the direction of the text after it.
func bidi(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
