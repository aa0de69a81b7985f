package runs

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Filter is a condition on a value of a run.
type Filter struct {
	Name string // as for Run.Get
	Op   string // one of =, !=, <, <=, >, >=
	// Value is compared as a number where the run's value is one, else as a text.
	Value string
}

func (f Filter) String() string { return f.Name + f.Op + f.Value }

// ParseFilter reads a condition such as act=prelu, epochs>3 or test_loss<=0.06.
func ParseFilter(text string) (Filter, error) {
	at := strings.IndexAny(text, "=!<>")
	if at < 0 {
		return Filter{}, fmt.Errorf("%q has no comparison: need NAME=VALUE, or !=, <, <=, > or >= in the place of =", text)
	}
	op := text[at : at+1]
	if strings.HasPrefix(text[at+1:], "=") {
		op += "="
	}
	f := Filter{Name: strings.TrimSpace(text[:at]), Op: op, Value: strings.TrimSpace(text[at+len(op):])}
	switch {
	case op == "==":
		f.Op = "="
	case op == "!":
		return Filter{}, fmt.Errorf("%q: ! is no comparison: choose =, !=, <, <=, > or >=", text)
	}
	if f.Name == "" {
		return Filter{}, fmt.Errorf("%q compares nothing: need NAME=VALUE, as in act=prelu", text)
	}
	return f, nil
}

// Keep leaves only the runs that meet all conditions. A run that has nothing under a name does
// not meet any but !=. An error says that a condition makes no sense for these runs, an
// *UnknownError that its name is none of theirs; then all runs stay.
func (l *List) Keep(filters ...Filter) error {
	for _, f := range filters {
		if err := l.Check(f.Name); err != nil {
			return err
		}
		v, err := strconv.ParseFloat(f.Value, 64)
		if (err != nil || math.IsNaN(v)) && l.IsNumber(f.Name) {
			return fmt.Errorf("%s: %q is not a number, as %s is", f, f.Value, f.Name)
		}
	}
	l.Runs = slices.DeleteFunc(l.Runs, func(r *Run) bool {
		return slices.ContainsFunc(filters, func(f Filter) bool { return !f.meets(r) })
	})
	return nil
}

// meets reports whether a run meets the condition.
func (f Filter) meets(r *Run) bool {
	v, ok := r.Get(f.Name)
	if !ok {
		return f.Op == "!="
	}
	c := strings.Compare(canonical(f.Name, v.Text), canonical(f.Name, f.Value))
	if v.IsNumber {
		want, err := strconv.ParseFloat(f.Value, 64)
		if err != nil || math.IsNaN(v.Number) {
			return f.Op == "!="
		}
		c = cmp.Compare(v.Number, want)
	}
	switch f.Op {
	case "=":
		return c == 0
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// UnknownError is an error about a name under which no run has anything.
type UnknownError struct {
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no run has %q; there are %s", e.Name, strings.Join(e.Known, ", "))
}

// Check is an *UnknownError if no run has anything under the name. A list without runs that can
// be read knows all names.
func (l *List) Check(name string) error {
	names := l.Names()
	if slices.Contains(names, Long(name)) || len(l.Readable()) == 0 {
		return nil
	}
	return &UnknownError{name, names}
}

// Sort sorts the runs by what they have under a name, from the least, or with a minus in front of
// the name from the greatest. Those that have nothing there, or NaN, come last. Equal ones stay
// in their order.
func (l *List) Sort(by string) error {
	name, descending := strings.CutPrefix(by, "-")
	if err := l.Check(name); err != nil {
		return err
	}
	values := map[*Run]Value{}
	for _, r := range l.Runs {
		if v, ok := r.Get(name); ok && !(v.IsNumber && math.IsNaN(v.Number)) {
			values[r] = v
		}
	}
	slices.SortStableFunc(l.Runs, func(a, b *Run) int {
		x, okX := values[a]
		y, okY := values[b]
		switch {
		case !okX || !okY:
			return lastIf(!okX) - lastIf(!okY)
		case descending:
			return compare(y, x)
		}
		return compare(x, y)
	})
	return nil
}

// lastIf ranks what comes last behind the rest.
func lastIf(last bool) int {
	if last {
		return 1
	}
	return 0
}

func compare(x, y Value) int {
	if x.IsNumber && y.IsNumber {
		return cmp.Compare(x.Number, y.Number)
	}
	return strings.Compare(x.Text, y.Text)
}
