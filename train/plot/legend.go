package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry is a name in the legend with a sample of what it names.
type entry struct {
	name  string
	thumb plot.Thumbnailer
}

// legend lies below the title and outside of the data. Panels that draw under the same name share
// an entry.
type legend struct {
	theme *Theme
	lines [][]entry
	cell  vg.Length // width of an entry if there is more than one line, else 0
}

// Sizes in points.
const (
	thumbWidth   vg.Length = 20
	legendGap    vg.Length = 14
	legendLine   vg.Length = 13
	thumbPadding vg.Length = 5
)

// newLegend breaks the entries into lines of a width, in columns if there is more than one line.
func newLegend(t *Theme, panels []*Panel, width vg.Length) legend {
	l := legend{theme: t}
	var all []entry
	seen := map[string]bool{}
	s, room := t.TextStyle(labelSize, t.Text, false), width-thumbWidth-thumbPadding-legendGap
	total, widest := vg.Length(0), vg.Length(0)
	for _, p := range panels {
		for _, it := range p.items {
			if it.name == "" || it.thumb == nil || seen[it.name] {
				continue
			}
			seen[it.name] = true
			name := shortened(s, it.name, room)
			all = append(all, entry{name, it.thumb(t)})
			w := l.width(name)
			total, widest = total+w, max(widest, w)
		}
	}
	if len(all) == 0 {
		return l
	}
	if total <= width {
		l.lines = [][]entry{all}
		return l
	}
	l.cell = widest
	perLine := max(1, int(width/widest))
	for len(all) > 0 {
		n := min(perLine, len(all))
		l.lines, all = append(l.lines, all[:n]), all[n:]
	}
	return l
}

func (l *legend) width(name string) vg.Length {
	s := l.theme.TextStyle(labelSize, l.theme.Text, false)
	return thumbWidth + thumbPadding + s.Width(name) + legendGap
}

func (l *legend) height() vg.Length { return vg.Length(len(l.lines)) * legendLine }

// draw draws from the upper left corner of the canvas on.
func (l *legend) draw(c draw.Canvas) {
	s := l.theme.TextStyle(labelSize, l.theme.Text, false)
	for i, line := range l.lines {
		x := c.Min.X
		y := c.Max.Y - vg.Length(i+1)*legendLine
		for _, e := range line {
			box := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: y + 3}, Max: vg.Point{X: x + thumbWidth, Y: y + 10}}}
			e.thumb.Thumbnail(&box)
			c.FillText(s, vg.Point{X: x + thumbWidth + thumbPadding, Y: y + 3.5}, e.name)
			if l.cell > 0 {
				x += l.cell
			} else {
				x += l.width(e.name)
			}
		}
	}
}
