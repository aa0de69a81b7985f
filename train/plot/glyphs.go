package plot

import (
	"strings"

	"gonum.org/v1/plot/font"
)

// The fonts have Latin, Greek and Cyrillic letters. What they lack, as Chinese or emoji, is there in
// SVG, for which browsers have more fonts, and a square in PNG.

// covers reports whether a font has all letters of a text.
func covers(f font.Face, text string) bool { return strings.IndexFunc(text, lacking(f)) < 0 }

// lacking reports for a font which letters it does not have.
func lacking(f font.Face) func(rune) bool {
	return func(r rune) bool {
		i, err := f.Face.GlyphIndex(nil, r)
		return err != nil || i == 0
	}
}

// squared is a text with a square in place of each letter that a font lacks.
func squared(f font.Face, text string) string {
	lacks := lacking(f)
	return strings.Map(func(r rune) rune {
		if lacks(r) {
			return '□'
		}
		return r
	}, text)
}
