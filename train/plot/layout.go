package plot

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// Lengths in points.
const (
	margin     vg.Length = 10
	panelGap   vg.Length = 12
	titleLine  vg.Length = 18
	noteLine   vg.Length = 13
	panelTitle vg.Length = 16
	// panelTitleLine is a further line of a panel's title.
	panelTitleLine vg.Length = 11
	scaleWidth     vg.Length = 62
	// axisSpace is about what ticks and labels take beside and below the data.
	axisSpace vg.Length = 38
)

// layout is where everything lies, in points.
type layout struct {
	width, height vg.Length
	legend        legend
	head          vg.Length // height of title, note and legend
	rows, columns int
	room          room // of each panel
	below         *layout
}

func (f *Figure) layout(t *Theme) layout {
	l := layout{width: vg.Length(f.Width) * 72 / 96}
	if f.Width == 0 {
		l.width = DefaultWidth * 72 / 96
	}
	f.layOut(t, &l)
	return l
}

// layOut fills in a layout whose width is given.
func (f *Figure) layOut(t *Theme, l *layout) {
	inner := l.width - 2*margin
	if f.Title != "" {
		l.head += titleLine
	}
	if f.Note != "" {
		l.head += noteLine
	}
	l.legend = newLegend(t, f.panels(), inner)
	if h := l.legend.height(); h > 0 {
		l.head += h + 4
	}
	if l.head > 0 {
		l.head += 6
	}
	if f.Custom != nil {
		l.height = l.head + f.Custom.Height(inner, t) + 2*margin
	} else {
		l.height = l.head + f.gridHeight(inner, l) + 2*margin
	}
	if f.Below != nil {
		l.below = &layout{width: l.width}
		f.Below.layOut(t, l.below)
		l.height += l.below.height
	}
}

// gridHeight lays out the panels in a width.
func (f *Figure) gridHeight(width vg.Length, l *layout) vg.Length {
	n := len(f.Panels)
	if l.columns = f.Columns; l.columns == 0 {
		l.columns = 2
	}
	l.columns = min(l.columns, n)
	l.rows = (n + l.columns - 1) / l.columns
	if f.Scale != nil {
		width -= scaleWidth
	}
	axes := f.beside(func(p *Panel) bool { return p.Y.Hidden })
	columns, rows := vg.Length(l.columns), vg.Length(l.rows)
	if f.ShareY {
		axes /= columns
	}
	l.room.width = max((width-(columns-1)*panelGap)/columns-axes, 20)
	aspect := f.Aspect
	if aspect == 0 {
		aspect = 0.62
	}
	l.room.height = vg.Length(f.Height)
	if f.Height == 0 {
		l.room.height = max(l.room.width*vg.Length(aspect), 30)
	}
	axes = rows * f.beside(func(p *Panel) bool { return p.X.Hidden })
	if f.ShareX {
		axes /= rows
	}
	return rows*(l.room.height+f.titleHeight()) + (rows-1)*panelGap + axes
}

// beside is about the room that axes take, none if they are hidden.
func (f *Figure) beside(hidden func(*Panel) bool) vg.Length {
	for _, p := range f.panels() {
		if !hidden(p) {
			return axisSpace
		}
	}
	return 0
}

// titleHeight is what the titles of panels take above their data, none if there are none.
func (f *Figure) titleHeight() vg.Length {
	lines := 0
	for _, p := range f.panels() {
		if p.Title != "" {
			lines = max(lines, 1+strings.Count(p.Title, "\n"))
		}
	}
	if lines == 0 {
		return 0
	}
	return panelTitle + vg.Length(lines-1)*panelTitleLine
}
