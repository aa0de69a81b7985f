package cause

import "github.com/gonn-toolkit/gonn/nn/layer"

// poolKind tries the other kind of pool, and padding that is counted or not.
func poolKind(p *place) {
	if p.node == nil {
		return
	}
	switch l := p.node.Layer.(type) {
	case layer.MaxPool:
		l = l.Normal()
		avg := layer.AveragePool{Kernel: l.Kernel, Stride: l.Stride, Pads: l.Pads, Ceil: l.Ceil}
		p.replace("pool", "it is a maximum and should be an average", avg, nil)
		avg.CountPads = true
		p.replace("pool", "it is a maximum and should be an average that counts padding", avg, nil)
		l.Ceil = !l.Ceil
		p.replace("pool", roundedText(l.Ceil), l, nil)
	case layer.AveragePool:
		l = l.Normal()
		top := layer.MaxPool{Kernel: l.Kernel, Stride: l.Stride, Pads: l.Pads, Ceil: l.Ceil}
		p.replace("pool", "it is an average and should be a maximum", top, nil)
		other := l
		other.CountPads = !l.CountPads
		text := "its average counts padding and should not"
		if other.CountPads {
			text = "its average does not count padding and should"
		}
		p.replace("pool", text, other, nil)
		l.Ceil = !l.Ceil
		p.replace("pool", roundedText(l.Ceil), l, nil)
	case layer.GlobalAveragePool:
		p.replace("pool", "it is an average and should be a maximum", layer.GlobalMaxPool{}, nil)
	case layer.GlobalMaxPool:
		p.replace("pool", "it is a maximum and should be an average", layer.GlobalAveragePool{}, nil)
	}
}

func roundedText(up bool) string {
	if up {
		return "its output's size is rounded down and should be rounded up"
	}
	return "its output's size is rounded up and should be rounded down"
}
