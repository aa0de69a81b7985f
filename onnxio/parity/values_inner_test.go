package parity_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// recordedValues are the goldens for which all values of the file are recorded by their names.
func recordedValues(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, c := range innerCases(t) {
		if _, err := os.Stat(filepath.Join(inner, c.name, "values.npz")); err == nil {
			names = append(names, c.name)
		}
	}
	return names
}

// valuesOf are the names of the file's values that a layer's output is.
func valuesOf(im *onnxio.Imported, layer string) []string {
	var names []string
	for _, v := range im.Layer(layer).Values {
		names = append(names, v.Name)
	}
	return names
}

// What ONNX Runtime recorded of a file by the names of its values is placed exactly, whatever
// the axes of a value, its order in the recording and its numbers.
func TestValuesOfAFileHaveTheirPlaces(t *testing.T) {
	names := recordedValues(t)
	last := 0 // values with channels as the last axis
	for _, name := range names {
		m, im, r := openInner(t, name, "values.npz")
		for _, order := range [][]string{r.Order, nil, slices.Sorted(slices.Values(r.Order))} {
			r.Order = order
			got := compareLayers(t, m, im, r, parity.Options{Truth: true})
			if !got.Equal {
				t.Errorf("%s: %s", name, got)
			}
			for _, l := range got.Layers {
				if l.Verdict != parity.Equal || !slices.Contains(valuesOf(im, l.Layer), l.Reference) {
					t.Errorf("%s: %s is %s, and has %q; its values are %q", name, l.Layer, l.Verdict, l.Reference, valuesOf(im, l.Layer))
				}
			}
			for _, u := range got.Unplaced {
				if v, ok := im.Value(u.Name); ok {
					t.Errorf("%s: %q is left over (%s), and is what layer %s gives", name, u.Name, u.Why, v.Layer)
				}
			}
		}
		for value, x := range r.Expected {
			v, ok := im.Value(value)
			if y, err := v.ToNetwork(x); ok && err == nil && len(x.Shape) == 4 && !slices.Equal(x.Shape, y.Shape) {
				last++
			}
		}
	}
	if len(names) < 3 || last == 0 {
		t.Errorf("%q have %d values with channels as the last axis", names, last)
	}
	t.Logf("%q, %d values with channels as the last axis", names, last)
}

// Values that were exchanged stay where their names are: the numbers do not move them.
func TestExchangedValuesAreWrong(t *testing.T) {
	m, im, r := openInner(t, "pytorch/residual", "values.npz")
	a, b := valuesOf(im, "block1.conv1")[0], valuesOf(im, "block1.conv2")[0]
	r.Expected[a], r.Expected[b] = r.Expected[b], r.Expected[a]
	got := compareLayers(t, m, im, r, parity.Options{})
	for _, l := range got.Layers {
		wrong := slices.Contains([]string{"block1.conv1", "block1.conv2", "block1.bn1", "block1.bn2"}, l.Layer)
		if wrong != (l.Verdict == parity.Wrong) {
			t.Errorf("%s is %s", l.Layer, l.Verdict)
		}
	}
}

// A recording by modules that lacks the output, or has it under the name of the last layer
// alone, is enough.
func TestOutputByTheLastLayer(t *testing.T) {
	for _, name := range []string{"pytorch/lenet5", "keras/lenet5"} {
		m, im, r := openInner(t, name, "expected.npz")
		delete(r.Expected, im.Output)
		r.Order = slices.DeleteFunc(r.Order, func(name string) bool { return name == im.Output })
		if got := compareLayers(t, m, im, r, parity.Options{}); !got.Equal || len(got.Unplaced) > 0 {
			t.Errorf("%s: %s, left over %q", name, got, unplacedNames(got))
		}
		r.Expected, r.Order = map[string]*nn.Tensor{"softmax": r.Expected["softmax"]}, []string{"softmax"}
		if got := compareLayers(t, m, im, r, parity.Options{}); !got.Equal {
			t.Errorf("%s: %s", name, got)
		}
	}
}
