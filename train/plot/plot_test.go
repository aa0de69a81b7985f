package plot

import (
	"bytes"
	"encoding/xml"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
)

var nan, inf = math.NaN(), math.Inf(1)

// figure has something of every kind.
func figure() *Figure {
	x := []float64{1, 2, 3, 4}
	lines := &Panel{Title: "lines & <bands>", X: Axis{Label: "epoch", Whole: true}, Y: Axis{Log: true}}
	lines.Band("band", x, []float64{0, 0.1, 0.2, nan}, []float64{1, 2, 3, 4}, Style{Color: 1})
	lines.Line("α ≤ β²", x, []float64{0.5, nan, 1, 2}, Style{Color: 1})
	lines.Points("points", x, []float64{inf, 1, -1, 3}, Style{Color: 9})
	lines.HLine("", 1, Style{Muted: true})
	lines.VLine("", 2, Style{Faint: true})
	lines.Text(2, 1, "here", Style{})
	lines.Corner("no text: \x01\xff", Style{})
	bars := &Panel{Y: Axis{Label: "density"}}
	bars.Histogram("histogram", []float64{1, 1, 2, 3, nan}, 0, 4, 4, Style{Color: 2})
	bars.Steps("steps", []float64{0, 1, 2}, []float64{0.1, nan}, Style{Color: 3})
	bars.Corner("mean 1.75", Style{Color: 2})
	cells := &Panel{X: Axis{Names: []string{"a", "b"}}, Y: Axis{Names: []string{"top", "bottom"}}}
	cells.HeatMap(HeatMap{Rows: 2, Columns: 2, Down: true, Map: Viridis, Max: 3,
		At: func(r, c int) float64 { return []float64{0, 1, nan, 3}[2*r+c] }, Text: func(r, c int) string { return "x" }})
	return &Figure{Title: "A figure", Note: "of everything", Panels: []*Panel{lines, bars, nil, cells}, Width: 400,
		Scale: &Scale{Label: "value", Map: Viridis, Max: 3}, Below: &Figure{Panels: []*Panel{bars}, ShareX: true, ShareY: true, Scale: &Scale{Map: Diverging, Min: 0.1, Max: 0.1, Log: true}}}
}

// The same figure and theme give the same bytes, of the size that Pixels says.
func TestEncodingIsReproducible(t *testing.T) {
	for _, theme := range Themes {
		for name, encode := range map[string]func(*Figure, *Theme) ([]byte, error){"PNG": (*Figure).PNG, "SVG": (*Figure).SVG} {
			first, err := encode(figure(), theme)
			if err != nil {
				t.Fatal(err)
			}
			second, err := encode(figure(), theme)
			if err != nil || !bytes.Equal(first, second) {
				t.Errorf("%s %s: other bytes the second time, error %v", theme.Name, name, err)
			}
			if name == "PNG" {
				c, err := png.DecodeConfig(bytes.NewReader(first))
				if w, h := figure().Pixels(theme); err != nil || c.Width != w || c.Height != h || w != 400*theme.DPI/96 && theme != Print {
					t.Errorf("%s: %d×%d pixels, said %d×%d, error %v", theme.Name, c.Width, c.Height, w, h, err)
				}
			}
		}
	}
}

// Pages have a figure once, with other colours in the dark.
func TestThemesDifferInColours(t *testing.T) {
	var without []string
	for _, theme := range []*Theme{Light, Dark} {
		svg, err := figure().SVG(theme)
		if err != nil {
			t.Fatal(err)
		}
		without = append(without, regexp.MustCompile(`(fill|stroke):#[0-9A-F]{6}`).ReplaceAllString(string(svg), "$1"))
	}
	if without[0] != without[1] {
		t.Error("the light and the dark theme differ in more than the colours of lines, areas and text")
	}
}

