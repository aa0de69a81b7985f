package match

// variable is an unknown order of channels. Layers whose outputs are added share one, so
// variables are united; find returns the one that stands for all of them.
type variable struct {
	parent *variable // nil for the one that stands for all
	n      int       // channels
	fixed  bool      // they stay in order
	within int       // only channels in the same run of so many may be exchanged; 0 for all

	perm     []int // channel i of the first network is perm[i] of the second
	resolved bool
	version  int // counts the changes of perm
	terms    []*term
}

func (v *variable) find() *variable {
	for v.parent != nil {
		if v.parent.parent != nil {
			v.parent = v.parent.parent
		}
		v = v.parent
	}
	return v
}

// unite makes one variable of two.
func unite(a, b *variable) {
	a, b = a.find(), b.find()
	if a == b {
		return
	}
	if a.within != b.within {
		a.within = common(a.within, b.within)
	}
	a.fixed = a.fixed || b.fixed
	b.parent = a
}

// common is the greatest common divisor; 0 stands for no limit.
func common(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
