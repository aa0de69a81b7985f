package activation

import "github.com/gonn-toolkit/gonn/nn/op"

// Run is a range of elements, Lo to Hi−1, that share the parameter's value number Index;
// if Each, they have one value each, from that one on.
type Run struct {
	Lo, Hi, Index int
	Each          bool
}

// Of is the part of the parameter that the run meets.
func (r Run) Of(param []float32) []float32 {
	if r.Each {
		return param[r.Index : r.Index+r.Hi-r.Lo]
	}
	return param[r.Index : r.Index+1]
}

// cutRuns cuts runs down to stretches of elements, from number lo on and below hi.
func cutRuns(runs []Run, stretches [][2]int) (cut []Run) {
	for _, r := range runs {
		for _, s := range stretches {
			part := Run{max(s[0], r.Lo), min(s[1], r.Hi), r.Index, r.Each}
			if r.Each {
				part.Index += part.Lo - r.Lo
			}
			if part.Lo < part.Hi {
				cut = append(cut, part)
			}
		}
	}
	return cut
}

// apart reports whether each of n values is met by one run alone.
func apart(runs []Run, n int) bool {
	met := 0
	for _, r := range runs {
		if met++; r.Each {
			met += r.Hi - r.Lo - 1
		}
	}
	return met == n
}

// take makes the run longer by the one behind it, if both are of one kind.
func (r *Run) take(next Run) bool {
	n, m := r.Hi-r.Lo, next.Hi-next.Lo
	switch {
	case !r.Each && !next.Each && next.Index == r.Index:
	case (r.Each || n == 1) && (next.Each || m == 1) && next.Index == r.Index+n:
		r.Each = true
	default:
		return false
	}
	r.Hi = next.Hi
	return true
}

// Runs lists the runs of a map of shape x, and the parameter's shape.
func (s Sharing) Runs(x op.Shape) ([]Run, op.Shape, error) {
	param, p, err := s.fits(x)
	if err != nil {
		return nil, nil, err
	}
	// The last axes are of one kind: one value for all of their elements, or one for each.
	size, each, inner := x.Size(), false, 1
	for a := len(x) - 1; a >= 0; a-- {
		if x[a] != 1 {
			if inner > 1 && each != (p[a] != 1) {
				break
			}
			each, inner = p[a] != 1, inner*x[a]
		}
	}
	var runs []Run
	for i := 0; i < size; i += inner {
		next := Run{Lo: i, Hi: i + inner, Index: broadcastIndex(i, x, p), Each: each && inner > 1}
		if n := len(runs); n == 0 || !runs[n-1].take(next) {
			runs = append(runs, next)
		}
	}
	return runs, param, nil
}

// broadcastIndex is the element of a tensor of shape p that element i of a tensor
// of shape x meets.
func broadcastIndex(i int, x, p op.Shape) int {
	k, stride := 0, 1
	for a := len(x) - 1; a >= 0; a-- {
		if p[a] != 1 {
			k += i % x[a] * stride
			stride *= p[a]
		}
		i /= x[a]
	}
	return k
}

// At is the run's value for element i.
func (r Run) At(param []float32, i int) float32 {
	if r.Each {
		return param[r.Index+i-r.Lo]
	}
	return param[r.Index]
}
