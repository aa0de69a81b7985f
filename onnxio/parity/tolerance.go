package parity

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// Tolerance is how far two tensors may be apart. An element a passes against its
// reference b if
//
//	|a − b| ≤ Atol + Rtol·max|b|    over the whole tensor b, or
//	|a − b| ≤ Atol + Rtol·|b|       if Elementwise (NumPy's rule), or
//	a and b are at most ULP float32 steps apart, if ByULP
//
// The first is the default because float32 sums are accurate on the scale of their
// terms: an element that happens to be near zero carries the same error as its
// neighbours. NaN passes against nothing, not even NaN, as in torch.testing.assert_close with
// equal_nan=False; an infinity passes against the same infinity.
type Tolerance struct {
	Atol, Rtol  float64
	Elementwise bool
	ByULP       bool
	ULP         int

	least float64 // what passes in any case, relative to max|b|
}

// Presets are tolerances by name. On a small convolutional network a correct float32
// forward pass agrees with another within Close; above 1e-4 on a tensor's scale
// something is wrong. Loose suits approximations such as half precision weights.
var presets = map[string]Tolerance{
	"exact": {},
	"close": {Atol: 1e-5, Rtol: 1e-5},
	"loose": {Atol: 1e-4, Rtol: 1e-3},
}

// ParseTolerance reads exact, close, loose or ulp:N.
func ParseTolerance(s string) (Tolerance, error) {
	if t, ok := presets[s]; ok {
		return t, nil
	}
	if n, ok := strings.CutPrefix(s, "ulp:"); ok {
		if steps, err := strconv.Atoi(n); err == nil && steps >= 0 {
			return Tolerance{ByULP: true, ULP: steps}, nil
		}
	}
	return Tolerance{}, fmt.Errorf("unknown tolerance %q: choose exact, close, loose or ulp:N", s)
}

// String describes the rule for reports.
func (t Tolerance) String() string {
	switch {
	case t == (Tolerance{}):
		return "a = b"
	case t.ByULP:
		return fmt.Sprintf("at most %d float32 steps", t.ULP)
	case t.Elementwise:
		return fmt.Sprintf("|a-b| <= %g + %g*|b|", t.Atol, t.Rtol)
	}
	return fmt.Sprintf("|a-b| <= %g + %g*max|b|", t.Atol, t.Rtol)
}

// excess is how much an element uses of what it may: it passes if it is at most 1.
func (t Tolerance) excess(a, b, scale float64) float64 {
	if a == b { // equal infinities too
		return 0
	}
	if math.IsNaN(a) || math.IsNaN(b) || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return math.Inf(1)
	}
	distance, allowed := math.Abs(a-b), t.Atol+t.Rtol*scale
	switch {
	case t.ByULP:
		distance, allowed = float64(ulps(float32(a), float32(b))), float64(t.ULP)
	case t.Elementwise:
		allowed = t.Atol + t.Rtol*math.Abs(b)
	}
	least := math.Inf(1)
	if t.least*scale > 0 {
		least = math.Abs(a-b) / (t.least * scale)
	}
	if allowed == 0 {
		return least
	}
	return min(distance/allowed, least)
}

// ulps is the number of float32 steps from a to b.
func ulps(a, b float32) int64 {
	d := ordered(a) - ordered(b)
	return max(d, -d)
}

// ordered maps floats to integers in the same order, neighbours to neighbours and
// both zeros to 0.
func ordered(v float32) int64 {
	bits := int64(math.Float32bits(v))
	if bits >= 1<<31 {
		return 1<<31 - bits
	}
	return bits
}

// ofLayers is the tolerance for layers by themselves and for plans, which may round otherwise than
// the whole: where it is tighter than rounding on the scale of a tensor, that passes too. An atol
// of 0 stays 0, so that small values are held by their own scale.
func (t Tolerance) ofLayers() Tolerance {
	t.least = presets["close"].Atol + presets["close"].Rtol
	return t
}

// Share is how much of the tolerance the worst element of got uses against want: at most 1
// passes. It is infinite for other shapes, and where one side is no number.
func (t Tolerance) Share(got, want *nn.Tensor) float64 {
	if !nn.Shape(got.Shape).Equal(want.Shape) {
		return math.Inf(1)
	}
	scale, most := scaleOf(want), 0.0
	for i, a := range got.Data {
		most = max(most, t.excess(float64(a), float64(want.Data[i]), scale))
	}
	return most
}
