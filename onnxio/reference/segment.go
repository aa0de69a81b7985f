package reference

// segment is a run of positions along one axis of a result that meet the same taps of a
// kernel, at inputs that lie equally far behind the first of each. All of it are indices at
// equal steps.
type segment struct {
	positions   int
	out, in     steps // of the positions: in the result, and of the first input that they meet
	taps        int
	tap, behind steps // of the taps: in the kernel, and their input behind the first
}

// steps are first, first+by, ….
type steps struct{ first, by int }

func (s steps) get(i int) int { return s.first + i*s.by }

// segments are those of axis i where the window slides over the input: position o of the
// result meets tap k at o·stride + k·dilation − pad. Positions that meet nothing are left out.
func (w *window) segments(i int) (all []segment) {
	stride, dilation, pad := w.stride[i], w.dilation[i], w.pad[i]
	for o := range w.out[i] {
		in := o*stride - pad // of tap 0
		low := max(0, ceilDiv(-in, dilation))
		n := min(w.kernel[i], ceilDiv(w.in[i]-in, dilation)) - low
		if n <= 0 {
			continue
		}
		// As o grows the first and the last tap never do, so equal ones follow each other.
		if k := len(all) - 1; k >= 0 && all[k].tap.first == low && all[k].taps == n {
			all[k].positions++
			continue
		}
		all = append(all, segment{
			positions: 1, out: steps{o, 1}, in: steps{in + low*dilation, stride},
			taps: n, tap: steps{low, 1}, behind: steps{0, dilation},
		})
	}
	return all
}

// transposedSegments are those of axis i where the window slides over the result, as in
// ConvTranspose: position o·stride + k·dilation − pad of the result meets tap k at o.
func (w *window) transposedSegments(i int) (all []segment) {
	stride, dilation, pad := w.stride[i], w.dilation[i], w.pad[i]
	// The taps that meet the same position follow each other every by taps, and their inputs back
	// back.
	by, back := stride/gcd(stride, dilation), dilation/gcd(stride, dilation)
	for tap := range min(w.kernel[i], by) {
		most, from := (w.kernel[i]-1-tap)/by, len(all)
		for o := max(0, ceilDiv(pad-tap*dilation, stride)); o*stride+tap*dilation-pad < w.in[i]; o++ {
			low, high := max(0, ceilDiv(o-w.out[i]+1, back)), min(most, o/back)
			if low > high {
				continue
			}
			first, n := tap+low*by, high-low+1
			if k := len(all) - 1; k >= from && all[k].tap.first == first && all[k].taps == n {
				all[k].positions++
				continue
			}
			all = append(all, segment{
				positions: 1, out: steps{o*stride + tap*dilation - pad, stride}, in: steps{o - high*back, 1},
				taps: n, tap: steps{first, by}, behind: steps{(n - 1) * back, -back},
			})
		}
	}
	return all
}

func gcd(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
