package kernel

// A grid is one direction of a convolution, forward or from outputs back to inputs:
//
//	to[o][row][col] = Σ w[…] · from[i][row'][col']
//
// with the taps of each pixel of to that fall into the map of from. Seen from the
// kernels the directions differ only in these numbers.
type grid struct {
	rows, cols               []seg
	toH, toW, fromH, fromW   int
	to, from, groups         int // channels of a group, and groups
	wTo, wFrom, wRow, wGroup int // weights to the next channel, kernel row, group
	share
	// padded is the same with zeros around the map of from.
	padded *padded
}

// A seg is a run of pixels along one axis that have the same taps: pixel
// out + i·outStep, i < n, reads through kernel position k + j·kStep, j < kn, the pixel
// in + i·inStep + j·tapStep. Pixels without a tap have kn = 0.
type seg struct {
	out, n, outStep     int
	k, kn, kStep        int
	in, inStep, tapStep int
}

// A line is a run of n pixels and how far apart they are, in pixels.
type line struct{ n, outStep, inStep int }

// together reports whether all pixels lie side by side.
func (l line) together() bool { return l.inStep == 1 && l.outStep == 1 }

// plan works out both directions, and the forward one again for weight gradients. A
// direction has its columns padded: so all pixels of a row have the same taps and few
// of them read zeros. Weight gradients have both axes padded, and so go over each weight
// once.
func (c *Conv) plan() {
	in, out, area := c.In/c.Groups, c.Out/c.Groups, c.KH*c.KW
	h := axis{c.H, c.OH, c.KH, c.StrideH, c.DilationH, c.PadTop}
	w := axis{c.W, c.OW, c.KW, c.StrideW, c.DilationW, c.PadLeft}
	c.forward = grid{
		rows: h.forward(), cols: w.forward(),
		toH: c.OH, toW: c.OW, fromH: c.H, fromW: c.W,
		to: out, from: in, groups: c.Groups,
		wTo: in * area, wFrom: area, wRow: c.KW, wGroup: in * out * area,
		share: share{outs: span{0, c.Out}, ins: span{0, in}, height: span{0, c.OH}, width: span{0, c.OW}, taps: span{0, c.KH}},
	}
	c.backward = grid{
		rows: h.backward(), cols: w.backward(),
		toH: c.H, toW: c.W, fromH: c.OH, fromW: c.OW,
		to: in, from: out, groups: c.Groups,
		wTo: area, wFrom: in * area, wRow: c.KW, wGroup: in * out * area,
		share: share{outs: span{0, c.In}, ins: span{0, out}, height: span{0, c.H}, width: span{0, c.W}, taps: span{0, c.KH}},
	}
	c.weights = c.forward
	rows, top, height := h.forwardPadded()
	cols, left, width := w.forwardPadded()
	c.weights.padded = &padded{rows, cols, top, left, height, width}
	c.forward.padded = &padded{c.forward.rows, cols, 0, left, c.H, width}
	cols, left, width = w.backwardPadded()
	c.backward.padded = &padded{c.backward.rows, cols, 0, left, c.OH, width}
}

// reads reports whether weight gradients can read the input where it is: it is not normalised, and
// all pixels have the same taps.
func (g *grid) reads(in *NormInput) bool { return in == nil && len(g.rows) == 1 && len(g.cols) == 1 }

// dense reports whether all maps are single pixels, each of which reads one of each channel.
func (g *grid) dense() bool {
	return g.groups == 1 && g.toH*g.toW*g.fromH*g.fromW == 1 && min(g.wTo, g.wFrom) == 1
}

// axis is one axis of a convolution.
type axis struct{ in, out, kernel, stride, dilation, pad int }

// forward lists the runs of outputs.
func (a axis) forward() (segs []seg) {
	for o := range a.out {
		first := o*a.stride - a.pad // input pixel of tap 0
		lo := max(0, ceilDiv(-first, a.dilation))
		hi := a.kernel
		if last := a.in - 1 - first; last < (a.kernel-1)*a.dilation {
			hi = max(0, ceilDiv(last+1, a.dilation))
		}
		segs = appendPixel(segs, seg{
			out: o, n: 1, outStep: 1,
			k: lo, kn: max(0, hi-lo), kStep: 1,
			in: first + lo*a.dilation, inStep: a.stride, tapStep: a.dilation,
		})
	}
	return segs
}

// forwardPadded is one run, in which all outputs have all taps. The map starts with
// so many zeros and has that size.
func (a axis) forwardPadded() (segs []seg, zeros, size int) {
	s := seg{n: a.out, outStep: 1, kn: a.kernel, kStep: 1, inStep: a.stride, tapStep: a.dilation}
	return []seg{s}, a.pad, (a.out-1)*a.stride + (a.kernel-1)*a.dilation + 1
}

// backward lists the runs of inputs. With a stride the inputs fall into classes that
// read through different taps, and a run is of one class.
func (a axis) backward() []seg {
	return a.backwardWithin(0, a.out)
}

// backwardPadded has one run for each class.
func (a axis) backwardPadded() (segs []seg, zeros, size int) {
	// The input furthest left sees the last tap, the one furthest right the first.
	first := floorDiv(a.pad-(a.kernel-1)*a.dilation, a.stride)
	end := (a.in-1+a.pad)/a.stride + 1
	segs = a.backwardWithin(first, end)
	for i := range segs {
		segs[i].in -= first
	}
	return segs, -first, end - first
}

// backwardWithin counts outputs from first on and below end as there.
func (a axis) backwardWithin(first, end int) (segs []seg) {
	every := a.stride / gcd(a.stride, a.dilation) // taps that an input has
	firstTap := map[int]int{}                     // of inputs, by the remainder of their distance
	for k := range min(every, a.kernel) {
		firstTap[k*a.dilation%a.stride] = k
	}
	for class := range min(a.stride, a.in) {
		tap, found := firstTap[(class+a.pad)%a.stride]
		for i := class; i < a.in; i += a.stride {
			s := seg{
				out: i, n: 1, outStep: a.stride,
				kStep: every, inStep: 1, tapStep: -every * a.dilation / a.stride,
			}
			lo := max(tap, ceilDiv(i+a.pad-(end-1)*a.stride, a.dilation))
			hi := min(a.kernel-1, floorDiv(i+a.pad-first*a.stride, a.dilation))
			if k := tap + ceilDiv(lo-tap, every)*every; found && k <= hi {
				s.k, s.kn, s.in = k, (hi-k)/every+1, (i+a.pad-k*a.dilation)/a.stride
			}
			segs = appendPixel(segs, s)
		}
	}
	return segs
}

// appendPixel makes the last run longer if s continues it.
func appendPixel(segs []seg, s seg) []seg {
	if len(segs) > 0 {
		last := &segs[len(segs)-1]
		continues := s.out == last.out+last.n*last.outStep && s.kn == last.kn &&
			(s.kn == 0 || s.k == last.k && s.in == last.in+last.n*last.inStep)
		if continues {
			last.n++
			return segs
		}
	}
	return append(segs, s)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// floorDiv and ceilDiv are a/b rounded down and up, for positive b.
func floorDiv(a, b int) int { return -ceilDiv(-a, b) }

func ceilDiv(a, b int) int {
	if a <= 0 {
		return -(-a / b)
	}
	return (a + b - 1) / b
}
