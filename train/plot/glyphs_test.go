package plot

import (
	"bytes"
	"strings"
	"testing"
)

// Letters that the font lacks are squares in PNG, and left to the browser's fonts in SVG.
func TestLettersOfOtherFonts(t *testing.T) {
	style := Light.TextStyle(labelSize, Light.Text, false)
	face := style.Handler.Cache().Lookup(style.Font, style.Font.Size)
	if !covers(face, "αβ λ é Ж ×−…□") || covers(face, "猫") || covers(face, "cat 🐈") {
		t.Error("the font has other letters than it should")
	}
	if got := squared(face, "猫 cat"); got != "□ cat" {
		t.Errorf("got %q", got)
	}
	picture := func(title string) *Figure {
		p := &Panel{Title: title}
		p.Line("", []float64{1, 2}, []float64{1, 2}, Style{})
		return &Figure{Panels: []*Panel{p}}
	}
	var pngs [][]byte
	for _, title := range []string{"猫", "\u00a0"} {
		b, err := picture(title).PNG(Light)
		if err != nil {
			t.Fatal(err)
		}
		pngs = append(pngs, b)
	}
	if bytes.Equal(pngs[0], pngs[1]) {
		t.Error("a letter of another font is not to be seen")
	}
	svg, err := picture("猫").SVG(Light)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(svg), ">猫<")
	if at := strings.LastIndex(before, "<text"); !found || strings.Contains(before[at:], "textLength") {
		t.Errorf("the width of the text is fixed: %.200s", before[max(at, 0):])
	}
}

// Columns that have no room are an error that says how wide the picture must be.
func TestNarrowColumns(t *testing.T) {
	f := &Figure{Title: "maps", Columns: 12, Width: 240}
	for range 12 {
		p := &Panel{}
		p.Line("", []float64{1, 2}, []float64{1, 2}, Style{})
		p.X.Hidden, p.Y.Hidden = true, true
		f.Panels = append(f.Panels, p)
	}
	const says = `the picture "maps" has 12 columns, which need a width of at least 299 pixels`
	for name, encode := range map[string]func(*Figure, *Theme) ([]byte, error){"PNG": (*Figure).PNG, "SVG": (*Figure).SVG} {
		f.Width = 240
		if _, err := encode(f, Light); err == nil || err.Error() != says {
			t.Errorf("%s: error %v, want %s", name, err, says)
		}
		f.Width = 299
		if _, err := encode(f, Light); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A line across a panel is something to see, unless it only helps to read the rest.
func TestNothingToSee(t *testing.T) {
	const message = "no finite values"
	for _, c := range []struct {
		name  string
		fill  func(p *Panel)
		empty bool
	}{
		{"nothing", func(*Panel) {}, true},
		{"a name alone", func(p *Panel) { p.Line("a", nil, nil, Style{}) }, true},
		{"numbers that are none", func(p *Panel) { p.Line("a", []float64{1}, []float64{nan}, Style{}) }, true},
		{"a line at 0 beside them", func(p *Panel) {
			p.Line("a", []float64{1}, []float64{nan}, Style{})
			p.HLine("", 0, Style{Muted: true, Faint: true})
		}, true},
		{"a value across", func(p *Panel) { p.VLine("a", 0.25, Style{}) }, false},
		{"a point", func(p *Panel) { p.Points("a", []float64{1}, []float64{2}, Style{}) }, false},
	} {
		p := &Panel{}
		c.fill(p)
		svg, err := (&Figure{Panels: []*Panel{p}}).SVG(Light)
		if err != nil || strings.Contains(string(svg), message) != c.empty {
			t.Errorf("%s: says that there is nothing to see: %v, error %v", c.name, !c.empty, err)
		}
	}
}
