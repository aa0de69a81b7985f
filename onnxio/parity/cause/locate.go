package cause

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// suspect is a layer that gives another value than the reference's from the reference's values.
type suspect struct {
	name  string
	stage *stage
	given []string
	error float64
	alone bool // with the reference's value of this layer the outputs agree
}

const mostSuspects = 3

// places are the values and layers at which corrections are tried, in the network's order.
func (u *suspect) places() []string {
	names := slices.Clone(u.given)
	for _, node := range u.stage.c.Net.Nodes() {
		if u.stage.inside[node.Name] {
			names = append(names, node.Name)
		}
	}
	return names
}

// locate finds the suspects. A layer whose value differs, but that the reference's next values
// follow from, differs only inside, as with a folded batch normalisation: it is none.
func (s *search) locate() error {
	unusable := map[string]bool{}
	defer func() { s.judge(unusable) }()
	for _, node := range s.c.Net.Nodes() {
		want := s.c.Want[node.Name]
		if !s.recorded(node.Name) || slices.Contains(s.whole.targets, node.Name) && !s.innerRecorded() {
			continue
		}
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		u := s.segment(node.Name, unusable)
		if u == nil {
			continue
		}
		u.error = s.c.errorOf(u.stage.values[node.Name], want)
		if u.error <= 1 {
			continue
		}
		if s.excused(u, unusable) {
			unusable[node.Name] = true
			continue
		}
		s.suspects = append(s.suspects, u)
	}
	return nil
}

// judge drops suspects whose error is rounding beside that of others, and those that another
// one explains.
func (s *search) judge(unusable map[string]bool) {
	worst := 0.0
	for _, u := range s.suspects {
		if !math.IsInf(u.error, 1) {
			worst = max(worst, u.error)
		}
	}
	s.suspects = slices.DeleteFunc(s.suspects, func(u *suspect) bool { return u.error < worst/300 })
	for i, u := range s.suspects {
		if i == 0 {
			s.f.FirstWrong = u.name
		}
		u.alone = s.suffices(u.name, s.c.Want[u.name])
	}
	s.wrong = slices.Clone(s.suspects)
	if len(s.suspects) == 0 || s.suspects[0].alone {
		return
	}
	for i, u := range s.suspects {
		unusable[u.name] = true
		own := *u
		s.wrong[i] = &own
	}
	if first := s.suspects[0]; s.extend(first, unusable) {
		s.suspects = append(s.suspects[:1], slices.DeleteFunc(s.suspects[1:], func(u *suspect) bool {
			return first.stage.inside[u.name]
		})...)
	}
}

// suffices reports whether the outputs agree with another value of a layer.
func (s *search) suffices(name string, y *nn.Tensor) bool {
	return s.whole.patch(name).error(y, s.whole.values, s.whole.want) <= 1
}

// extend replaces a suspect's part of the network by a longer one, to the first layer from whose
// value in the reference the outputs follow. The suspect's own value in the reference may be
// that of another layer. It reports whether there is such a layer.
func (s *search) extend(u *suspect, unusable map[string]bool) bool {
	behind := s.whole.behind(u.name)
	for _, node := range s.c.Net.Nodes() {
		if !behind[node.Name] || slices.Contains(s.whole.targets, node.Name) || !s.recorded(node.Name) {
			continue
		}
		if s.suffices(node.Name, s.c.Want[node.Name]) {
			longer := s.segment(node.Name, unusable)
			if longer == nil || !longer.stage.inside[u.name] {
				return false
			}
			*u = *longer
			u.alone, u.error = true, u.stage.before
			return true
		}
		unusable[node.Name] = true
	}
	return false
}

// recorded reports whether the reference's value of a layer is known, in whatever shape.
func (s *search) recorded(name string) bool {
	t := s.c.Want[name]
	return isBatch(t) && t.Shape[0] == s.c.samples()
}