// SVG is well-formed; its text is text, with its width and fonts that systems have.
func TestSVGText(t *testing.T) {
	svg, err := figure().SVG(Light)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "text" && start.Name.Local != "title" && start.Name.Local != "image" {
			continue
		}
		attr := map[string]string{}
		for _, a := range start.Attr {
			attr[a.Name.Local] = a.Value
		}
		if start.Name.Local == "image" {
			if attr["preserveAspectRatio"] != "none" || !strings.HasPrefix(attr["href"], "data:image/png;base64,iVBOR") {
				t.Errorf("image with preserveAspectRatio %q, href %.30q", attr["preserveAspectRatio"], attr["href"])
			}
			continue
		}
		var text string
		if err := d.DecodeElement(&text, &start); err != nil {
			t.Fatal(err)
		}
		texts[text] = true
		if start.Name.Local == "text" && (attr["textLength"] == "" && !strings.Contains(text, "\ufffd") || !strings.Contains(attr["style"], "'Liberation Sans',Arial,Helvetica,sans-serif")) {
			t.Errorf("text %q has width %q and style %q", text, attr["textLength"], attr["style"])
		}
	}
	for _, want := range []string{"A figure", "of everything", "lines & <bands>", "α ≤ β²", "epoch", "mean 1.75", "bottom", "here", "no text: \ufffd\ufffd"} {
		if !texts[want] {
			t.Errorf("no text %q", want)
		}
	}
}

// A heat map has its rows where Down says, and each cell the colour of its value.
func TestHeatMapPlaces(t *testing.T) {
	for _, down := range []bool{true, false} {
		p := &Panel{X: Axis{Hidden: true}, Y: Axis{Hidden: true}}
		p.HeatMap(HeatMap{Rows: 2, Columns: 2, Down: down, Map: Gray, Max: 3, At: func(r, c int) float64 {
			return [][]float64{{0, 3}, {nan, 1}}[r][c]
		}})
		b, err := (&Figure{Panels: []*Panel{p}, Width: 400, Aspect: 1}).PNG(Light)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		top, bottom := img.Bounds().Dy()/4, img.Bounds().Dy()*3/4
		if !down {
			top, bottom = bottom, top
		}
		for _, c := range []struct {
			x, y int
			want color.RGBA
		}{{100, top, rgb(0)}, {300, top, rgb(0xffffff)}, {100, bottom, Light.Grid}, {300, bottom, rgb(0x555555)}} {
			if got := color.RGBAModel.Convert(img.At(c.x, c.y)); got != c.want {
				t.Errorf("down %v: %v at (%d, %d), want %v", down, got, c.x, c.y, c.want)
			}
		}
	}
}

// What cannot be drawn is left out, and nothing makes a picture fail.
func TestAwkwardData(t *testing.T) {
	for name, y := range map[string][]float64{
		"nothing": nil, "not finite": {nan, inf, -inf}, "constant": {2, 2, 2}, "zero": {0, 0, 0}, "one point": {nan, 1, nan},
		"huge": {1e300, -1e300, 1}, "large": {1e280, -1e280, 1e-280, 1}, "tiny": {1e-280, 2e-280, 1e-300}, "negative": {-1, -2, -3}, "close": {1, 1 + 1e-15, 1},
	} {
		for _, log := range []bool{false, true} {
			p := &Panel{Y: Axis{Log: log}}
			p.Line("line", []float64{1, 2, 3, 4}[:len(y)], y, Style{})
			p.Histogram("histogram", y, 0, 0, 3, Style{})
			p.Histogram("no range", y, inf, -inf, 3, Style{})
			if _, err := (&Figure{Panels: []*Panel{p}, Width: 240}).SVG(Light); err != nil {
				t.Errorf("%s, log %v: %v", name, log, err)
			}
		}
	}
}

func TestWrongFigures(t *testing.T) {
	one := []*Panel{{}}
	for _, c := range []struct {
		f    *Figure
		says string
	}{
		{&Figure{Title: "empty", Panels: []*Panel{nil}}, `"empty" has no panel`},
		{&Figure{Panels: one, Below: &Figure{Title: "below"}}, `"below" has no panel`},
		{&Figure{Panels: one, Width: 100}, "from 240 to 4000 pixels"},
		{&Figure{Title: "tall", Panels: one, Height: 1e6}, "the most is 100 million"},
	} {
		if _, err := c.f.PNG(Light); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v does not say %q", err, c.says)
		}
	}
	if _, err := ThemeNamed("sepia"); err == nil || !strings.Contains(err.Error(), "light, dark, print") {
		t.Errorf("theme: error %v", err)
	}
}
