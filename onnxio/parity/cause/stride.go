package cause

import "fmt"

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
		p.replace("stride", text, with(w), paramsOf(p.node))
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
