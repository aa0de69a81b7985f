package rewrite

// Place says where a value of the file is in the cleaned model: in which value, and how its
// axes lie there. Both have the same elements, cut into parts: one for each axis, or several
// where axes have been joined.
type Place struct {
	Value string
	// Sizes are those of the parts, in the order of the cleaned value; the first is the
	// batch, whose size here says nothing.
	Sizes []int
	// Groups is how many parts each axis of the cleaned value has.
	Groups []int
	// Axes lists the parts of each axis of the file's value. nil is the same as the cleaned
	// value's, whatever its sizes.
	Axes [][]int
}

// Place finds a value of the file; ok is false if no value of the cleaned model has its
// elements, as far as is known.
func (r *Result) Place(value string) (p Place, ok bool) {
	if to := r.alias[value]; to != "" {
		value = to
	}
	v, laidOut := r.views[value]
	if !laidOut {
		return Place{Value: value}, r.views == nil
	}
	if to, again := r.regrouped[v.name]; again {
		if !v.plain() {
			return Place{}, false
		}
		v = to
	}
	if len(v.groups) == 0 || v.groups[0] != 1 {
		return Place{}, false
	}
	p = Place{Value: v.name, Groups: v.groups, Axes: v.axes}
	for i, s := range v.parts {
		if i > 0 && s[0] != s[1] {
			return Place{}, false // the batch is a part of another axis
		}
		p.Sizes = append(p.Sizes, s[0])
	}
	return p, true
}
