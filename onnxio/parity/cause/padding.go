package cause

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// window is the geometry of a layer with a sliding window.
type window struct {
	kernel, stride, dilation [2]int
	pads                     [4]int
}

// window returns the geometry of the node, and a function that gives the layer with another one;
// false for layers without a window.
func (p *place) window() (w window, with func(window) nn.Layer, ok bool) {
	if p.node == nil {
		return w, nil, false
	}
	switch l := p.node.Layer.(type) {
	case layer.Conv:
		l = l.Normal()
		w, with = windowOf(func() nn.Layer { return l }, &l.Kernel, &l.Stride, &l.Dilation, &l.Pads)
	case layer.ConvTranspose:
		l = l.Normal()
		w, with = windowOf(func() nn.Layer { return l }, &l.Kernel, &l.Stride, &l.Dilation, &l.Pads)
	case layer.MaxPool:
		l = l.Normal()
		w, with = windowOf(func() nn.Layer { return l }, &l.Kernel, &l.Stride, &l.Dilation, &l.Pads)
	case layer.AveragePool:
		l = l.Normal()
		w, with = windowOf(func() nn.Layer { return l }, &l.Kernel, &l.Stride, &[2]int{1, 1}, &l.Pads)
	case layer.Pad:
		w, with = windowOf(func() nn.Layer { return l }, &[2]int{1, 1}, &[2]int{1, 1}, &[2]int{1, 1}, &l.Pads)
	}
	return w, with, with != nil
}

// windowOf is the window of the layer that made gives, by its settings, and a function that gives
// the layer with others.
func windowOf(made func() nn.Layer, kernel, stride, dilation *[2]int, pads *[4]int) (window, func(window) nn.Layer) {
	return window{*kernel, *stride, *dilation, *pads}, func(w window) nn.Layer {
		*stride, *dilation, *pads = w.stride, w.dilation, w.pads
		return made()
	}
}

// padding tries other divisions of the padding between begin and end, and other paddings.
func padding(p *place) {
	w, with, ok := p.window()
	if !ok {
		return
	}
	old := w.pads
	for _, h := range splits(old[0]+old[2], w.kernel[0]) {
		for _, v := range splits(old[1]+old[3], w.kernel[1]) {
			w.pads = [4]int{h[0], v[0], h[1], v[1]}
			if w.pads != old {
				text := fmt.Sprintf("its padding (top, left, bottom, right) is %v and should be %v", old, w.pads)
				p.replace("padding", text, with(w), paramsOf(p.node))
			}
		}
	}
	if l, ok := p.node.Layer.(layer.Pad); ok && l.Value != 0 {
		text := fmt.Sprintf("its border is %g and should be 0", l.Value)
		l.Value = 0
		p.replace("padding", text, l, nil)
	}
}

// splits are the divisions of a padding in two parts, the one as it may be first. Paddings of
// another sum are those of "valid" and of "same" for a kernel.
func splits(sum, kernel int) [][2]int {
	var list [][2]int
	if sum <= 2*kernel+2 {
		for i := range sum + 1 {
			list = append(list, [2]int{i, sum - i})
		}
	} else {
		list = append(list, [2]int{sum / 2, sum - sum/2}, [2]int{0, sum}, [2]int{sum, 0})
	}
	same := kernel - 1
	if sum != 0 {
		list = append(list, [2]int{0, 0})
	}
	if sum != same {
		list = append(list, [2]int{same / 2, same - same/2}, [2]int{same - same/2, same / 2})
	}
	return list
}
