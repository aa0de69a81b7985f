package checker

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// windows wants settings of as many numbers as there are axes of space, and a kernel of the
// weight's shape.
func windows(o *operands) error {
	x := o.dims(0)
	if x == nil {
		return nil
	}
	space := len(x) - 2
	for name, count := range map[string]int{"kernel_shape": space, "strides": space, "dilations": space, "pads": 2 * space, "output_padding": space} {
		v, err := o.n.Ints(name, nil)
		if err == nil && v != nil && len(v) != count {
			return fmt.Errorf("attribute %q has %d numbers, %s needs %d", name, len(v), o.of(0), count)
		}
		least := int64(1)
		if name == "pads" || name == "output_padding" {
			least = 0
		}
		if err == nil && slices.Min(append(v, least)) < least {
			return fmt.Errorf("attribute %q is %v, it must be %d or more", name, v, least)
		}
	}
	kernel, _ := o.n.Ints("kernel_shape", nil)
	if w := o.dims(1); kernel != nil && len(w) == len(x) {
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
	auto, err := o.n.String("auto_pad", "NOTSET")
	if pads == nil || dilations == nil || err != nil || auto != "NOTSET" {
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
