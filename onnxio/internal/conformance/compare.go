package conformance

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// The tolerance of ONNX's own runner: |got − want| ≤ atol + rtol·|want|. BFLOAT16 may be
// off by two steps of its seven bits.
const (
	atol       = 1e-7
	rtol       = 1e-3
	rtolBFloat = 1.0 / (1 << 6)
)

// compare holds a value, rounded to its type, against the one that it must be. Integers,
// truth values and strings must be equal.
func compare(got, want *reference.Tensor) error {
	if got == nil {
		return errors.New("there is none")
	}
	if got.Type != want.Type || !slices.Equal(got.Shape, want.Shape) {
		return fmt.Errorf("it is %v of shape %v, not %v of shape %v", got.Type, got.Shape, want.Type, want.Shape)
	}
	stored, err := got.Graph("")
	if err != nil {
		return err
	}
	if got, err = reference.FromGraph(stored); err != nil {
		return err
	}
	tolerance := rtol
	if got.Type == graph.BFloat16 {
		tolerance = rtolBFloat
	}
	for i, w := range want.Floats {
		if g := got.Floats[i]; !near(g, w, tolerance) {
			return fmt.Errorf("element %d of shape %v is %v, not %v", i, got.Shape, g, w)
		}
	}
	for i, w := range want.Ints {
		if g := got.Ints[i]; g != w {
			return fmt.Errorf("element %d of shape %v is %v, not %v", i, got.Shape, g, w)
		}
	}
	for i, w := range want.Strings {
		if g := got.Strings[i]; g != w {
			return fmt.Errorf("element %d of shape %v is %q, not %q", i, got.Shape, g, w)
		}
	}
	return nil
}

func near(got, want, rtol float64) bool {
	if got == want || got != got && want != want {
		return true
	}
	return !math.IsInf(got, 0) && math.Abs(got-want) <= atol+rtol*math.Abs(want)
}
