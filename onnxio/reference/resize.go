package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// resizeOps change the size of maps by interpolation.
var resizeOps = map[string]op{
	"Resize":   resize,
	"Upsample": upsample,
}

// resized is how Resize goes along one axis.
type resized struct {
	in, out    int
	scale      float64
	start, end float64 // of the region, as parts of the axis (tf_crop_and_resize)
}

// width is the number of outputs before it is rounded down.
func (r resized) width() float64 { return r.scale * float64(r.in) }

// resize takes x, a region (from opset 11 on), scales, and sizes instead of scales. It goes
// along one axis after the other.
func resize(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	f := c.resizeFilter()
	axes, err := c.resizedAxes(x.Shape)
	if err == nil {
		err = c.err
	}
	if err != nil {
		return nil, err
	}
	return one(f.apply(x, axes))
}

// scaledAxes is for scales of all axes.
func scaledAxes(shape []int, scales []float64) ([]resized, error) {
	if len(scales) != len(shape) {
		return nil, fmt.Errorf("there are %d scales for an input of shape %v", len(scales), shape)
	}
	axes := make([]resized, len(shape))
	for i, s := range scales {
		axes[i] = resized{in: shape[i], scale: s, end: 1}
	}
	return axes, setOutputs(axes)
}

// setOutputs computes the sizes that scales give. Like ONNX's own shape inference it
// multiplies in float32, so that ten times 0.7 is 7, and takes the whole axis, whatever the
// region (the text of the specification takes the region).
func setOutputs(axes []resized) error {
	for i := range axes {
		r := &axes[i]
		size := math.Floor(round(graph.Float, r.width()))
		if !(r.scale > 0) || !(size >= 0 && size <= MaxElements) {
			return fmt.Errorf("axis %d of size %d cannot be scaled by %v", i, r.in, r.scale)
		}
		r.out = int(size)
	}
	return nil
}

// resizedAxes reads what Resize is to do along each axis.
func (c *call) resizedAxes(shape []int) ([]resized, error) {
	if c.opset < 11 {
		t, err := c.floats(1)
		if err != nil {
			return nil, err
		}
		return scaledAxes(shape, t.Floats)
	}
	which, err := c.resizeWhich(len(shape))
	if err != nil {
		return nil, err
	}
	axes := make([]resized, len(shape))
	for i, d := range shape {
		axes[i] = resized{in: d, out: d, scale: 1, end: 1}
	}
	if err := c.resizeRegion(axes, which); err != nil {
		return nil, err
	}
	if t := c.optional(3); t != nil && t.Len() > 0 {
		return axes, c.resizeTo(axes, which)
	}
	scales, err := c.floats(2)
	if err != nil {
		return nil, err
	}
	if len(scales.Floats) != len(which) {
		return nil, fmt.Errorf("there are %d scales for %d axes", len(scales.Floats), len(which))
	}
	for i, a := range which {
		axes[a].scale = scales.Floats[i]
	}
	return axes, setOutputs(axes)
}

// resizeWhich are the axes that the inputs speak of: all of them, or those that the
// attribute names.
func (c *call) resizeWhich(rank int) ([]int, error) {
	if c.has("axes") {
		return axesOf(c.ints("axes"), rank)
	}
	which := make([]int, rank)
	for i := range which {
		which[i] = i
	}
	return which, nil
}

// resizeRegion reads the region of tf_crop_and_resize: all starts, then all ends.
func (c *call) resizeRegion(axes []resized, which []int) error {
	if c.string("coordinate_transformation_mode", places...) != crop {
		return nil
	}
	roi, err := c.floats(1)
	if err != nil {
		return err
	}
	if len(roi.Floats) != 2*len(which) {
		return fmt.Errorf("the region has %d numbers for %d axes", len(roi.Floats), len(which))
	}
	for i, a := range which {
		axes[a].start, axes[a].end = roi.Floats[i], roi.Floats[len(which)+i]
	}
	return nil
}

// resizeTo takes sizes, which may be bounds of a map that keeps its proportions.
func (c *call) resizeTo(axes []resized, which []int) error {
	sizes, err := c.sizes(3)
	if err != nil {
		return err
	}
	if len(sizes) != len(which) {
		return fmt.Errorf("there are %d sizes for %d axes", len(sizes), len(which))
	}
	scales := make([]float64, len(which))
	for i, a := range which {
		if axes[a].in == 0 {
			return fmt.Errorf("axis %d is empty: it cannot be resized", a)
		}
		scales[i] = float64(sizes[i]) / float64(axes[a].in)
	}
	policy := c.string("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller")
	for i, a := range which {
		r := &axes[a]
		r.scale, r.out = scales[i], sizes[i]
		switch policy {
		case "not_larger":
			r.scale = slices.Min(scales)
		case "not_smaller":
			r.scale = slices.Max(scales)
		}
		if policy != "stretch" {
			r.out = int(math.Floor(r.width() + 0.5))
		}
	}
	return nil
}
