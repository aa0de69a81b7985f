package plot

import (
	"fmt"
	"math"

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
	scaleWidth     vg.Length = 62 // at least
	// axisSpace is about what ticks and labels take beside and below the data.
	axisSpace vg.Length = 38
	// Widths of a panel's data, at least: beside axes, and of a picture alone.
	leastData    vg.Length = 20
	leastPicture vg.Length = 6
)

// layout is where everything lies, in points.
type layout struct {
	width, height vg.Length
	title, note   []string // lines
	legend        legend
	head          vg.Length // height of title, note and legend
	rows, columns int
	room          room       // of each panel
	titles        [][]string // lines of the panels' titles
	above         vg.Length  // what they take above the data
	below         *layout
	// least is the width that the columns of panels need, if they have less.
	least vg.Length
}

func (f *Figure) layout(t *Theme) layout {
	l := layout{width: vg.Length(f.Width) * 72 / 96}
	if f.Width == 0 {
		l.width = DefaultWidth * 72 / 96
	}
	f.layOut(t, &l)
	return l
}

// check is an error if the columns of panels have too little room.
func (l *layout) check(title string) error {
	for ; l != nil; l = l.below {
		if l.least > 0 {
			return fmt.Errorf("the picture %q has %d columns, which need a width of at least %d pixels", title, l.columns, int(math.Ceil(l.least.Points()*96/72)))
		}
	}
	return nil
}

// layOut fills in a layout whose width is given.
func (f *Figure) layOut(t *Theme, l *layout) {
	inner := l.width - 2*margin
	l.title = wrapped(t.figureTitle(), f.Title, inner)
	l.note = wrapped(t.note(), f.Note, inner)
	l.head = vg.Length(len(l.title))*titleLine + vg.Length(len(l.note))*noteLine
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
		l.height = l.head + f.gridHeight(t, inner, l) + 2*margin
	}
	if f.Below != nil {
		l.below = &layout{width: l.width}
		f.Below.layOut(t, l.below)
		l.height += l.below.height
	}
}

// gridHeight lays out the panels in a width.
func (f *Figure) gridHeight(t *Theme, width vg.Length, l *layout) vg.Length {
	n := len(f.Panels)
	if l.columns = f.Columns; l.columns == 0 {
		l.columns = 2
	}
	l.columns = min(l.columns, n)
	l.rows = (n + l.columns - 1) / l.columns
	if f.Scale != nil {
		width -= f.Scale.width(t)
	}
	axes := f.beside(func(p *Panel) bool { return p.Y.Hidden })
	columns, rows := vg.Length(l.columns), vg.Length(l.rows)
	if f.ShareY {
		axes /= columns
	}
	l.room.width = (width-(columns-1)*panelGap)/columns - axes
	least := leastData
	if axes == 0 {
		least = leastPicture
	}
	if l.room.width < least {
		l.least = l.width + columns*(least-l.room.width)
		l.room.width = least
	}
	aspect := f.Aspect
	if aspect == 0 {
		aspect = 0.62
	}
	l.room.height = vg.Length(f.Height)
	if f.Height == 0 {
		l.room.height = l.room.width * vg.Length(aspect)
		if f.beside(func(p *Panel) bool { return p.X.Hidden && p.Y.Hidden }) > 0 { // labels need room
			l.room.height = max(l.room.height, 30)
		}
	}
	f.breakTitles(t, l)
	axes = rows * f.beside(func(p *Panel) bool { return p.X.Hidden })
	if f.ShareX {
		axes /= rows
	}
	return rows*(l.room.height+l.above) + (rows-1)*panelGap + axes
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

// breakTitles breaks the titles of panels into lines that are hardly wider than the data.
func (f *Figure) breakTitles(t *Theme, l *layout) {
	lines := 0
	for _, p := range f.Panels {
		var title []string
		if p != nil {
			title = wrapped(t.panelTitle(), p.Title, l.room.width+panelGap-4)
		}
		l.titles = append(l.titles, title)
		lines = max(lines, len(title))
	}
	if lines > 0 {
		l.above = panelTitle + vg.Length(lines-1)*panelTitleLine
	}
}
