package match

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// segment is a part of the first axis of a value: n channels of block elements each.
type segment struct {
	v     *variable // nil if the order is fixed
	n     int
	block int
}

func (s segment) size() int { return s.n * s.block }

// free returns the variable, nil if the order is fixed.
func (s segment) free() *variable {
	if s.v == nil || s.v.find().fixed {
		return nil
	}
	return s.v.find()
}

// layout describes the first axis of a value: its channels, or the elements of a vector.
type layout []segment

// mostSegments bounds the layouts of long chains of Concat.
const mostSegments = 1024

// inOrder is a layout of fixed order.
func inOrder(n int) layout { return layout{{n: n, block: 1}} }

func (l layout) size() (n int) {
	for _, s := range l {
		n += s.size()
	}
	return n
}

// fix keeps all channels in order, and returns the layout of that.
func (l layout) fix() layout {
	for _, s := range l {
		if s.v != nil {
			s.v.find().fixed = true
		}
	}
	return inOrder(l.size())
}

// fixed reports whether all channels stay in order.
func (l layout) fixed() bool {
	return !slices.ContainsFunc(l, func(s segment) bool { return s.free() != nil })
}

// order returns, for each element of the first axis in the first network, the one in the second.
func (l layout) order() []int32 {
	order := make([]int32, 0, l.size())
	for _, s := range l {
		first := len(order)
		for i := range s.n {
			to := i
			if v := s.free(); v != nil && v.perm != nil {
				to = v.perm[i]
			}
			for k := range s.block {
				order = append(order, int32(first+to*s.block+k))
			}
		}
	}
	return order
}

// identity is the order that changes nothing.
func identity(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

// resolved reports whether the order of all channels is known.
func (l layout) resolved() bool {
	return !slices.ContainsFunc(l, func(s segment) bool {
		v := s.free()
		return v != nil && !v.resolved
	})
}

// joined is the layout of a sum or product of values: their channels share one order. If they
// are not cut alike the order of all is fixed.
func joined(values []layout) layout {
	first := values[0]
	for _, l := range values[1:] {
		alike := slices.EqualFunc(first, l, func(a, b segment) bool { return a.n == b.n && a.block == b.block })
		if !alike {
			for _, l := range values {
				l.fix()
			}
			return inOrder(first.size())
		}
	}
	for _, l := range values[1:] {
		for i, s := range l {
			switch a := first[i]; {
			case a.v == nil || s.v == nil:
				layout{a, s}.fix()
			default:
				unite(a.v, s.v)
			}
		}
	}
	return first
}

// reshaped is the layout of a value in another shape, with its elements in the same order. If
// channels do not stay together their order is fixed.
func reshaped(l layout, from, to nn.Shape) layout {
	inner, now := from[1:].Size(), to[1:].Size()
	if inner == now {
		return l
	}
	next := make(layout, len(l))
	for i, s := range l {
		if s.block*inner%now != 0 {
			l.fix()
			return inOrder(to[0])
		}
		next[i] = segment{s.v, s.n, s.block * inner / now}
	}
	return next
}

// concatenated is the layout of values one after the other.
func concatenated(values []layout) layout {
	all := slices.Concat(values...)
	if len(all) > mostSegments {
		return all.fix()
	}
	return all
}