// usable reports whether the layer's readers can be given the reference's value.
func (s *search) usable(name string) bool {
	return s.recorded(name) && s.c.Net.Node(name).Shape.Equal(s.c.Want[name].Shape[1:])
}

// innerRecorded reports whether values other than those of the outputs are known.
func (s *search) innerRecorded() bool {
	for _, node := range s.c.Net.Nodes() {
		if s.recorded(node.Name) && !slices.Contains(s.whole.targets, node.Name) {
			return true
		}
	}
	return false
}

// segment is the part of the network from the nearest values of the reference to a layer.
func (s *search) segment(name string, unusable map[string]bool) *suspect {
	inside, given := map[string]bool{}, map[string]bool{}
	var back func(n string)
	back = func(n string) {
		node := s.c.Net.Node(n)
		switch {
		case inside[n] || given[n]:
		case node == nil, n != name && s.usable(n) && !unusable[n]:
			given[n] = true
		default:
			inside[n] = true
			for _, in := range node.Inputs {
				back(in)
			}
		}
	}
	back(name)
	u := &suspect{name: name, given: slices.Sorted(maps.Keys(given))}
	values := s.reference(given)
	if !s.compute(values, inside) {
		return nil
	}
	// Earlier values are for residuals that are missing.
	for _, node := range s.c.Net.Nodes() {
		if n := node.Name; values[n] == nil {
			values[n] = s.whole.values[n]
			if s.usable(n) && !unusable[n] {
				values[n] = s.c.Want[n]
			}
		}
	}
	for _, p := range s.c.Net.Inputs() {
		values[p.Name] = s.c.Inputs[p.Name]
	}
	s.addUnplaced(values)
	u.stage = newStage(s.c, inside, values, []string{name}, batch{name: s.c.Want[name]})
	return u
}

// reference are the reference's values of layers and inputs.
func (s *search) reference(names map[string]bool) batch {
	values := batch{}
	for n := range names {
		if x := s.c.Inputs[n]; x != nil && s.c.Net.Node(n) == nil {
			values[n] = x
		} else {
			values[n] = s.c.Want[n]
		}
	}
	return values
}

// compute adds the values of layers to those that they depend on.
func (s *search) compute(values batch, inside map[string]bool) bool {
	shapes := map[string]nn.Shape{}
	for n, t := range values {
		shapes[n] = t.Shape[1:]
	}
	sec, err := newSection(s.c.Net, shapes, func(n string) bool { return inside[n] }, slices.Sorted(maps.Keys(inside)))
	if err != nil {
		return false
	}
	out, err := sec.run(func(n string) *nn.Tensor {
		if t := values[n]; t != nil {
			return t
		}
		return s.whole.values[n]
	})
	if err != nil {
		return false
	}
	maps.Copy(values, out)
	return true
}

// excused reports whether the reference's later values follow from the value of u as the network
// computes it, on all ways to the outputs.
func (s *search) excused(u *suspect, unusable map[string]bool) bool {
	behind := s.whole.behind(u.name)
	values := batch{u.name: u.stage.values[u.name]}
	for _, node := range s.c.Net.Nodes() {
		for _, in := range node.Inputs {
			if behind[node.Name] && !behind[in] && in != u.name {
				values[in] = u.stage.values[in]
			}
		}
	}
	if !s.compute(values, behind) {
		return false
	}
	good := func(n string) bool {
		return s.recorded(n) && s.c.errorOf(values[n], s.c.Want[n]) <= 1
	}
	seen := map[string]bool{}
	var leaks func(n string) bool // whether an output is reached past all good values
	leaks = func(n string) bool {
		if slices.Contains(s.whole.targets, n) {
			return true
		}
		for _, node := range s.c.Net.Nodes() {
			if seen[node.Name] || !slices.Contains(node.Inputs, n) {
				continue
			}
			seen[node.Name] = true
			if !good(node.Name) && leaks(node.Name) {
				return true
			}
		}
		return false
	}
	return !slices.Contains(s.whole.targets, u.name) && !leaks(u.name)
}
