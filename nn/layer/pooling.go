package layer

import (
	"cmp"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// poolWindow is the sliding window of pooling layers.
type poolWindow struct {
	kernel, stride, dilation [2]int
	pads                     [4]int
	ceil                     bool
}

// normal replaces zero values by defaults: a dilation of 1, a stride as the kernel.
func (p poolWindow) normal() poolWindow {
	for i := range 2 {
		p.dilation[i] = max(p.dilation[i], 1)
		if p.stride[i] == 0 {
			p.stride[i] = p.kernel[i]
		}
	}
	return p
}

// bind plans the pooling of one input.
func (p poolWindow) bind(in []op.Shape) (*kernel.Pool, error) {
	if err := oneMap(in); err != nil {
		return nil, err
	}
	if err := cmp.Or(
		within("Kernel height", 1, p.kernel[0]),
		within("Kernel width", 1, p.kernel[1]),
		within("Stride", 0, p.stride[:]...),
		within("Dilation", 0, p.dilation[:]...),
		within("Pads", 0, p.pads[:]...),
	); err != nil {
		return nil, err
	}
	p = p.normal()
	x := in[0]
	g := kernel.Pool{
		C: x[0], H: x[1], W: x[2], KH: p.kernel[0], KW: p.kernel[1],
		StrideH: p.stride[0], StrideW: p.stride[1], DilationH: p.dilation[0], DilationW: p.dilation[1],
		PadTop: p.pads[0], PadLeft: p.pads[1],
	}
	var out [2]int
	for i, axis := range []string{"height", "width"} {
		var err error
		if out[i], err = p.positions(i, x[1+i]); err != nil {
			return nil, fmt.Errorf("got input %v: %s %w", x, axis, err)
		}
	}
	g.OH, g.OW = out[0], out[1]
	if err := (op.Shape{g.C, g.OH, g.OW}).Check(op.MaxElements); err != nil {
		return nil, fmt.Errorf("output: %w", err)
	}
	return g.Plan(), nil
}

// positions is the number of positions of the window along axis i of so many pixels. It is an
// error if a position contains only padding, which has no maximum and no mean.
func (p poolWindow) positions(i, size int) (int, error) {
	extent := p.dilation[i]*(p.kernel[i]-1) + 1
	room := size + p.pads[i] + p.pads[i+2] - extent
	if room < 0 && !(p.ceil && room > -p.stride[i]) { // rounded up, a part of a window is one
		return 0, fmt.Errorf("%d with padding is less than the kernel's %d", size+p.pads[i]+p.pads[i+2], extent)
	}
	out, rest := (room+p.stride[i])/p.stride[i], (room+p.stride[i])%p.stride[i]
	if p.ceil && rest > 0 && out*p.stride[i] < size+p.pads[i] {
		out++ // unless it would start in the padding at the end
	}
	for o := range out {
		start := o*p.stride[i] - p.pads[i]
		first := start // pixel in the map
		if start < 0 {
			first += (p.dilation[i] - 1 - start) / p.dilation[i] * p.dilation[i]
		}
		if first >= size || first >= start+extent {
			return 0, fmt.Errorf("%d: position %d of the window holds padding alone; need smaller Pads", size, o)
		}
	}
	return out, nil
}
