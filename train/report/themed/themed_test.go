package themed

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// A figure is in a page once, and each colour that differs between the themes is a variable that is
// defined for both.
func TestMarkup(t *testing.T) {
	lines := &plot.Panel{Title: "loss"}
	lines.Line("a", []float64{1, 2}, []float64{3, 1}, plot.Style{})
	cells := &plot.Panel{}
	cells.HeatMap(plot.HeatMap{Rows: 1, Columns: 2, Map: plot.Viridis, Max: 1,
		At: func(_, c int) float64 { return []float64{0.5, math.NaN()}[c] }, Text: func(_, _ int) string { return "x" }})
	p := NewPalette()
	html, err := p.Markup(&plot.Figure{Panels: []*plot.Panel{lines, cells}}, `an "alt"`)
	if err != nil {
		t.Fatal(err)
	}
	text := string(html)
	if !strings.HasPrefix(text, `<svg aria-label="an &#34;alt&#34;"`) || strings.Contains(text, "http://") || !strings.Contains(text, "fill:var(--card)") {
		t.Errorf("%.300s", text)
	}
	light, dark, found := strings.Cut(p.Style(), "@media screen and (prefers-color-scheme:dark)")
	if !found || len(p.colors) < 4 {
		t.Fatalf("style %s", p.Style())
	}
	for i, pair := range p.colors {
		name := p.variable(pair)
		if !strings.Contains(light, name+":"+pair[0]+";") || !strings.Contains(dark, name+":"+pair[1]+";") || !strings.Contains(text, "var("+name+")") {
			t.Errorf("colour %d, %s, is %v", i, name, pair)
		}
	}
	before := len(p.colors)
	if _, err := p.Markup(&plot.Figure{Panels: []*plot.Panel{lines}}, ""); err != nil || len(p.colors) != before {
		t.Errorf("the same colours are %d in place of %d, error %v", len(p.colors), before, err)
	}
	if _, err := p.Markup(&plot.Figure{Columns: -1}, ""); err == nil {
		t.Error("a figure that cannot be drawn is no error")
	}
}
