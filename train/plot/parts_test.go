package plot

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

// Lines are broken where a value cannot be drawn, bands too; below a logarithmic axis a band goes
// down to the lowest value, and a point by itself has a line from end to end.
func TestBreaks(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5}
	y := []float64{1, 0, 2, nan, 3}
	linear, log := &Panel{}, &Panel{Y: Axis{Log: true}}
	log.Line("", x, y, Style{})
	for _, c := range []struct {
		got  any
		want string
	}{
		{linear.parts(x, y), "[[{1 1} {2 0} {3 2}] [{5 3}]]"},
		{log.parts(x, y), "[[{1 1}] [{3 2}] [{5 3}]]"},
		{linear.bandParts(x, y, []float64{2, 2, 2, 2, 2}), "[[{1 2} {2 2} {3 2} {3 2} {2 0} {1 1}] [{5 2} {5 3}]]"},
		{log.bandParts(x[:3], []float64{-1, 0, 2}, []float64{3, 3, 3}), "[[{1 3} {2 3} {3 3} {3 2} {2 1} {1 1}]]"},
	} {
		if got := fmt.Sprint(c.got); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		got  []plot.Tick
		want string
	}{
		{linearTicks(0, 1, 5, false), "0 0.2 0.4 0.6 0.8 1.0"},
		{linearTicks(-5, 5, 4, false), "−5 0 5"},
		{linearTicks(1, 3, 9, true), "1 2 3"},
		{linearTicks(0.0012, 0.0031, 4, false), "0.0015 0.0020 0.0025 0.0030"},
		{linearTicks(0, 3e7, 3, false), "0 1e7 2e7 3e7"},
		{linearTicks(2.3025851, 2.3025859, 4, false), "2.3025852 2.3025854 2.3025856 2.3025858"},
		{linearTicks(-2e-7, 2e-7, 4, false), "−2e−7 −1e−7 0 1e−7 2e−7"},
		{linearTicks(1.00000e7, 1.00002e7, 2, false), "1e7 1.00001e7 1.00002e7"},
		{logTicks(0.001, 10, 5), "0.001 0.01 0.1 1 10"},
		{logTicks(1e-12, 1, 4), "1e−12 1e−9 1e−6 0.001 1"},
		{logTicks(0.3, 4, 5), "0.5 1 2"},
		{logTicks(0.02, 0.7, 5), "0.02 0.05 0.1 0.2 0.5"},
		{logTicks(0.5, 0.9, 4), "0.5 0.6 0.7 0.8 0.9"},
		{nameTicks([]string{"a", "b", "c", "d"}, -0.5, 3.5, 2), "a c"},
	} {
		var labels []string
		for _, tick := range c.got {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// Panels that share an axis have the range of all; others their own.
func TestSharedRanges(t *testing.T) {
	a, b := &Panel{}, &Panel{}
	a.Line("", []float64{0, 1}, []float64{0, 1}, Style{})
	b.Line("", []float64{5, 9}, []float64{-3, nan}, Style{})
	f := &Figure{Panels: []*Panel{a, nil, b}, ShareX: true}
	x, y := f.spans()
	if x[0] != (span{0, 9}) || x[2] != x[0] || y[0] != (span{0, 1}) || y[2] != (span{-3, -3}) {
		t.Errorf("spans x %v, y %v", x, y)
	}
}

// An entry is there once, and lines of the legend are not wider than the picture.
func TestLegend(t *testing.T) {
	p := &Panel{}
	for i := range 30 {
		p.Line(fmt.Sprintf("activation %d", i/2), nil, nil, Style{Color: i})
	}
	l := newLegend(Light, []*Panel{p, p}, 300)
	count := 0
	for _, line := range l.lines {
		count += len(line)
		if w := float64(l.cell) * float64(len(line)); w > 300 {
			t.Errorf("a line is %v points wide", w)
		}
	}
	if count != 15 {
		t.Errorf("%d entries, want 15", count)
	}
}

// Areas of histograms are 1, whatever the bins; NaN is not counted, and what is outside is in the
// outermost bins.
func TestHistogram(t *testing.T) {
	for _, bins := range []int{1, 4, 13} {
		p := &Panel{}
		p.Histogram("", []float64{-9, 0.5, 1, 3, 9, nan}, 0, 2, bins, Style{})
		area := 0.0
		for _, h := range p.items[0].y[1:] {
			area += h * 2 / float64(bins)
		}
		if math.Abs(area-1) > 1e-12 {
			t.Errorf("%d bins: area %v", bins, area)
		}
	}
	p := &Panel{}
	p.Histogram("", []float64{-9, 0.5, 1, 3, 9, nan}, 0, 2, 2, Style{})
	if got := fmt.Sprint(p.items[0].y); got != "[0 0.4 0.6]" {
		t.Errorf("heights %s", got)
	}
}

// Viridis becomes lighter all the way, and lines stand off from the background: 2:1 as WCAG 2
// measures contrast.
func TestColours(t *testing.T) {
	last := -1.0
	for i := range 101 {
		if l := luminance(Viridis.At(float64(i) / 100)); l <= last {
			t.Errorf("Viridis at %d %% is not lighter than before", i)
		} else {
			last = l
		}
	}
	for _, theme := range Themes {
		back := luminance(theme.Background)
		for i, c := range append(theme.Palette, theme.Text, theme.Muted) {
			l := luminance(c)
			if contrast := (max(l, back) + 0.05) / (min(l, back) + 0.05); contrast < 2 {
				t.Errorf("%s: colour %d has contrast %.2f", theme.Name, i, contrast)
			}
		}
	}
}

// Text is broken at spaces into lines that fit, and words that are too long lose their end.
func TestText(t *testing.T) {
	s := Light.note()
	const width = 60
	for of, want := range map[string]string{
		"": "", "short": "short", "two lines\nas given": "two lines|as given",
		"some words that have no room":        "some words|that have no|room",
		"a " + strings.Repeat("w", 40) + " b": "a|wwwwwww…|b",
	} {
		lines := wrapped(s, of, width)
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%q is broken into %q, want %q", of, got, want)
		}
		for _, line := range lines {
			if w := s.Width(line); w > width {
				t.Errorf("%q is %v points wide", line, w)
			}
		}
	}
}
