package layout

// Map tells where the values of a graph lie in the one that Run has made of it.
type Map struct {
	// Input says how the axes of the file's input lie in the model's: axis i of the file's
	// is axis Input[i], or, for −1, an axis of one element that the model's does not have.
	// Axes of the model's that are not named have one element. nil is the same order. Output
	// is the same for the output.
	Input, Output []int

	maps      map[string]axisMap // how the file's values lie in the cleaned ones
	regrouped map[string]axisMap // cleaned values that were made anew with their features in another order
}

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

// Place finds a value; ok is false if no value of the graph that Run made has its elements, as
// far as is known.
func (m *Map) Place(value string) (p Place, ok bool) {
	v, ok := m.maps[value]
	if !ok {
		return Place{Value: value}, false
	}
	if to, again := m.regrouped[v.name]; again {
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
