package activation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads an activation as it is spelled everywhere in gonn:
//
//	relu    leaky:-0.5    prelu    prelu:channel    prelu:one:0.25    swish:1.5
//
// A learned parameter may be followed by its sharing (one, channel, element, or a
// shape like 8x1x1) and by its start value.
func Parse(spelled string) (Layer, error) {
	name, arg, hasArg := strings.Cut(spelled, ":")
	i := slices.IndexFunc(Funcs, func(f *Func) bool { return f.Name == name })
	if i < 0 {
		return Layer{}, fmt.Errorf("unknown activation %q: choose one of %s", name, strings.Join(Names(), ", "))
	}
	a := Layer{Func: Funcs[i]}
	var err error
	switch {
	case a.Func.Arg == Fixed && hasArg:
		if a.Value, err = parseFinite(arg); err == nil {
			err = a.checkValue()
		}
	case a.Func.Arg == Fixed && a.Func.Default == nil:
		err = fmt.Errorf("needs its %s, as in %s:0.01", a.Func.Param, name)
	case a.Func.Arg == Fixed:
		a.Value = *a.Func.Default
	case a.Func.Arg == Learned && hasArg:
		err = a.parseLearned(arg)
	case hasArg:
		err = fmt.Errorf("takes no argument, got %q", arg)
	}
	if err != nil {
		return Layer{}, fmt.Errorf("activation %q: %w", spelled, err)
	}
	return a, nil
}

func (a *Layer) parseLearned(arg string) (err error) {
	sharing, start, hasStart := strings.Cut(arg, ":")
	if a.Sharing, err = ParseSharing(sharing); err != nil {
		return err
	}
	if hasStart {
		var v float32
		if v, err = parseFinite(start); err == nil {
			a.Start = &v
		}
	}
	return err
}

// checkValue is an error if the fixed parameter is not one that the function takes.
func (a *Layer) checkValue() error {
	if a.Func.Positive && !(a.Value > 0) {
		return fmt.Errorf("its %s is %s, it must be above 0", a.Func.Param, formatFloat(a.Value))
	}
	if a.Value-a.Value != 0 {
		return fmt.Errorf("its %s is %s, it must be a finite number", a.Func.Param, formatFloat(a.Value))
	}
	return nil
}

// parseFinite reads a float32. NaN and infinities are refused: no activation is a
// function with one of them as its parameter.
func parseFinite(s string) (float32, error) {
	v, err := strconv.ParseFloat(s, 32)
	if err != nil || v-v != 0 {
		return 0, fmt.Errorf("%q is not a finite number", s)
	}
	return float32(v), nil
}

// Must is Parse for spellings in source code; it panics on a wrong one.
func Must(spelled string) Layer {
	a, err := Parse(spelled)
	if err != nil {
		panic(err)
	}
	return a
}

// String spells the activation so that Parse reads it back.
func (a Layer) String() string {
	if a.Func == nil {
		return a.Kind()
	}
	switch a.Func.Arg {
	case Fixed:
		if a.Func.Default != nil && *a.Func.Default == a.Value {
			return a.Func.Name
		}
		return a.Func.Name + ":" + formatFloat(a.Value)
	case Learned:
		s := a.Func.Name + ":" + a.Sharing.String()
		if a.Start != nil {
			s += ":" + formatFloat(*a.Start)
		}
		return s
	}
	return a.Func.Name
}

func formatFloat(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }
