package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var maps = &Kind{
	Name: "maps", Usage: "what each layer answers to pictures, channel by channel",
	Takes: Models, Trainable: true, Data: true, Pictures: true,
	Options: []Option{layerOption, sampleOption, trainOption},
	Draw:    drawMaps,
}

// Bounds of a picture that nobody would scroll through.
const (
	maxMaps   = 6  // columns of pictures and models
	maxLayers = 16 // if none are asked for
)

// answers are the outputs of layers for one picture, a column of the figure.
type answers struct {
	title   string
	sample  *samples
	at      int // of the picture in sample
	outputs map[string]*nn.Tensor
	net     *nn.Network
}

func drawMaps(in *Input) (*plot.Figure, error) {
	var columns []answers
	var names []string
	left := 0
	for i := range in.Sources {
		src := &in.Sources[i]
		net, err := trainable(src.Model)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			if names, left, err = layersAsked(net, in.List(layerOption.Name)); err != nil {
				return nil, err
			}
		}
		s, err := in.samplesOf(src, 1, maxMaps)
		if err != nil {
			return nil, err
		}
		more, err := answersOf(net, s, names, in.Workers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", src.Name, err)
		}
		for k := range more {
			if more[k].title = s.names[k]; len(in.Sources) > 1 {
				more[k].title = src.Name + ": " + s.names[k]
			}
		}
		columns = append(columns, more...)
	}
	if len(columns) > maxMaps {
		return nil, Usage("%d models times pictures: choose at most %d", len(columns), maxMaps)
	}
	f := mapsFigure(in.Sources, names, columns)
	if left > 0 {
		f.Note += fmt.Sprintf("; %d of %d layers, --layer chooses others", len(names), len(names)+left)
	}
	return f, nil
}

// layersAsked are the layers of a list, without one those that a reader wants to see:
// convolutions and activations, of a deep network as many as maxLayers, from the first to the last
// at equal distances. left is how many more there are.
func layersAsked(net *nn.Network, list []string) (names []string, left int, err error) {
	for _, name := range list {
		if net.Node(name) == nil {
			return nil, 0, Usage("--layer %s: the network has no such layer: choose from %s", name, strings.Join(layerNames(net), ", "))
		}
	}
	if list != nil {
		return list, 0, nil
	}
	for _, n := range net.Nodes() {
		switch n.Layer.(type) {
		case layer.Conv, layer.ConvTranspose, activation.Layer:
			list = append(list, n.Name)
		}
	}
	if list == nil {
		return nil, 0, Usage("the network has neither convolutions nor activations: choose layers with --layer from %s", strings.Join(layerNames(net), ", "))
	}
	if len(list) <= maxLayers {
		return list, 0, nil
	}
	for i := range maxLayers {
		names = append(names, list[i*(len(list)-1)/(maxLayers-1)])
	}
	return names, len(list) - maxLayers, nil
}

func layerNames(net *nn.Network) (names []string) {
	for _, n := range net.Nodes() {
		names = append(names, n.Name)
	}
	return names
}

// answersOf are the outputs of those of the layers that a network has, for each picture.
func answersOf(net *nn.Network, s *samples, names []string, workers int) ([]answers, error) {
	has := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return net.Node(name) == nil })
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Outputs: has, Workers: workers})
	if err != nil {
		return nil, err
	}
	r, err := e.Run(map[string]*nn.Tensor{net.Inputs()[0].Name: s.x}, nil)
	if err != nil {
		return nil, err
	}
	all := make([]answers, len(s.pictures))
	for i := range all {
		all[i] = answers{sample: s, at: i, outputs: r.Outputs, net: net}
	}
	return all, nil
}

func mapsFigure(sources []Source, names []string, columns []answers) *plot.Figure {
	f := &plot.Figure{
		Title: "Maps of " + sourceNames(sources), Note: "negative blue, 0 white, positive orange; each layer on a scale of its own",
		Columns: len(columns),
	}
	if len(columns) == 1 {
		f.Columns = 2
	} else {
		f.Note += ", alike in all columns"
	}
	titles, all := mapsOf(names, columns)
	f.Aspect = bestAspect(all)
	for _, c := range columns {
		f.Panels = append(f.Panels, framed(c.title, c.sample.pictures[c.at], f.Aspect))
	}
	if len(columns) == 1 {
		f.Panels = append(f.Panels, nil)
	}
	for i, t := range all {
		var p *plot.Panel
		if t != nil {
			t.fit(f.Aspect)
			p = picture(titles[i], t.draw(), f.Aspect)
		}
		f.Panels = append(f.Panels, p)
	}
	return f
}

// mapsOf are the maps of layers in all columns, layer by layer, with their titles. They are nil
// where a network has no such layer.
func mapsOf(names []string, columns []answers) (titles []string, all []*tiles) {
	for _, name := range names {
		limit := 0.0
		for _, c := range columns {
			if y := c.outputs[name]; y != nil {
				limit = max(limit, largest(y.Sample(c.at)))
			}
		}
		for _, c := range columns {
			title, t := c.maps(name, limit, len(columns) > 3)
			titles, all = append(titles, title), append(all, t)
		}
	}
	return titles, all
}

// sourceNames lists sources in titles.
func sourceNames(sources []Source) string {
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// maps are a layer's output with a title, nil if the network has no such layer.
func (a *answers) maps(name string, limit float64, narrow bool) (title string, t *tiles) {
	if a.outputs[name] == nil {
		return "", nil
	}
	node, v := a.net.Node(name), a.outputs[name].Sample(a.at)
	t = &tiles{h: 1, w: 1}
	if s := node.Shape; len(s) == 3 {
		t.h, t.w = s[1], s[2]
	}
	channels, size := len(v)/(t.h*t.w), t.h*t.w
	silent, drawn := 0, min(channels, t.most())
	for c := range channels {
		m := v[c*size : (c+1)*size]
		if !slices.ContainsFunc(m, func(x float32) bool { return x != 0 }) {
			silent++
		}
		if c < drawn {
			t.maps = append(t.maps, diverging(m, limit))
		}
	}
	return mapsTitle(node, limit, channels, drawn, silent, narrow), t
}

// mapsTitle names a layer, its size and its scale, and how many of its maps are 0. With many
// columns there is no room for the size.
func mapsTitle(n *nn.Node, limit float64, channels, drawn, silent int, narrow bool) string {
	title := n.Name
	if act, ok := n.Layer.(activation.Layer); ok && !narrow {
		title += " (" + act.Func.Name + ")"
	}
	switch {
	case narrow:
	case len(n.Shape) == 3:
		title += fmt.Sprintf(", %d×%d×%d", channels, n.Shape[1], n.Shape[2])
	default:
		title += fmt.Sprintf(", %d", channels)
	}
	title += ", " + limited(limit)
	if drawn < channels && !narrow {
		title += fmt.Sprintf(", first %d", drawn)
	}
	if silent > 0 {
		title += fmt.Sprintf(", %d are 0", silent)
	}
	return title
}
