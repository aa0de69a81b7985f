package cause

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// steps are the strides and dilations that are tried.
var steps = [][2]int{{1, 1}, {2, 2}, {1, 2}, {2, 1}, {3, 3}}

// stride tries other strides, with the padding as it is.
func stride(p *place) {
	w, with, ok := p.window()
	if !ok {
		return
	}
	old := w.stride
	for _, s := range append(steps, w.kernel) {
		if s == old {
			continue
		}
		w.stride = s
		text := fmt.Sprintf("its stride is %v and should be %v", old, s)
		one := w.kernel == [2]int{1, 1}
		if one && s != [2]int{1, 1} || !one && s[0] < old[0] {
			// It may stand for the stride of another layer: a 1×1 convolution rarely has one.
			p.replaceUnlikely("stride", text, with(w), paramsOf(p.node))
		} else {
			p.replace("stride", text, with(w), paramsOf(p.node))
		}
	}
}

// dilation tries other dilations, with the padding as it is and so that the map keeps its size.
func dilation(p *place) {
	w, with, ok := p.window()
	if !ok || w.kernel == [2]int{1, 1} {
		return
	}
	old := w
	for _, d := range append(steps, [2]int{4, 4}) {
		if d == old.dilation {
			continue
		}
		text := fmt.Sprintf("its dilation is %v and should be %v", old.dilation, d)
		for _, pads := range old.padsFor(d) {
			w.dilation, w.pads = d, pads
			said := text
			if pads != old.pads {
				said += fmt.Sprintf(", with padding %v", pads)
			}
			p.replace("dilation", said, with(w), paramsOf(p.node))
			if old.stride != [2]int{1, 1} { // a dilation may stand for a stride
				w.stride = [2]int{1, 1}
				p.replace("dilation", said+", with a stride of 1", with(w), paramsOf(p.node))
				w.stride = old.stride
			}
		}
	}
}

// padsFor are paddings for another dilation: the same, and those that keep the size of the map,
// with the difference divided or at the end.
func (w window) padsFor(dilation [2]int) [][4]int {
	var divided, atEnd [4]int
	for i := range 2 {
		more := (dilation[i] - w.dilation[i]) * (w.kernel[i] - 1)
		divided[i], divided[i+2] = w.pads[i]+more/2, w.pads[i+2]+more-more/2
		atEnd[i], atEnd[i+2] = w.pads[i], w.pads[i+2]+more
	}
	list := [][4]int{w.pads}
	for _, pads := range [][4]int{divided, atEnd} {
		if min(pads[0], pads[1], pads[2], pads[3]) >= 0 {
			list = append(list, pads)
		}
	}
	return list
}

// strideExchanged tries the strides of a convolution and of the next one in exchange.
func strideExchanged(p *place) {
	first, ok := p.node, p.node != nil
	if !ok {
		return
	}
	a, ok := first.Layer.(layer.Conv)
	if !ok {
		return
	}
	way, second := p.nextConv()
	if second == nil {
		return
	}
	b := second.Layer.(layer.Conv)
	a, b = a.Normal(), b.Normal()
	if a.Stride == b.Stride {
		return
	}
	a.Stride, b.Stride = b.Stride, a.Stride
	net := p.whole.c.Net
	q := *p
	q.name, q.patch = second.Name, p.st.patch(second.Name)
	q.try(value{
		kind: "stride", layer: first.Name, text: fmt.Sprintf("its stride is exchanged with that of %s; here it should be %v", second.Name, a.Stride),
		compute: func(values batch) (*nn.Tensor, error) {
			y, err := apply(a, paramsOf(first), values[first.Inputs[0]])
			for _, name := range way {
				if err != nil {
					return nil, err
				}
				y, err = apply(net.Node(name).Layer, paramsOf(net.Node(name)), y)
			}
			if err != nil {
				return nil, err
			}
			return apply(b, paramsOf(second), y)
		},
	})
	p.found = q.found
}

// nextConv is the convolution that alone reads the place's value, through layers of one input and
// one reader, and those layers; nil if there is none.
func (p *place) nextConv() (way []string, next *nn.Node) {
	at := *p
	for {
		readers := at.readers()
		if len(readers) != 1 || len(readers[0].Inputs) != 1 || at.outputs || !p.st.inside[readers[0].Name] {
			return nil, nil
		}
		if _, ok := readers[0].Layer.(layer.Conv); ok {
			return way, readers[0]
		}
		at.name = readers[0].Name
		way = append(way, at.name)
	}
}
