package conformance

import (
	"fmt"
	"path"
	"strings"
)

// list is the cases that are not supported, in groups.
type list []*group

// group is cases that one reason keeps from passing.
type group struct {
	reason string
	errors []string // one of these is part of the error that each case gives
	cases  []string // patterns of path.Match over suite/name
	but    []string // and of cases that are not meant
	used   []bool   // by pattern of cases
}

// parse reads a list. Empty lines separate groups; a group is its reason, the errors,
// the patterns, and those of cases that are not meant:
//
//	reason: Strings are not evaluated.
//	error: operator StringConcat is not known
//	node/test_string_concat*
//	but: node/*_expanded
func parse(text string) (list, error) {
	var l list
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		g := &group{}
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "reason":
				g.reason = value
			case "error":
				g.errors = append(g.errors, value)
			case "but":
				g.but = append(g.but, value)
			default:
				g.cases = append(g.cases, key)
			}
		}
		if g.reason == "" || len(g.errors) == 0 || len(g.cases) == 0 {
			return nil, fmt.Errorf("list of unsupported cases: a group needs reason, error and cases:\n%s", block)
		}
		for _, pattern := range append(g.cases, g.but...) {
			if _, err := path.Match(pattern, ""); err != nil || !strings.Contains(pattern, "/") {
				return nil, fmt.Errorf("list of unsupported cases: %q is no pattern of suite/name", pattern)
			}
		}
		g.used = make([]bool, len(g.cases))
		l = append(l, g)
	}
	return l, nil
}

// judge says what is wrong with the outcome of a case, "" if nothing is.
func (l list) judge(id string, err error) string {
	var fits []*group
	for _, g := range l {
		if g.match(id) {
			fits = append(fits, g)
		}
	}
	switch {
	case err == nil && len(fits) > 0:
		return "it passes, but is listed as unsupported: " + fits[0].reason
	case err == nil:
		return ""
	case len(fits) == 0:
		return firstLine(err)
	case len(fits) > 1:
		return fmt.Sprintf("two groups list it: %q and %q", fits[0].reason, fits[1].reason)
	}
	for _, part := range fits[0].errors {
		if strings.Contains(err.Error(), part) {
			return ""
		}
	}
	return fmt.Sprintf("it fails, but not as listed (%s): %s", fits[0].reason, firstLine(err))
}

// match tells whether one of the patterns fits, and notes which do.
func (g *group) match(id string) bool {
	for _, pattern := range g.but {
		if ok, _ := path.Match(pattern, id); ok {
			return false
		}
	}
	any := false
	for i, pattern := range g.cases {
		if ok, _ := path.Match(pattern, id); ok {
			g.used[i], any = true, true
		}
	}
	return any
}

// unused are the patterns that no case has fitted.
func (l list) unused() []string {
	var r []string
	for _, g := range l {
		for i, pattern := range g.cases {
			if !g.used[i] {
				r = append(r, pattern)
			}
		}
	}
	return r
}
