package kinds

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var filters = &Kind{
	Name: "filters", Usage: "the kernels of a convolution, the first one without --layer",
	Takes: OneModel, Trainable: true, Options: []Option{layerOption}, Draw: drawFilters,
}

// maxRows bounds the filters and the channels of a matrix of kernels.
const maxRows = 16

func drawFilters(in *Input) (*plot.Figure, error) {
	src, err := in.network("filters")
	if err != nil {
		return nil, err
	}
	node, err := convolution(src.Model.Net, in.Text(layerOption.Name, ""))
	if err != nil {
		return nil, err
	}
	return filtersFigure(src.Name, node, seesColours(src.Model.Net, node)), nil
}

// convolution is a convolution by name, "" for the first one.
func convolution(net *nn.Network, name string) (*nn.Node, error) {
	var all []string
	for _, n := range net.Nodes() {
		switch n.Layer.(type) {
		case layer.Conv, layer.ConvTranspose:
			if name == "" || n.Name == name {
				return n, nil
			}
			all = append(all, n.Name)
		}
	}
	switch {
	case len(all) == 0:
		return nil, fmt.Errorf("the network has no convolution, so there are no filters to draw")
	case net.Node(name) == nil:
		return nil, Usage("--layer %s: the network has no such layer: choose one of its convolutions %s", name, strings.Join(all, ", "))
	}
	return nil, Usage("--layer %s is no convolution: choose one of %s", name, strings.Join(all, ", "))
}

// seesColours reports whether the kernels of a convolution lie over the red, green and blue of the
// network's input.
func seesColours(net *nn.Network, n *nn.Node) bool {
	_, conv := n.Layer.(layer.Conv)
	input := slices.IndexFunc(net.Inputs(), func(p nn.Port) bool { return p.Name == n.Inputs[0] })
	return conv && input >= 0 && net.Inputs()[input].Shape[0] == 3 && n.Params[0].Shape[1] == 3
}

// filtersFigure draws kernels on one scale, from blue over white for 0 to orange. Those over colours
// are pictures in colour, with grey for 0; of others with several channels each row is a filter and
// each column one of its channels.
func filtersFigure(of string, node *nn.Node, colours bool) *plot.Figure {
	w := node.Params[0] // (filters, channels, kh, kw); of a transposed convolution (channels in, out, kh, kw)
	rows, columns := "filter", "channel"
	if _, transposed := node.Layer.(layer.ConvTranspose); transposed {
		rows, columns = "input channel", "output channel"
	}
	t := &tiles{h: w.Shape[2], w: w.Shape[3]}
	size, limit := t.h*t.w, largest(w.Data)
	filters, channels := min(w.Shape[0], t.most()), w.Shape[1]
	f := &plot.Figure{Title: fmt.Sprintf("Filters of %s, layer %s", of, node.Name)}
	kernel := func(k, c, n int) []float32 { return w.Data[(k*w.Shape[1]+c)*size:][:n*size] }
	if colours {
		for k := range filters {
			t.maps = append(t.maps, coloured(kernel(k, 0, 3), limit))
		}
		t.fit(0.5)
		f.Note = fmt.Sprintf("%s, as red, green and blue: grey is 0, full brightness %.2g, black −%.2g", part(filters, w.Shape[0], t), limit, limit)
	} else {
		if channels > 1 {
			filters, channels = min(filters, maxRows), min(channels, maxRows)
		}
		f.Note = part(filters, w.Shape[0], t)
		f.Scale = &plot.Scale{Label: "weight", Map: plot.Diverging, Min: -limit, Max: limit}
		t.matrix(filters, channels, func(k, c int) []color.RGBA { return diverging(kernel(k, c, 1), limit) })
		switch {
		case channels == 1:
			t.fit(0.5)
		case t.columns == channels:
			f.Note += fmt.Sprintf("; a row for each %s, a column for each %s", rows, columns)
		default:
			f.Note += fmt.Sprintf("; a column for each %s, a row for each %s", rows, columns)
		}
		if channels < w.Shape[1] {
			f.Note += fmt.Sprintf(", the first %d of %d", channels, w.Shape[1])
		}
	}
	img := t.draw()
	f.Aspect = float64(img.Rect.Dy()) / float64(img.Rect.Dx())
	f.Panels = []*plot.Panel{picture("", img, f.Aspect)}
	return f
}

// matrix lays out kernels at(filter, channel) with the longer side of the matrix across.
func (t *tiles) matrix(filters, channels int, at func(k, c int) []color.RGBA) {
	t.columns = max(filters, channels)
	for i := range filters * channels {
		k, c := i/channels, i%channels
		if filters > channels {
			k, c = i%filters, i/filters
		}
		t.maps = append(t.maps, at(k, c))
	}
}

// part tells how many of all kernels are drawn, and their size.
func part(drawn, all int, t *tiles) string {
	if drawn < all {
		return fmt.Sprintf("the first %d of %d, %d×%d", drawn, all, t.h, t.w)
	}
	return fmt.Sprintf("%d of %d×%d", all, t.h, t.w)
}

// coloured is a kernel over red, green and blue, with grey for 0.
func coloured(v []float32, limit float64) []color.RGBA {
	c := make([]color.RGBA, len(v)/3)
	at := func(x float32) uint8 {
		if limit == 0 {
			return plot.Gray.At(0.5).R
		}
		return plot.Gray.At(0.5 + 0.5*float64(x)/limit).R
	}
	for i := range c {
		r, g, b := v[i], v[len(c)+i], v[2*len(c)+i]
		if c[i] = missing; r-r == 0 && g-g == 0 && b-b == 0 {
			c[i] = color.RGBA{at(r), at(g), at(b), 0xff}
		}
	}
	return c
}
