package parity

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Result is how one tensor compares with its reference.
type Result struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	Equal bool   `json:"equal"`
	// MaxError is the largest |a − b|, Scale the largest |b|.
	MaxError Number `json:"max_error"`
	Scale    Number `json:"scale"`
	// Worst is the element that uses most of its tolerance.
	Worst Element `json:"worst"`
	// Passing is the smallest tolerance that would pass, used as atol and as rtol, or
	// the smallest number of steps if the tolerance counts those.
	Passing Number `json:"smallest_passing_tolerance"`
	// Failed counts the elements that do not pass.
	Failed int `json:"failed"`
}

// Element is one element of both tensors.
type Element struct {
	Index []int  `json:"index"`
	Got   Number `json:"got"`
	Want  Number `json:"want"`
}

// Tensors holds got against the reference want. Their shapes must be the same.
func Tensors(name string, got, want *nn.Tensor, t Tolerance) (Result, error) {
	if !nn.Shape(got.Shape).Equal(want.Shape) {
		return Result{}, fmt.Errorf("%s: got shape %v, the reference has %v", name, nn.Shape(got.Shape), nn.Shape(want.Shape))
	}
	if len(got.Data) == 0 {
		return Result{}, fmt.Errorf("%s: shape %v holds nothing to compare", name, nn.Shape(got.Shape))
	}
	r := Result{Name: name, Shape: want.Shape}
	scale := scaleOf(want)
	worst, most, passing, largest := 0, -1.0, 0.0, 0.0
	for i := range got.Data {
		a, b := float64(got.Data[i]), float64(want.Data[i])
		e := t.excess(a, b, scale)
		if e > 1 {
			r.Failed++
		}
		if e > most {
			worst, most = i, e
		}
		if a != b {
			largest = nanMax(largest, math.Abs(a-b))
			passing = max(passing, t.passing(a, b, scale))
		}
	}
	// An exact tolerance makes every difference infinite: show the largest one.
	if math.IsInf(most, 1) {
		worst = largestDifference(got.Data, want.Data)
	}
	r.Equal = r.Failed == 0
	r.MaxError, r.Scale, r.Passing = Number(largest), Number(scale), Number(passing)
	r.Worst = Element{indexOf(worst, want.Shape), Number(got.Data[worst]), Number(want.Data[worst])}
	return r, nil
}

// passing is the smallest tolerance under which one element passes.
func (t Tolerance) passing(a, b, scale float64) float64 {
	d := math.Abs(a - b)
	switch {
	case math.IsNaN(d) || math.IsInf(d, 0):
		return math.Inf(1)
	case t.ByULP:
		return float64(ulps(float32(a), float32(b)))
	case t.Elementwise:
		return d / (1 + math.Abs(b))
	}
	return d / (1 + scale)
}

// largestDifference prefers an element where exactly one side is NaN.
func largestDifference(a, b []float32) int {
	worst, most := 0, -1.0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if a[i] == b[i] {
			d = 0
		}
		if math.IsNaN(d) {
			return i
		}
		if d > most {
			worst, most = i, d
		}
	}
	return worst
}

// nanMax keeps a NaN that it has seen.
func nanMax(a, b float64) float64 {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.NaN()
	}
	return max(a, b)
}

// indexOf turns a position in row-major order into an index.
func indexOf(i int, shape []int) []int {
	index := make([]int, len(shape))
	for a := len(shape) - 1; a >= 0; a-- {
		index[a] = i % shape[a]
		i /= shape[a]
	}
	return index
}

// Number is a float64 that JSON can carry even when it is NaN or infinite: as the string "NaN",
// "Infinity" or "-Infinity" then.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(v)
	}
}
