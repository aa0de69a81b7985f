package checker

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// windowAttrs are the settings of windows: how many numbers an axis of space has of each, and
// the least that these may be.
var windowAttrs = []struct {
	name        string
	each, least int
}{
	{"kernel_shape", 1, 1}, {"strides", 1, 1}, {"dilations", 1, 1}, {"pads", 2, 0}, {"output_padding", 1, 0},
}

// windows wants settings of as many numbers as there are axes of space, and a kernel of the
// weight's shape.
func windows(o *operands) error {
	x := o.dims(0)
	if x == nil {
		return nil
	}
	for _, a := range windowAttrs {
		v, err := o.n.Ints(a.name, nil)
		count := a.each * (len(x) - 2)
		switch {
		case err != nil || v == nil:
		case len(v) != count:
			return fmt.Errorf("attribute %q has %d numbers, %s needs %d", a.name, len(v), o.of(0), count)
		case count > 0 && slices.Min(v) < int64(a.least):
			return fmt.Errorf("attribute %q is %v, its numbers must be %d or more", a.name, v, a.least)
		}
	}
	kernel, _ := o.n.Ints("kernel_shape", nil)
	w := o.dims(1)
	if len(w) == len(x) && slices.Contains(w[2:], 0) {
		return fmt.Errorf("%s is a kernel of no elements", o.of(1))
	}
	if kernel != nil && len(w) == len(x) {
		for i, k := range kernel {
			if !fits(w[i+2], ir.ToInt(k)) {
				return fmt.Errorf("attribute \"kernel_shape\" is %v, but the weight is %s", kernel, o.of(1))
			}
		}
	}
	if o.n.OpType == "ConvTranspose" {
		return nil
	}
	return reach(o, x[2:], kernel)
}

// reach wants windows that are no larger than the space with its padding.
func reach(o *operands, x []int, kernel []int64) error {
	pads, dilations := shapeinfer.IntsAttr(o.n, "pads", 2*len(x), 0, 0), shapeinfer.IntsAttr(o.n, "dilations", len(x), 1, 1)
	auto, err1 := o.n.String("auto_pad", "NOTSET")
	ceil, err2 := o.n.Int("ceil_mode", 0) // lets a last window reach beyond the padding
	if pads == nil || dilations == nil || err1 != nil || auto != "NOTSET" || err2 != nil || ceil != 0 {
		return nil
	}
	for i, k := range kernel {
		if x[i] != ir.BatchDim && k <= ir.MostVolume/int64(dilations[i]) && int64(dilations[i])*(k-1)+1 > int64(x[i]+pads[i]+pads[i+len(x)]) {
			return fmt.Errorf("attribute \"kernel_shape\" is %v, which is larger than %s with its padding", kernel, o.of(0))
		}
	}
	return nil
}

// channels wants a weight for those of the input, and a bias for those of the result.
func channels(o *operands) error {
	x, w, bias := o.dims(0), o.dims(1), o.dims(2)
	group, err := o.n.Int("group", 1)
	if x == nil || w == nil || err != nil {
		return nil
	}
	switch {
	case group < 1 || w[0] > 0 && int64(w[0])%group != 0:
		return fmt.Errorf("attribute \"group\" is %d, which does not divide the channels of %s", group, o.of(1))
	case w[1] > 0 && x[1] > 0 && int64(w[1])*group != int64(x[1]):
		return fmt.Errorf("%s has %d channels, the weight, %s, takes %d", o.of(0), x[1], o.of(1), int64(w[1])*group)
	case bias != nil && (len(bias) != 1 || !fits(bias[0], w[0])):
		return fmt.Errorf("the bias, %s, must have one number for each channel of %s", o.of(2), o.of(1))
	}
	return nil
}
