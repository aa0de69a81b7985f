package checker

import "fmt"

// rank wants so many axes of operand k, at least; most of 0 is no bound.
func rank(k, least, most int) conflictRule {
	return func(o *operands) error {
		d := o.dims(k)
		switch {
		case d == nil || len(d) >= least && (most == 0 || len(d) <= most):
			return nil
		case least == most:
			return fmt.Errorf("%s must have %d axes", o.of(k), least)
		}
		return fmt.Errorf("%s must have %d axes or more", o.of(k), least)
	}
}

func sameRank(j, k int) conflictRule {
	return func(o *operands) error {
		a, b := o.dims(j), o.dims(k)
		if a == nil || b == nil || len(a) == len(b) {
			return nil
		}
		return fmt.Errorf("%s and %s must have as many axes", o.of(j), o.of(k))
	}
}

// number wants no axes of operand k.
func number(k int) conflictRule {
	return func(o *operands) error {
		if len(o.dims(k)) > 0 {
			return fmt.Errorf("%s must be a number, without axes", o.of(k))
		}
		return nil
	}
}

// elements wants so many numbers as operand k; one may have no axis.
func elements(k, count int) conflictRule {
	return func(o *operands) error {
		d := o.dims(k)
		switch {
		case d == nil || count == 1 && len(d) == 0 || len(d) == 1 && fits(d[0], count):
			return nil
		case count == 1:
			return fmt.Errorf("%s must have one element", o.of(k))
		}
		return fmt.Errorf("%s must have %d elements", o.of(k), count)
	}
}

// sameCount wants first axes of one size.
func sameCount(j, k int) conflictRule {
	return func(o *operands) error {
		a, b := o.dims(j), o.dims(k)
		if len(a) == 0 || len(b) == 0 || fits(a[0], b[0]) {
			return nil
		}
		return fmt.Errorf("%s and %s must have one size on their first axes", o.of(j), o.of(k))
	}
}

// positive wants an attribute of 1 or more.
func positive(name string) conflictRule {
	return func(o *operands) error {
		if v, err := o.n.Int(name, 1); err == nil && v < 1 {
			return fmt.Errorf("attribute %q is %d, it must be 1 or more", name, v)
		}
		return nil
	}
}

// heads wants to know into how many heads an operand without an axis for them is divided.
func heads(o *operands) error {
	if len(o.dims(0)) == 3 && o.n.Attr("num_heads") == nil {
		return fmt.Errorf("attribute \"num_heads\" is missing, which %s needs", o.of(0))
	}
	return nil
}

// gathers wants positions in no more axes than there are behind those that are gone through
// together.
func gathers(o *operands) error {
	x, at := o.dims(0), o.dims(1)
	batch, err := o.n.Int("batch_dims", 0)
	if x == nil || len(at) == 0 || err != nil {
		return nil
	}
	last := max(at[len(at)-1], 0)
	if batch < 0 || batch >= int64(min(len(x), len(at))) || last > len(x)-int(batch) {
		return fmt.Errorf("%s has positions of %d axes, %s has not so many behind the %d of attribute \"batch_dims\"", o.of(1), last, o.of(0), batch)
	}
	return nil
}
