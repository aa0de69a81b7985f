package kinds

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/plot/layered"
	"github.com/gonn-toolkit/gonn/train/report"
)

// NetworkFigure draws a network as boxes from top to bottom.
func NetworkFigure(name string, net *nn.Network) *plot.Figure {
	return &plot.Figure{
		Title:  name,
		Note:   report.SizeText(net),
		Custom: networkPicture{blocksOf(net)},
	}
}

// networkPicture is plot.Figure's Custom of a network.
type networkPicture struct{ blocks }

// Lengths in points, before the picture is made smaller to fit.
const (
	boxText   vg.Length = 8
	boxLine   vg.Length = 10.5
	boxMargin vg.Length = 5
	arrow     vg.Length = 4
	// tallest is the height by the width from which on the boxes go on in another column.
	tallest = 1.2
)

var boxGaps = layered.Gaps{Layer: 16, Node: 12, Column: 24}

// drawing lays out the boxes, all of one width, for a width in points.
func (n networkPicture) drawing(width vg.Length, t *plot.Theme) (d layered.Drawing, p pen) {
	p = pen{theme: t, scale: 1}
	for _, b := range n.all {
		for i, line := range b.lines() {
			p.boxWidth = max(p.boxWidth, t.TextStyle(boxText, t.Text, i == 0).Width(line)+2*boxMargin)
		}
	}
	g := layered.Graph{Edges: n.edges}
	for _, b := range n.all {
		g.Nodes = append(g.Nodes, layered.Size{Width: float64(p.boxWidth), Height: float64(boxHeight(&b))})
	}
	d = g.Draw(boxGaps, layered.Size{Width: float64(width), Height: tallest * float64(width)})
	p.scale = min(1, width/vg.Length(d.Width))
	return d, p
}

func boxHeight(b *block) vg.Length { return boxLine*vg.Length(len(b.lines())) + 2*boxMargin - 2 }

func (n networkPicture) Height(width vg.Length, t *plot.Theme) vg.Length {
	d, p := n.drawing(width, t)
	return vg.Length(d.Height) * p.scale
}

// Draw draws in the middle of the canvas.
func (n networkPicture) Draw(c draw.Canvas, t *plot.Theme) {
	d, p := n.drawing(c.Size().X, t)
	p.Canvas = c
	p.origin = vg.Point{X: c.Min.X + (c.Size().X-vg.Length(d.Width)*p.scale)/2, Y: c.Max.Y}
	for _, r := range d.Routes {
		p.route(r)
	}
	for i := range n.all {
		p.box(&n.all[i], d.Centers[i])
	}
}

// pen draws in the coordinates of a layered.Drawing, whose y grows downwards from the origin.
type pen struct {
	draw.Canvas
	theme    *plot.Theme
	boxWidth vg.Length
	origin   vg.Point
	scale    vg.Length
}

func (p pen) at(q layered.Point) vg.Point {
	return vg.Point{X: p.origin.X + p.scale*vg.Length(q.X), Y: p.origin.Y - p.scale*vg.Length(q.Y)}
}

// route draws an edge: straight lines, and curves where it changes its column of boxes.
func (p pen) route(points []layered.Point) {
	var path vg.Path
	path.Move(p.at(points[0]))
	tip := arrow * p.scale
	for i, q := range points[1:] {
		a, b := p.at(points[i]), p.at(q)
		if i == len(points)-2 {
			b.Y += tip
		}
		if a.X != b.X && a.Y != b.Y {
			middle := (a.Y + b.Y) / 2
			path.CubeTo(vg.Point{X: a.X, Y: middle}, vg.Point{X: b.X, Y: middle}, b)
		} else {
			path.Line(b)
		}
	}
	p.SetLineStyle(draw.LineStyle{Color: p.theme.Muted, Width: 0.9 * p.scale})
	p.Stroke(path)
	end := p.at(points[len(points)-1])
	var head vg.Path
	head.Move(end)
	head.Line(vg.Point{X: end.X - tip*0.6, Y: end.Y + tip*1.3})
	head.Line(vg.Point{X: end.X + tip*0.6, Y: end.Y + tip*1.3})
	head.Close()
	p.SetColor(p.theme.Muted)
	p.Fill(head)
}
