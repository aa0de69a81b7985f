package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// MatchClasses gives, for each class of a data set, the class of a network that has
// its name. Names are the same if they are equal, or else if they are equal but for
// case, Unicode's form and blanks, hyphens and underscores, and the network has only one
// such name. A data set may lack classes of the network; a class that the network does not
// have is an error with both lists. Of a network whose classes have no names, classes
// that are named by whole numbers below classes are those of these numbers.
//
// The result is nil if there is nothing to match: if the data set has no names, if
// the network has none and the set's are no such numbers, or if both are the same.
func MatchClasses(set, network ClassNames, classes int) ([]int, error) {
	if set == nil {
		return nil, nil
	}
	var to []int
	if network == nil {
		if to = byNumber(set, classes); to == nil {
			return nil, nil
		}
	} else {
		var unknown []string
		if to, unknown = byName(set, network); unknown != nil {
			return nil, fmt.Errorf("the network has no class %s; its classes are %s, those of the data set %s",
				someNames(unknown), someNames(network), someNames(set))
		}
	}
	for i, k := range to {
		if i != k || len(to) != classes {
			return to, nil
		}
	}
	return nil, nil
}

func byName(set, network ClassNames) (to []int, unknown []string) {
	to = make([]int, len(set))
	taken := map[int]bool{}
	for i, name := range set {
		to[i] = slices.Index(network, name)
		taken[to[i]] = true
	}
	folded := map[string][]int{} // the network's classes that no equal name has taken
	for k, name := range network {
		if !taken[k] {
			folded[foldName(name)] = append(folded[foldName(name)], k)
		}
	}
	for i, name := range set {
		if to[i] >= 0 {
			continue
		}
		like := folded[foldName(name)]
		if len(like) != 1 || taken[like[0]] {
			unknown = append(unknown, name)
			continue
		}
		to[i], taken[like[0]] = like[0], true
	}
	return to, unknown
}

// SameClassName reports whether two names are the same but for case, Unicode's form and blanks,
// hyphens and underscores.
func SameClassName(a, b string) bool { return foldName(a) == foldName(b) }

// foldName is a name in NFC and small letters with one blank for blanks, hyphens and
// underscores.
func foldName(name string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(nfc(name)))), " ")
}

// byNumber is the numbers that names are, or nil if one is no number below classes.
func byNumber(names ClassNames, classes int) []int {
	to := make([]int, len(names))
	for i, name := range names {
		k, err := strconv.Atoi(name)
		if err != nil || k < 0 || k >= classes || strconv.Itoa(k) != name {
			return nil
		}
		to[i] = k
	}
	return to
}

// someNames lists the first few names, for a message.
func someNames(names []string) string {
	const most = 12
	var parts []string
	for _, name := range names[:min(len(names), most)] {
		parts = append(parts, fmt.Sprintf("%.40q", name))
	}
	if more := len(names) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// MatchClasses is the set with the labels of a network of some classes and their names,
// as the function MatchClasses finds them, those of a set without names by number; a note
// says what has changed. Where there is nothing to match it is the set itself.
func (s *Set) MatchClasses(network ClassNames, classes int) (*Set, error) {
	if s.ClassNames == nil {
		return s.ByNumber(classes), nil
	}
	to, err := MatchClasses(s.ClassNames, network, classes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	if to == nil {
		return s, nil
	}
	how := "name"
	if network == nil {
		how = "number"
	}
	matched := s.relabelled(to, classes, how)
	matched.ClassNames = network
	return matched, nil
}

// ByNumber is the set for a network of more classes, the first of which are the set's. Where
// it has no more it is the set itself.
func (s *Set) ByNumber(classes int) *Set {
	n := s.Train.Classes()
	if n >= classes {
		return s
	}
	to := make([]int, n)
	for k := range to {
		to[k] = k
	}
	return s.relabelled(to, classes, "number")
}

// relabelled is the set with class k as class to[k] of classes; how they were matched goes
// into a note.
func (s *Set) relabelled(to []int, classes int, how string) *Set {
	matched := s.each(func(part nn.Samples) nn.Samples { return Relabel(part, to, classes) })
	note := fmt.Sprintf("classes are matched with the network's by %s", how)
	if len(to) < classes {
		note += fmt.Sprintf(": %d of its %d", len(to), classes)
	}
	matched.Notes = append(slices.Clone(s.Notes), note)
	return matched
}
