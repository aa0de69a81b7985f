package reference

import "math"

// coordinate is where output o lies between the inputs of its axis.
func (f *filter) coordinate(r resized, o float64) float64 {
	last, width := float64(r.in-1), r.width()
	switch f.place {
	case "asymmetric":
		return o / r.scale
	case "align_corners":
		if r.out == 1 {
			return 0
		}
		return o * last / (width - 1)
	case crop:
		if r.out == 1 {
			return 0.5 * (r.start + r.end) * last
		}
		return r.start*last + o*(r.end-r.start)*last/float64(r.out-1)
	case "pytorch_half_pixel":
		if r.out == 1 {
			return 0
		}
	case "half_pixel_symmetric": // the middle stays the middle, though out is rounded down
		return float64(r.in)/2*(1-float64(r.out)/width) + (o+0.5)/r.scale - 0.5
	}
	return (o+0.5)/r.scale - 0.5
}

// round finds the nearest index.
func (f *filter) round(x, scale float64) float64 {
	switch f.nearest {
	case "round_prefer_floor":
		return math.Ceil(x - 0.5)
	case "round_prefer_ceil":
		return math.Floor(x + 0.5)
	case "ceil":
		return math.Ceil(x)
	case "simple":
		if scale < 1 {
			return math.Ceil(x)
		}
	}
	return math.Floor(x)
}

// kernel weighs the inputs around place x. Those outside of the map are its border's, or do
// not count.
func (f *filter) kernel(x float64, r resized) []tap {
	reach, shape := 1.0, triangle
	if f.mode == "cubic" {
		reach, shape = 2, func(d float64) float64 { return cubic(d, f.cubic) }
	}
	narrow := 1.0 // the kernel is drawn out by 1/narrow
	if f.smooth {
		narrow = math.Min(1, r.scale)
	}
	list, sum := []tap{}, 0.0
	for i := math.Ceil(x - reach/narrow); i <= math.Floor(x+reach/narrow); i++ {
		w := shape((i - x) * narrow)
		if f.inside && (i < 0 || i >= float64(r.in)) {
			continue
		}
		list, sum = append(list, tap{clampIndex(i, r.in), w}), sum+w
	}
	for k := range list {
		list[k].weight /= sum
	}
	return list
}

// triangle is the kernel of linear interpolation.
func triangle(d float64) float64 { return math.Max(0, 1-math.Abs(d)) }

// cubic is Keys's kernel of cubic interpolation.
func cubic(d, a float64) float64 {
	d = math.Abs(d)
	switch {
	case d <= 1:
		return ((a+2)*d-(a+3))*d*d + 1
	case d < 2:
		return ((a*d-5*a)*d+8*a)*d - 4*a
	}
	return 0
}

// clampIndex is the index of n nearest to x.
func clampIndex(x float64, n int) int { return int(math.Max(0, math.Min(x, float64(n-1)))) }
