package data

import (
	"reflect"
	"strings"
	"testing"
)

func FuzzPythonLiteral(f *testing.F) {
	f.Add("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3), }")
	f.Add("[('a', (1, 2)), None, {}]")
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := parseLiteral(text); err == nil && v == nil && !strings.Contains(text, "None") {
			t.Errorf("%q is nothing", text)
		}
		_, _ = parseLiteral(strings.Repeat("{'a':(", 100) + text)
	})
}

// FuzzSpecs gives any text to the parsers of settings. What they take is spelled so that they
// take it again as the same.
func FuzzSpecs(f *testing.F) {
	for _, spec := range []string{"0.1307:0.3081", "0.485,0.456,0.406:0.229,0.224,0.225:2", "squash:28x28", "crop", "32", "shift:2,flip,noise:0.05",
		"none", `a,b\\c\,d`, "", "rotate:15,scale:0.1,erase:0.5"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		respelled(t, spec, ParseNorm, Norm.String)
		respelled(t, spec, ParseResize, Resize.String)
		respelled(t, spec, func(s string) ([]string, error) {
			a, err := ParseAugmentation(s)
			return strings.Split(a.String(), ","), err
		}, func(items []string) string { return strings.Join(items, ",") })
		classes := 1 + strings.Count(spec, ",") - strings.Count(spec, `\,`)
		respelled(t, spec, func(s string) (ClassNames, error) { return ParseClassNames(s, classes) }, ClassNames.String)
	})
}

func respelled[T any](t *testing.T, spec string, parse func(string) (T, error), spell func(T) string) {
	v, err := parse(spec)
	if err != nil {
		return
	}
	if again, err := parse(spell(v)); err != nil || !reflect.DeepEqual(again, v) {
		t.Errorf("%q is read as %+v and spelled %q, which is read as %+v, %v", spec, v, spell(v), again, err)
	}
}
