package checker

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// axisIn wants an attribute axis that operand 0 has, or that lies so far behind its last.
func axisIn(otherwise, behind int64) conflictRule {
	return func(o *operands) error {
		x := o.dims(0)
		axis, err := o.n.Int("axis", otherwise)
		if x == nil || err != nil {
			return nil
		}
		if r := int64(len(x)); axis < -r || axis >= r+behind {
			return fmt.Errorf("attribute \"axis\" is %d, which %s does not have", axis, o.of(0))
		}
		return nil
	}
}

// insertsAxis wants an attribute axis at which the result has one more than operand 0.
func insertsAxis(o *operands) error {
	x := o.dims(0)
	axis, err := o.n.Int("axis", -1)
	if x == nil || err != nil {
		return nil
	}
	if _, ok := shapeinfer.FromFront([]int64{axis}, len(x)+1); !ok {
		return fmt.Errorf("attribute \"axis\" is %d, where %s cannot have one more", axis, o.of(0))
	}
	return nil
}

// axesIn wants axes in operand k that operand 0 has.
func axesIn(k int) conflictRule {
	return func(o *operands) error {
		x := o.dims(0)
		axes, known := o.ints(k)
		if x == nil || !known {
			return nil
		}
		return o.have(k, axes, len(x))
	}
}

// have wants axes, which operand k holds, that lie in a rank.
func (o *operands) have(k int, axes []int64, rank int) error {
	if _, ok := shapeinfer.FromFront(axes, rank); !ok {
		return fmt.Errorf("%s has axes %v, of which %s does not have all", o.at(k), axes, o.of(0))
	}
	return nil
}

// squeezes wants axes of one element.
func squeezes(o *operands) error {
	x := o.dims(0)
	axes, known := o.ints(1)
	if x == nil || !known {
		return nil
	}
	front, _ := shapeinfer.FromFront(axes, len(x))
	for _, a := range front {
		if !fits(x[a], 1) {
			return fmt.Errorf("%s has axes %v, but %s has more than one element there", o.at(1), axes, o.of(0))
		}
	}
	return nil
}

// unsqueezes wants axes of the result, each once.
func unsqueezes(o *operands) error {
	x := o.dims(0)
	axes, known := o.ints(1)
	if x == nil || !known {
		return nil
	}
	front, ok := shapeinfer.FromFront(axes, len(x)+len(axes))
	slices.Sort(front)
	if !ok || len(slices.Compact(front)) != len(axes) {
		return fmt.Errorf("%s has axes %v, which are none of the result's, or one is there twice; it has %d", o.at(1), axes, len(x)+len(axes))
	}
	return nil
}

// permutes wants a permutation of the axes.
func permutes(o *operands) error {
	x := o.dims(0)
	if perm, _ := o.n.Ints("perm", nil); x != nil && perm != nil && shapeinfer.PermOf(o.n, len(x)) == nil {
		return fmt.Errorf("attribute \"perm\" is %v, which is no order of the axes of %s", perm, o.of(0))
	}
	return nil
}

// reshapes wants as many elements as there are.
func reshapes(o *operands) error {
	x := o.dims(0)
	to, known := o.ints(1)
	allowZero, _ := o.n.Int("allowzero", 0)
	if x == nil || !known {
		return nil
	}
	wrong := func() error { return fmt.Errorf("%s cannot have shape %v", o.of(0), to) }
	have, want, free := 1, 1, 0
	open := slices.Contains(x, ir.BatchDim)
	if !open {
		have = ir.Volume(x)
	}
	for i, d := range to {
		switch {
		case d == -1:
			free++
		case d == 0 && allowZero == 0 && i >= len(x), d < -1:
			return wrong()
		case d == 0 && allowZero == 0 && x[i] == ir.BatchDim:
			open = true
		case d == 0 && allowZero == 0:
			want *= x[i]
		case d > ir.MostVolume/int64(max(want, 1)):
			return wrong()
		default:
			want *= int(d)
		}
	}
	switch {
	case free > 1:
		return wrong()
	case open || free == 0 && want == have || free == 1 && want != 0 && have%want == 0:
		return nil
	case free == 1 && want == 0:
		return nil
	}
	return wrong()
}

// pads wants two numbers an axis.
func pads(o *operands) error {
	x, pads := o.dims(0), o.dims(1)
	named := len(o.n.Inputs) > 3 && o.n.Inputs[3] != ""
	if x == nil || pads == nil || len(pads) == 1 && (named || fits(pads[0], 2*len(x))) {
		return nil
	}
	return fmt.Errorf("%s must have two numbers for each axis of %s", o.of(1), o.of(0))
}

// slicesAxes wants as many ends as starts, and axes that are there.
func slicesAxes(o *operands) error {
	x, starts := o.dims(0), o.dims(1)
	for k := 2; k < len(o.n.Inputs); k++ {
		if d := o.dims(k); len(starts) == 1 && d != nil && (len(d) != 1 || !fits(d[0], starts[0])) {
			return fmt.Errorf("%s and %s must have as many numbers", o.of(1), o.of(k))
		}
	}
	if axes, known := o.ints(3); known && x != nil {
		return o.have(3, axes, len(x))
	}
	return nil
}
