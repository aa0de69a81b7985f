package data

import (
	"fmt"
	"strconv"
	"strings"
)

// Augmentation is a list of random changes, made one after the other.
type Augmentation []change

// change is one of AugmentFuncs with its argument.
type change struct {
	spelled string
	reach   int // the most pixels by which it moves a picture
	apply   apply
}

// AugmentFunc is a kind of random change.
type AugmentFunc struct {
	Name    string
	Arg     string  // name of the argument
	Default float64 // 0 for an argument that must be given
	Formula string  // for help pages
	kind    argKind
	moves   bool // its argument is a number of pixels that it moves pictures by
	make    func(arg float64) apply
}

// AugmentFuncs lists the changes by name.
var AugmentFuncs = []AugmentFunc{
	{"shift", "n", 0, "moved by −n…n pixels along each axis, 0 where nothing was", wholePixels, true, shift},
	{"crop", "n", 0, "padded with n zeros on each side and cut to its size anywhere: shift by its other name", wholePixels, true, shift},
	{"flip", "p", 0.5, "left and right swapped, with probability p", probability, false, flip},
	{"noise", "s", 0, "x + s·N(0, 1) for each pixel, not cut off at 0 and 1", positive, false, noise},
	{"invert", "p", 0.5, "1 − x, with probability p", probability, false, invert},
}

// argKind is what an argument must be.
type argKind struct {
	needs string
	ok    func(float64) bool
}

var (
	wholePixels = argKind{"a whole number of pixels, 1 or more", func(v float64) bool { return v >= 1 && v <= MaxSide && v == float64(int(v)) }}
	probability = argKind{"a probability above 0, at most 1", func(v float64) bool { return v > 0 && v <= 1 }}
	positive    = argKind{"a finite number above 0", func(v float64) bool { return float32(v) > 0 && finite(float32(v)) }}
)

// ParseAugmentation reads changes as the command line spells them: names with their
// arguments, "shift:2,flip,noise:0.05". "" and "none" are no changes.
func ParseAugmentation(list string) (Augmentation, error) {
	if list == "" || list == "none" {
		return nil, nil
	}
	var a Augmentation
	for item := range strings.SplitSeq(list, ",") {
		c, err := parseChange(item)
		if err != nil {
			return nil, err
		}
		a = append(a, c)
	}
	return a, nil
}

func parseChange(item string) (change, error) {
	name, arg, given := strings.Cut(item, ":")
	var names []string
	for _, f := range AugmentFuncs {
		if f.Name == name {
			return f.parse(item, arg, given)
		}
		names = append(names, f.Name)
	}
	return change{}, fmt.Errorf("unknown change %q: choose one or more of %s, as in shift:2,flip", name, strings.Join(names, ", "))
}

func (f AugmentFunc) parse(item, arg string, given bool) (change, error) {
	v, err := f.Default, error(nil)
	if given {
		v, err = strconv.ParseFloat(arg, 64)
	}
	if err != nil || !f.kind.ok(v) {
		return change{}, fmt.Errorf("%s: %s needs its %s, %s", item, f.Name, f.Arg, f.kind.needs)
	}
	c := change{spelled: f.Name, apply: f.make(v)}
	if v != f.Default {
		c.spelled += ":" + strconv.FormatFloat(v, 'g', -1, 64)
	}
	if f.moves {
		c.reach = int(v)
	}
	return c, nil
}

// String spells the changes as ParseAugmentation reads them; "" for none.
func (a Augmentation) String() string {
	var items []string
	for _, c := range a {
		items = append(items, c.spelled)
	}
	return strings.Join(items, ",")
}
