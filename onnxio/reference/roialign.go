package reference

import (
	"fmt"
	"math"
)

// roiAlign pools regions of maps, given in input 1 as x1, y1, x2, y2 and in input 2 by the
// sample that each lies in. A region is cut into bins, and in each bin points are looked up
// between the elements of the map: their mean is taken, or the largest of their summands.
func roiAlign(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	rois, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	which, err := c.input(2)
	if err != nil {
		return nil, err
	}
	n := which.Len()
	if len(x.Shape) != 4 || len(rois.Shape) != 2 || rois.Shape[0] != n || rois.Shape[1] != 4 || len(which.Shape) != 1 || !isSigned(which.Type) {
		return nil, fmt.Errorf("regions of shape %v, in samples of shape %v, do not fit an input of shape %v", rois.Shape, which.Shape, x.Shape)
	}
	r := c.roiSettings(x.Shape[2], x.Shape[3])
	y, err := newTensor(x.Type, n, x.Shape[1], r.bins[0], r.bins[1])
	if err != nil {
		return nil, err
	}
	if len(y.Floats) > 0 && r.size[0]*r.size[1] == 0 {
		return nil, fmt.Errorf("the input has shape %v: its maps are empty", x.Shape)
	}
	out, in := r.bins[0]*r.bins[1], r.size[0]*r.size[1]
	for k, sample := range which.Ints {
		if sample < 0 || sample >= int64(x.Shape[0]) {
			return nil, fmt.Errorf("region %d lies in sample %d of %d", k, sample, x.Shape[0])
		}
		bins, err := r.points(rois.Floats[k*4:][:4])
		if err != nil {
			return nil, fmt.Errorf("region %d: %w", k, err)
		}
		for ch := range x.Shape[1] {
			if err := c.did(len(bins) * len(bins[0])); err != nil {
				return nil, err
			}
			m := x.Floats[(int(sample)*x.Shape[1]+ch)*in:][:in]
			for b, points := range bins {
				y.Floats[(k*x.Shape[1]+ch)*out+b] = r.pool(m, points)
			}
		}
	}
	return []*Tensor{y}, nil
}

// roiSettings are the attributes of RoiAlign and the size of a map, height first.
type roiSettings struct {
	size, bins [2]int
	ratio      int // points in a bin, along each axis; 0: one for each element
	scale      float64
	shift      float64 // from corners of elements to their middles
	forced     bool    // regions are at least one element
	largest    bool
}

func (c *call) roiSettings(height, width int) *roiSettings {
	r := &roiSettings{size: [2]int{height, width}, bins: [2]int{c.count("output_height", 1, 1), c.count("output_width", 1, 1)}}
	r.ratio, r.scale = c.count("sampling_ratio", 0, 0), c.float("spatial_scale", 1)
	r.largest = c.string("mode", "avg", "max") == "max"
	r.forced = c.opset < 16 || c.string("coordinate_transformation_mode", "half_pixel", "output_half_pixel") == "output_half_pixel"
	if !r.forced {
		r.shift = 0.5
	}
	return r
}

// points gives for each bin of a region its points, each as four taps.
func (r *roiSettings) points(roi []float64) ([][]tap, error) {
	var start, step [2]float64
	var count [2]int
	for axis := range 2 {
		start[axis] = roi[1-axis]*r.scale - r.shift
		length := roi[3-axis]*r.scale - r.shift - start[axis]
		if r.forced {
			length = math.Max(length, 1)
		}
		bin := length / float64(r.bins[axis])
		count[axis] = r.ratio
		if r.ratio == 0 {
			if !(bin <= MaxElements) {
				return nil, fmt.Errorf("it is %v elements long", length)
			}
			count[axis] = max(0, int(math.Ceil(bin)))
		}
		step[axis] = bin / float64(count[axis])
	}
	if _, err := sizeOf([]int{r.bins[0], r.bins[1], 4, count[0], count[1]}); err != nil {
		return nil, err
	}
	bins := make([][]tap, 0, r.bins[0]*r.bins[1])
	for row := range r.bins[0] {
		for column := range r.bins[1] {
			all := make([]tap, 0, 4*count[0]*count[1])
			for i := range count[0] {
				y := between(start[0]+step[0]*(float64(row*count[0]+i)+0.5), r.size[0])
				for j := range count[1] {
					x := between(start[1]+step[1]*(float64(column*count[1]+j)+0.5), r.size[1])
					all = append(all, joint([][]tap{y, x}, r.size[:])...)
				}
			}
			bins = append(bins, all)
		}
	}
	return bins, nil
}

// between weighs the two elements around place x of an axis of n. Within one element of the
// border the border counts, further outside nothing.
func between(x float64, n int) []tap {
	if !(x >= -1 && x <= float64(n)) {
		return []tap{{0, 0}, {0, 0}}
	}
	x = math.Max(0, math.Min(x, float64(n-1)))
	low := int(x)
	return []tap{{low, 1 - (x - float64(low))}, {min(low+1, n-1), x - float64(low)}}
}

// pool is the mean of points, or the largest of their summands, which is what ONNX's own
// evaluator and ONNX Runtime take for the largest point.
func (r *roiSettings) pool(m []float64, points []tap) float64 {
	if len(points) == 0 {
		return 0
	}
	sum, top := 0.0, math.Inf(-1)
	for _, t := range points {
		v := t.weight * m[t.at]
		sum, top = sum+v, math.Max(top, v)
	}
	if r.largest {
		return top
	}
	return sum / float64(len(points)/4)
}
