package parity_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

func tensor(shape []int, v ...float32) *nn.Tensor { return &nn.Tensor{Shape: shape, Data: v} }

func mustParse(t *testing.T, s string) parity.Tolerance {
	t.Helper()
	tol, err := parity.ParseTolerance(s)
	if err != nil {
		t.Fatal(err)
	}
	return tol
}

// The rule is on the tensor's scale: an error beside a large value passes that would
// not pass alone.
func TestTensorsRules(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	next := math.Nextafter32(1, 2)
	for _, tc := range []struct {
		name, tolerance string
		elementwise     bool
		got, want       []float32
		equal           bool
		failed          int
	}{
		{"same", "exact", false, []float32{1, -2}, []float32{1, -2}, true, 0},
		{"both zeros", "exact", false, []float32{0, 1}, []float32{float32(math.Copysign(0, -1)), 1}, true, 0},
		{"one step off is not exact", "exact", false, []float32{next, 2}, []float32{1, 2}, false, 1},
		{"on the scale of 100", "close", false, []float32{100, 0.0005}, []float32{100, 0}, true, 0},
		{"the same, element by element", "close", true, []float32{100, 0.0005}, []float32{100, 0}, false, 1},
		{"on the scale of 1", "close", false, []float32{1, 0.0005}, []float32{1, 0}, false, 1},
		{"loose takes it", "loose", false, []float32{1, 0.0005}, []float32{1, 0}, true, 0},
		{"one step", "ulp:1", false, []float32{next}, []float32{1}, true, 0},
		{"one step is not none", "ulp:0", false, []float32{next}, []float32{1}, false, 1},
		{"steps across zero", "ulp:2", false, []float32{math.SmallestNonzeroFloat32}, []float32{-math.SmallestNonzeroFloat32}, true, 0},
		{"NaN equals nothing", "loose", false, []float32{nan, 1}, []float32{nan, 1}, false, 1},
		{"equal infinities", "exact", false, []float32{inf, 1}, []float32{inf, 1}, true, 0},
		{"an infinity is far from any number", "loose", false, []float32{inf, 1}, []float32{3e38, 1}, false, 1},
		{"an infinite reference excuses nothing", "loose", false, []float32{inf, 1}, []float32{inf, 2}, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tol := mustParse(t, tc.tolerance)
			tol.Elementwise = tc.elementwise
			n := []int{len(tc.got)}
			r, err := parity.Tensors("y", tensor(n, tc.got...), tensor(n, tc.want...), tol)
			if err != nil {
				t.Fatal(err)
			}
			if r.Equal != tc.equal || r.Failed != tc.failed {
				t.Errorf("equal %v with %d failed elements, want %v with %d", r.Equal, r.Failed, tc.equal, tc.failed)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("no JSON: %v", err)
			}
		})
	}
}

func TestTensorsFindsTheWorstElement(t *testing.T) {
	got := tensor([]int{2, 3}, 1, 2, 3, 4, 5.5, 6.25)
	want := tensor([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	r, err := parity.Tensors("y", got, want, mustParse(t, "close"))
	if err != nil {
		t.Fatal(err)
	}
	if i := r.Worst.Index; len(i) != 2 || i[0] != 1 || i[1] != 1 || r.Worst.Got != 5.5 || r.Worst.Want != 5 {
		t.Errorf("worst element %+v, want index [1 1], 5.5 and 5", r.Worst)
	}
	if r.MaxError != 0.5 || r.Scale != 6 || r.Failed != 2 {
		t.Errorf("max error %v, scale %v, failed %d; want 0.5, 6, 2", r.MaxError, r.Scale, r.Failed)
	}
}

// The smallest passing tolerance passes, and a slightly smaller one does not.
func TestSmallestPassingTolerance(t *testing.T) {
	got := tensor([]int{3}, 1.25, -7, 3.5)
	want := tensor([]int{3}, 1, -8, 3)
	for _, elementwise := range []bool{false, true} {
		tol := parity.Tolerance{Elementwise: elementwise}
		r, err := parity.Tensors("y", got, want, tol)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			factor float64
			equal  bool
		}{{1.000001, true}, {0.999999, false}} {
			at := float64(r.Passing) * c.factor
			s, err := parity.Tensors("y", got, want, parity.Tolerance{Atol: at, Rtol: at, Elementwise: elementwise})
			if err != nil {
				t.Fatal(err)
			}
			if s.Equal != c.equal {
				t.Errorf("elementwise %v: %v times the smallest passing tolerance: equal %v, want %v", elementwise, c.factor, s.Equal, c.equal)
			}
		}
	}
}

func TestTensorsErrors(t *testing.T) {
	for _, tc := range []struct {
		got, want *nn.Tensor
		err       string
	}{
		{tensor([]int{2}, 1, 2), tensor([]int{1, 2}, 1, 2), "got shape (2), the reference has (1, 2)"},
		{tensor([]int{0}), tensor([]int{0}), "nothing to compare"},
	} {
		if _, err := parity.Tensors("y", tc.got, tc.want, parity.Tolerance{}); err == nil || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("error %v, want one with %q", err, tc.err)
		}
	}
}

func TestParseToleranceErrors(t *testing.T) {
	for _, s := range []string{"", "tight", "ulp:", "ulp:-1", "ulp:x", "CLOSE"} {
		if _, err := parity.ParseTolerance(s); err == nil || !strings.Contains(err.Error(), "choose exact") {
			t.Errorf("%q: error %v", s, err)
		}
	}
}
