package reference

import (
	"math"
	"slices"
)

// filter is how Resize and Upsample compute an output from inputs near its place.
type filter struct {
	mode    string  // nearest, linear or cubic
	place   string  // coordinate_transformation_mode
	nearest string  // how nearest rounds
	cubic   float64 // coefficient of the cubic
	inside  bool    // neighbours outside of the map do not count
	smooth  bool    // antialias: a filter as wide as an output
	beyond  float64 // what lies outside, with a region
}

const crop = "tf_crop_and_resize"

var places = []string{"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", crop}

// resizeFilter reads the attributes of Resize. Opset 10 had only one way: places count from
// the corner, and nearest rounds down, or up where the map becomes smaller (as ONNX's cases
// and ONNX Runtime of that time do).
func (c *call) resizeFilter() *filter {
	f := &filter{mode: c.string("mode", "nearest", "linear", "cubic"), place: "asymmetric", nearest: "simple"}
	if c.opset >= 11 {
		f.place = c.string("coordinate_transformation_mode", places...)
		f.nearest = c.string("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
		f.cubic = c.float("cubic_coeff_a", -0.75)
		f.inside = c.flag("exclude_outside", false)
		f.smooth = c.flag("antialias", false) && f.mode != "nearest"
		f.beyond = c.float("extrapolation_value", 0)
	}
	return f
}

// tap is one input and how much it counts.
type tap struct {
	at     int
	weight float64
}

// apply goes along all axes. Nearest without a region only moves elements, of any type.
func (f *filter) apply(x *Tensor, axes []resized) (*Tensor, error) {
	if f.mode == "nearest" && f.place != crop {
		return f.move(x, axes)
	}
	y, err := x.inFloat64()
	if err != nil {
		return nil, err
	}
	for axis, r := range axes {
		if r == (resized{r.in, r.in, 1, 0, 1}) {
			continue
		}
		shape := slices.Clone(y.Shape)
		shape[axis] = r.out
		next, err := newTensor(y.Type, shape...)
		if err != nil {
			return nil, err
		}
		outer, n, inner := around(y.Shape, axis)
		taps := f.taps(r)
		for o := range outer {
			for k, list := range taps {
				row := next.Floats[(o*r.out+k)*inner:][:inner]
				if list == nil {
					fill(row, f.beyond)
				}
				for _, t := range list {
					addScaled(row, t.weight, y.Floats[(o*n+t.at)*inner:][:inner], 1)
				}
			}
		}
		y = next
	}
	if !isFloat(x.Type) {
		y = like(y, slices.Clone(y.Floats))
		for i, v := range y.Floats {
			y.Floats[i] = math.RoundToEven(v)
		}
	}
	return y.as(x.Type), nil
}

// move picks the nearest element along each axis.
func (f *filter) move(x *Tensor, axes []resized) (*Tensor, error) {
	for axis, r := range axes {
		shape := slices.Clone(x.Shape)
		shape[axis] = r.out
		if _, err := sizeOf(shape); err != nil {
			return nil, err
		}
		nearest := make([]int, r.out)
		for i, list := range f.taps(r) {
			nearest[i] = list[0].at
		}
		var err error
		if x, err = x.gather(axis, []int{r.out}, nearest); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// taps gives for each output along an axis the inputs that it is made of, nil if it lies
// outside of the map.
func (f *filter) taps(r resized) [][]tap {
	list := make([][]tap, r.out)
	for o := range list {
		x := f.coordinate(r, float64(o))
		if f.place == crop && !(x >= 0 && x <= float64(r.in-1)) {
			continue
		}
		if f.mode == "nearest" {
			list[o] = []tap{{clampIndex(f.round(x, r.scale), r.in), 1}}
			continue
		}
		list[o] = f.kernel(x, r)
	}
	return list
}
