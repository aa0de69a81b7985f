package shapeinfer

import (
	"math/bits"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// ReachesInside reports whether no window lies in the padding entirely, of which there is no
// maximum or average.
func ReachesInside(kernel, pads []int64) bool {
	return len(kernel) == 2 && max(pads[0], pads[2]) < kernel[0] && max(pads[1], pads[3]) < kernel[1]
}

// mostSetting bounds strides, pads and the like, as the reference does.
const mostSetting = 1 << (bits.UintSize/2 - 2)

func shapeConv(q *query) [][]int {
	x, w := q.in(0), q.in(1)
	if len(x) < 3 || len(w) != len(x) {
		return nil
	}
	spatial := q.windowed(x[2:], w[2:])
	if spatial == nil {
		return nil
	}
	return [][]int{append([]int{x[0], w[0]}, spatial...)}
}

func shapePool(q *query) [][]int {
	x := q.in(0)
	kernel, err := q.n.Ints("kernel_shape", nil)
	if len(x) < 3 || err != nil || len(kernel) != len(x)-2 {
		return nil
	}
	spatial := q.windowed(x[2:], ir.ToInts(kernel))
	if spatial == nil {
		return nil
	}
	s := append(slices.Clone(x[:2]), spatial...)
	return [][]int{s, s} // MaxPool's second result has the same shape
}

// windowed is how many positions a window has on each spatial axis.
func (q *query) windowed(x, kernel []int) []int {
	strides, pads := IntsAttr(q.n, "strides", len(x), 1, 1), IntsAttr(q.n, "pads", 2*len(x), 0, 0)
	dilations := IntsAttr(q.n, "dilations", len(x), 1, 1)
	auto, err1 := q.n.String("auto_pad", "NOTSET")
	ceil, err2 := q.n.Int("ceil_mode", 0)
	if strides == nil || pads == nil || dilations == nil || err1 != nil || err2 != nil {
		return nil
	}
	out := make([]int, len(x))
	for i := range x {
		if kernel[i] < 1 || kernel[i] > mostSetting || x[i] > mostSetting {
			return nil
		}
		if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
			out[i] = (x[i] + strides[i] - 1) / strides[i]
			continue
		}
		room := x[i] + pads[i] + pads[i+len(x)] - dilations[i]*(kernel[i]-1) - 1
		if room <= -strides[i] {
			return nil
		}
		out[i] = (room + strides[i]) / strides[i]
		// A last position that would start in the padding does not count.
		if ceil != 0 && auto != "VALID" && room%strides[i] != 0 && out[i]*strides[i] < x[i]+pads[i] {
			out[i]++
		}
		if out[i] == 0 {
			return nil
		}
	}
	return out
}

// IntsAttr is an attribute of count numbers of at least low, all of them def if it is not
// there; nil if it is another.
func IntsAttr(n *graph.Node, name string, count, def, low int) []int {
	v, err := n.Ints(name, nil)
	if err != nil {
		return nil
	}
	if v == nil {
		return slices.Repeat([]int{def}, count)
	}
	if len(v) != count || count == 0 || slices.Min(v) < int64(low) || slices.Max(v) > mostSetting {
		return nil
	}
	return ir.ToInts(v)
}

func shapeConvTranspose(q *query) [][]int {
	x, w := q.in(0), q.in(1)
	if len(x) < 3 || len(w) != len(x) || q.n.Attr("output_shape") != nil {
		return nil
	}
	r := len(x) - 2
	strides, pads, dilations := IntsAttr(q.n, "strides", r, 1, 1), IntsAttr(q.n, "pads", 2*r, 0, 0), IntsAttr(q.n, "dilations", r, 1, 1)
	extra := IntsAttr(q.n, "output_padding", r, 0, 0)
	group, err := q.n.Int("group", 1)
	auto, err2 := q.n.String("auto_pad", "NOTSET")
	if strides == nil || pads == nil || dilations == nil || extra == nil || err != nil || err2 != nil || group < 1 || group > mostSetting ||
		max(slices.Max(x), slices.Max(w)) > mostSetting {
		return nil
	}
	s := []int{x[0], w[1] * int(group)}
	for i := range r {
		d := strides[i]*(x[2+i]-1) + extra[i] + dilations[i]*(w[2+i]-1) + 1 - pads[i] - pads[i+r]
		if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
			d = x[2+i] * strides[i]
		}
		s = append(s, d)
	}
	return [][]int{s}
}

func shapeGlobal(q *query) [][]int {
	x := q.in(0)
	if len(x) < 2 {
		return nil
	}
	s := slices.Repeat([]int{1}, len(x))
	copy(s, x[:2])
	return [][]int{s}
}
