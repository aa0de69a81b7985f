package layout

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// A value (N, H, W, C) over a cleaned one (N, C, H, W), as in the comment of axisMap.
func channelsLastMap(c, h, w int) axisMap {
	return identityMap("v", []ir.Size{{3, 7919}, {c, c}, {h, h}, {w, w}}).transposed([]int{0, 2, 3, 1})
}

func TestAxisMap(t *testing.T) {
	v := channelsLastMap(5, 2, 4)
	if got, want := v.shape(), []ir.Size{{3, 7919}, {2, 2}, {4, 4}, {5, 5}}; !slices.Equal(got, want) {
		t.Errorf("shape %v, want %v", got, want)
	}
	if order, ok := v.asOrder(); v.plain() || !ok || !slices.Equal(order, []int{0, 2, 3, 1}) || !v.transposed([]int{0, 3, 1, 2}).plain() {
		t.Errorf("%+v: plain %v, order %v (%v)", v, v.plain(), order, ok)
	}
	for _, c := range []struct {
		name string
		to   []ir.Size
		ok   bool
		axes [][]int
	}{
		{"flattened", []ir.Size{{3, 7919}, {40, 40}}, true, [][]int{{0}, {2, 3, 1}}},
		{"with an axis more", []ir.Size{{3, 7919}, {2, 2}, {1, 1}, {4, 4}, {5, 5}}, true, [][]int{{0}, {2}, nil, {3}, {1}}},
		{"with one in front", []ir.Size{{1, 1}, {3, 7919}, {2, 2}, {4, 4}, {5, 5}}, true, [][]int{nil, {0}, {2}, {3}, {1}}},
		{"the batch joined", []ir.Size{{6, 2 * 7919}, {20, 20}}, true, [][]int{{0, 2}, {3, 1}}},
		{"an axis cut in two", []ir.Size{{3, 7919}, {2, 2}, {2, 2}, {2, 2}, {5, 5}}, false, nil},
		{"across axes", []ir.Size{{3, 7919}, {4, 4}, {10, 10}}, false, nil},
		{"too small", []ir.Size{{3, 7919}, {2, 2}}, false, nil},
	} {
		u, ok := v.reshaped(c.to)
		if ok != c.ok || ok && !slices.EqualFunc(u.axes, c.axes, slices.Equal[[]int]) {
			t.Errorf("%s: axes %v (%v), want %v (%v)", c.name, u.axes, ok, c.axes, c.ok)
		}
	}
}

func TestFeatures(t *testing.T) {
	v, _ := channelsLastMap(2, 2, 2).reshaped([]ir.Size{{3, 7919}, {8, 8}})
	v.groups = []int{1, 3}
	index, ok := v.features(8)
	if !ok || !slices.Equal(index, []int{0, 2, 4, 6, 1, 3, 5, 7}) {
		t.Errorf("features lie as %v (%v)", index, ok)
	}
	if _, ok := v.features(5); ok {
		t.Error("five features of eight")
	}
}

func TestSpreadIndex(t *testing.T) {
	if got, want := spreadIndex([]int{7, 8}, []int{1, 2}, []int{2, 2}), []int{7, 8, 7, 8}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
