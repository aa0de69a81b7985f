package kinds

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gonn-toolkit/gonn/train/plot/layered"
	"github.com/gonn-toolkit/gonn/train/report"
)

// box draws a box with rounded corners and its lines of text.
func (p pen) box(b *block, center layered.Point) {
	lines, s := b.lines(), p.scale
	w, h := p.boxWidth*s, boxHeight(b)*s
	at := p.at(center)
	frame := rounded(vg.Rectangle{Min: vg.Point{X: at.X - w/2, Y: at.Y - h/2}, Max: vg.Point{X: at.X + w/2, Y: at.Y + h/2}}, 3.5*s)
	color := p.theme.Palette[0]
	switch {
	case b.input:
		color = p.theme.Muted
	case report.ParamsText(b.layers...) == "":
		color = p.theme.Palette[2]
	}
	p.SetColor(p.theme.Faded(color, 0.1))
	p.Fill(frame)
	p.SetLineStyle(draw.LineStyle{Color: color, Width: 0.9 * s})
	p.Stroke(frame)
	y := at.Y + h/2 - (boxMargin+boxText-1)*s
	for k, line := range lines {
		style := p.theme.TextStyle(boxText*s, p.theme.Text, k == 0)
		if k == len(lines)-1 {
			style.Color = p.theme.Muted
		}
		p.FillText(style, vg.Point{X: at.X - w/2 + boxMargin*s, Y: y}, line)
		y -= boxLine * s
	}
}

// rounded is a rectangle with round corners.
func rounded(r vg.Rectangle, radius vg.Length) vg.Path {
	const k = 0.4477 // of the radius, from the corner to the control points of a quarter circle
	var p vg.Path
	pt := func(x, y vg.Length) vg.Point { return vg.Point{X: x, Y: y} }
	a, b, c, d := r.Min.X, r.Min.Y, r.Max.X, r.Max.Y
	p.Move(pt(a+radius, b))
	p.Line(pt(c-radius, b))
	p.CubeTo(pt(c-k*radius, b), pt(c, b+k*radius), pt(c, b+radius))
	p.Line(pt(c, d-radius))
	p.CubeTo(pt(c, d-k*radius), pt(c-k*radius, d), pt(c-radius, d))
	p.Line(pt(a+radius, d))
	p.CubeTo(pt(a+k*radius, d), pt(a, d-k*radius), pt(a, d-radius))
	p.Line(pt(a, b+radius))
	p.CubeTo(pt(a, b+k*radius), pt(a+k*radius, b), pt(a+radius, b))
	p.Close()
	return p
}
