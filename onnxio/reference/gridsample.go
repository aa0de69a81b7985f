package reference

import (
	"fmt"
	"math"
	"slices"
)

// sampleOps look maps up at places between their elements.
var sampleOps = map[string]op{
	"GridSample": gridSample,
	"AffineGrid": affineGrid,
	"RoiAlign":   roiAlign,
}

// sampler is how GridSample looks up one place.
type sampler struct {
	size    []int // of a map
	mode    string
	padding string
	corners bool // −1 and 1 are the middles of the outermost elements, not their edges
}

// gridSample looks x [N, C, D1, …, Dr] up at the places grid [N, E1, …, Er, r], in units in
// which a map goes from −1 to 1, the last axis first: y is [N, C, E1, …, Er].
func gridSample(c *call) ([]*Tensor, error) {
	x, err := c.numbers(0)
	if err != nil {
		return nil, err
	}
	grid, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	rank := len(x.Shape) - 2
	if rank < 1 || len(grid.Shape) != rank+2 || grid.Shape[0] != x.Shape[0] || grid.Shape[rank+1] != rank {
		return nil, fmt.Errorf("a grid of shape %v does not fit an input of shape %v", grid.Shape, x.Shape)
	}
	s := &sampler{size: x.Shape[2:], padding: c.string("padding_mode", "zeros", "border", "reflection"), corners: c.flag("align_corners", false)}
	s.mode = c.string("mode", "linear", "nearest", "cubic", "bilinear", "bicubic")
	y, err := newTensor(x.Type, append([]int{x.Shape[0], x.Shape[1]}, grid.Shape[1:rank+1]...)...)
	if err != nil {
		return nil, err
	}
	size, places := product(s.size), product(grid.Shape[1:rank+1])
	if size == 0 && len(y.Floats) > 0 {
		return nil, fmt.Errorf("the input has shape %v: its maps are empty", x.Shape)
	}
	for n := range x.Shape[0] {
		for p := range places {
			taps := s.taps(grid.Floats[(n*places+p)*rank:][:rank])
			if err := c.did(len(taps) * x.Shape[1]); err != nil {
				return nil, err
			}
			for ch := range x.Shape[1] {
				m := n*x.Shape[1] + ch
				for _, t := range taps {
					y.Floats[m*places+p] += t.weight * x.Floats[m*size+t.at]
				}
			}
		}
	}
	if !isFloat(c.in[0].Type) {
		for i, v := range y.Floats {
			y.Floats[i] = math.RoundToEven(v)
		}
	}
	return []*Tensor{y.as(c.in[0].Type)}, nil
}

// taps weighs the elements of a map around a place.
func (s *sampler) taps(place []float64) []tap {
	along := make([][]tap, len(s.size))
	for axis, n := range s.size {
		along[axis] = s.along(place[len(place)-1-axis], n)
	}
	return joint(along, s.size)
}

// joint combines the taps along the axes of a map into taps of the map.
func joint(along [][]tap, size []int) []tap {
	all := []tap{{0, 1}}
	for axis, n := range size {
		next := make([]tap, 0, len(all)*len(along[axis]))
		for _, t := range all {
			for _, u := range along[axis] {
				next = append(next, tap{t.at*n + u.at, t.weight * u.weight})
			}
		}
		all = next
	}
	return all
}

// along weighs the n elements of an axis for coordinate v, which goes from −1 to 1.
func (s *sampler) along(v float64, n int) []tap {
	if v != v || math.IsInf(v, 0) && s.padding == "reflection" {
		return []tap{{0, math.NaN()}}
	}
	low, high := -0.5, float64(n)-0.5
	x := ((v+1)*float64(n) - 1) / 2
	if s.corners {
		low, high = 0, float64(n-1)
		x = (v + 1) / 2 * high
	}
	reach, shape := 1.0, triangle
	switch s.mode {
	case "nearest":
		x, reach = math.RoundToEven(x), 0
	case "cubic", "bicubic":
		reach, shape = 2, func(d float64) float64 { return cubic(d, -0.75) }
	}
	if s.padding == "reflection" {
		x = reflected(x, low, high)
	} else { // all that is further away sees the same zeros, or the same border
		x = math.Max(-3, math.Min(x, float64(n+2)))
	}
	list := make([]tap, 0, 5)
	for i := math.Ceil(x - reach); i <= math.Floor(x+reach); i++ {
		at := i
		switch {
		case i >= 0 && i < float64(n):
		case s.padding == "zeros":
			continue
		case s.padding == "reflection":
			at = reflected(i, low, high)
		}
		list = append(list, tap{clampIndex(at, n), shape(i - x)})
	}
	return list
}

// reflected folds x at low and at high until it lies between them.
func reflected(x, low, high float64) float64 {
	if high <= low {
		return low
	}
	period := 2 * (high - low)
	d := math.Mod(math.Abs(x-low), period)
	return low + math.Min(d, period-d)
}

// affineGrid makes a grid for GridSample: the places of a map of size [N, C, D1, …], moved
// by a matrix for each sample, [N, r, r+1].
func affineGrid(c *call) ([]*Tensor, error) {
	theta, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	shape, err := c.sizes(1)
	if err != nil {
		return nil, err
	}
	corners := c.flag("align_corners", false)
	r := len(shape) - 2
	if r < 1 || !slices.Equal(theta.Shape, []int{shape[0], r, r + 1}) {
		return nil, fmt.Errorf("matrices of shape %v do not fit maps of size %v", theta.Shape, shape)
	}
	size := shape[2:]
	grid, err := newTensor(theta.Type, append(append([]int{shape[0]}, size...), r)...)
	if err != nil {
		return nil, err
	}
	steps, place := strides(size), make([]float64, r+1)
	for p := range len(grid.Floats) / r {
		n, at := p/max(1, product(size)), p%product(size)
		for axis, d := range size { // x, the last axis, comes first
			place[r-1-axis] = gridPlace(at/steps[axis]%d, d, corners)
		}
		place[r] = 1
		for row := range r {
			for k, v := range place {
				grid.Floats[p*r+row] += theta.Floats[(n*r+row)*(r+1)+k] * v
			}
		}
	}
	return []*Tensor{grid}, nil
}

// gridPlace is the coordinate, from −1 to 1, of element i of n.
func gridPlace(i, n int, corners bool) float64 {
	switch {
	case !corners:
		return (2*float64(i)+1)/float64(n) - 1
	case n == 1:
		return 0
	}
	return 2*float64(i)/float64(n-1) - 1
}
