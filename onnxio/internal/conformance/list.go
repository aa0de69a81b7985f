package conformance

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// list says of every case what becomes of it: it passes, or a group has it.
type list struct {
	passes []*entry // patterns of cases that no group has, whatever its patterns
	groups []*group
}

// group is cases that one reason keeps from passing.
type group struct {
	reason string
	errors []*entry // one of these is part of the error that each case gives
	cases  []*entry // patterns of path.Match over suite/name
	but    []*entry // and of cases that are not meant
	count  int      // of cases that have been judged so
}

// entry is a line of the list, and whether something fitted it.
type entry struct {
	text string
	used bool
}

// parse reads a list. Empty lines separate groups; a group is its reason, the errors,
// the patterns, and those of cases that are not meant:
//
//	reason: Strings are not evaluated.
//	error: operator StringConcat is not known
//	node/test_string_concat*
//	but: node/*_expanded
//
// Where few cases pass it is shorter to name these. No group has them:
//
//	passes: node/test_relu
//	passes: node/test_add*
func parse(text string) (*list, error) {
	l := &list{}
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		g := &group{}
		passes := len(l.passes)
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch e := (&entry{text: value}); key {
			case "reason":
				g.reason = value
			case "error":
				g.errors = append(g.errors, e)
			case "but":
				g.but = append(g.but, e)
			case "passes":
				l.passes = append(l.passes, e)
			default:
				g.cases = append(g.cases, &entry{text: key})
			}
		}
		if len(l.passes) > passes && len(g.cases)+len(g.errors)+len(g.but) == 0 {
			continue
		}
		if g.reason == "" || len(g.errors) == 0 || len(g.cases) == 0 {
			return nil, fmt.Errorf("list of unsupported cases: a group needs reason, error and cases:\n%s", block)
		}
		l.groups = append(l.groups, g)
	}
	return l, l.check()
}

// check is an error if a pattern is none.
func (l *list) check() error {
	all := slices.Clone(l.passes)
	for _, g := range l.groups {
		all = append(all, g.cases...)
		all = append(all, g.but...)
	}
	for _, e := range all {
		if _, err := path.Match(e.text, ""); err != nil || !strings.Contains(e.text, "/") {
			return fmt.Errorf("list of unsupported cases: %q is no pattern of suite/name", e.text)
		}
	}
	return nil
}

// judge says what is wrong with the outcome of a case, "" if nothing is.
func (l *list) judge(id string, err error) string {
	var fits []*group
	if !match(l.passes, id) {
		for _, g := range l.groups {
			if match(g.cases, id) && !match(g.but, id) {
				fits = append(fits, g)
			}
		}
	}
	switch {
	case err == nil && len(fits) > 0:
		return "it passes, but is listed as unsupported: " + fits[0].reason
	case err == nil:
		return ""
	case len(fits) == 0:
		return firstLine(err)
	}
	for _, g := range fits {
		if g.explains(err) {
			g.count++
			return ""
		}
	}
	return fmt.Sprintf("it fails, but not as listed (%s): %s", fits[0].reason, firstLine(err))
}

// match reports whether one of the patterns fits, and notes which do.
func match(patterns []*entry, id string) bool {
	any := false
	for _, e := range patterns {
		if ok, _ := path.Match(e.text, id); ok {
			e.used, any = true, true
		}
	}
	return any
}

// explains reports whether an error is one of the group's.
func (g *group) explains(err error) bool {
	for _, e := range g.errors {
		if strings.Contains(err.Error(), e.text) {
			e.used = true
			return true
		}
	}
	return false
}

// unused are the lines that no case has fitted.
func (l *list) unused() []string {
	all := slices.Clone(l.passes)
	for _, g := range l.groups {
		all = append(all, g.errors...)
		all = append(all, g.cases...)
		all = append(all, g.but...)
	}
	var r []string
	for _, e := range all {
		if !e.used {
			r = append(r, e.text)
		}
	}
	return r
}
