package reference

import (
	"fmt"
	"slices"
)

// window is how a kernel slides over the spatial axes of a map, one number for each axis.
// Output o and tap k of the kernel meet at input position o·stride + k·dilation − pad.
type window struct {
	in, out   []int // sizes
	kernel    []int
	stride    []int
	dilation  []int
	pad, tail []int // zeros in front and behind
}

// newWindow reads how a kernel slides over a map of size in, as the attributes strides,
// dilations, pads and auto_pad say. ceil_mode, which only pools have, rounds the number of
// outputs up.
func (c *call) newWindow(in, kernel []int) (*window, error) {
	n, up := len(in), c.flag("ceil_mode", false)
	w := &window{in: in, kernel: kernel, stride: c.counts("strides", n, 1, 1), dilation: c.counts("dilations", n, 1, 1)}
	auto := c.autoPad()
	pads := c.counts("pads", 2*n, 0, 0)
	w.pad, w.tail = pads[:n], pads[n:]
	if auto != "NOTSET" && slices.Max(pads) > 0 {
		return nil, fmt.Errorf("attribute \"pads\" stands beside \"auto_pad\" %q", auto)
	}
	if _, err := sizeOf(kernel); err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	if slices.Min(kernel) < 1 {
		return nil, fmt.Errorf("the kernel has size %v", kernel)
	}
	for i := range n {
		out, err := w.fit(i, auto, up)
		if err != nil {
			return nil, err
		}
		w.out = append(w.out, out)
	}
	return w, c.err
}

// autoPad is the attribute auto_pad; an empty one, which some exporters write, is none.
func (c *call) autoPad() string {
	auto := c.string("auto_pad", "NOTSET", "", "SAME_UPPER", "SAME_LOWER", "VALID")
	if auto == "" {
		return "NOTSET"
	}
	return auto
}

// fit is the number of outputs along axis i. It sets the pads for auto_pad SAME.
func (w *window) fit(i int, auto string, up bool) (int, error) {
	in, stride, reach := w.in[i], w.stride[i], w.reach(i)
	if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
		out := ceilDiv(in, stride)
		w.pad[i], w.tail[i] = halves(max((out-1)*stride+reach-in, 0), auto == "SAME_LOWER")
		return out, nil
	}
	room := in + w.pad[i] + w.tail[i] - reach
	out := -ceilDiv(-room, stride) + 1 // rounded down
	if up && auto != "VALID" {
		if out = ceilDiv(room, stride) + 1; (out-1)*stride >= in+w.pad[i] {
			out-- // a window that starts in the padding behind the map is not there
		}
	}
	if out < 1 {
		return 0, fmt.Errorf("the kernel reaches over %d positions of axis %d, the padded map has %d", reach, 2+i, room+reach)
	}
	return out, nil
}

// halves parts padding in two; the odd one goes behind, or in front.
func halves(total int, odd bool) (front, behind int) {
	front = total / 2
	if odd {
		front = total - front
	}
	return front, total - front
}

// reach is the number of positions from a kernel's first tap to its last, along axis i.
func (w *window) reach(i int) int { return (w.kernel[i]-1)*w.dilation[i] + 1 }

// walk visits all pairs of an output and a tap that meet inside the input, in rows along
// the last axis: n outputs from index out on, which follow each other, meet tap at inputs
// that start at index in and lie the last stride apart. For each output the taps come in
// their order.
func (w *window) walk(visit func(tap, out, in, n int)) { w.walkAxis(0, 0, 0, 0, visit) }

func (w *window) walkAxis(axis, tap, out, in int, visit func(tap, out, in, n int)) {
	stride := w.stride[axis]
	for k := range w.kernel[axis] {
		shift := k*w.dilation[axis] - w.pad[axis] // input = output·stride + shift
		low := max(0, ceilDiv(-shift, stride))
		high := min(w.out[axis], ceilDiv(w.in[axis]-shift, stride))
		if low >= high {
			continue
		}
		t, o, i := tap*w.kernel[axis]+k, out*w.out[axis]+low, in*w.in[axis]+low*stride+shift
		if axis == len(w.in)-1 {
			visit(t, o, i, high-low)
			continue
		}
		for n := range high - low {
			w.walkAxis(axis+1, t, o+n, i+n*stride, visit)
		}
	}
}

// ceilDiv is a/b rounded up, b > 0.
func ceilDiv(a, b int) int {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
