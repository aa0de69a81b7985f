package sweep

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/run"
)

// checkExtends is an error if a grid has not all cells of another one, which says how they differ.
// It may have more values and more seeds.
func (g Grid) checkExtends(old Grid) error {
	if names, was := g.axisNames(), old.axisNames(); !slices.Equal(names, was) {
		return fmt.Errorf("it is over %s, and this one over %s", listed(was), listed(names))
	}
	if d := differences(old.Settings, g.Settings); len(d) > 0 {
		return fmt.Errorf("its %s", strings.Join(d, ", its "))
	}
	for i, a := range old.Axes {
		for _, v := range a.Values {
			if !slices.Contains(g.Axes[i].Values, v) {
				return fmt.Errorf("it has %s %s, and this one has not", a.Setting, v)
			}
		}
	}
	for _, seed := range old.Seeds {
		if !slices.Contains(g.Seeds, seed) {
			return fmt.Errorf("it has seed %d, and this one has not", seed)
		}
	}
	return nil
}

func (g Grid) axisNames() (names []string) {
	for _, a := range g.Axes {
		names = append(names, a.Setting)
	}
	return append(names, "seeds")
}

// listed are names in a sentence.
func listed(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// differences lists the settings that differ: "epochs is 5, and here 3".
func differences(was, now run.Settings) (list []string) {
	a, b := reflect.ValueOf(was), reflect.ValueOf(now)
	for i := range a.NumField() {
		if !a.Field(i).Equal(b.Field(i)) {
			name := run.SettingName(a.Type().Field(i))
			list = append(list, fmt.Sprintf("%s is %s, and here %s", name, shown(name, a.Field(i)), shown(name, b.Field(i))))
		}
	}
	return list
}

// shown is the value of a setting in a sentence.
func shown(setting string, v reflect.Value) string {
	if v.IsZero() && slices.Contains(completed, setting) {
		return "the optimizer's default"
	}
	if v.Kind() == reflect.String {
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}
