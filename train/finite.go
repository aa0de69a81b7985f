package train

import (
	"fmt"
	"math"
)

// checkFinite is an error if an element of values, one slice a parameter, is NaN or
// infinite. Without values it looks at the parameters themselves.
func (f *fitting) checkFinite(what string, values [][]float32) error {
	for i, p := range f.net.Params() {
		v := p.Data
		if values != nil {
			v = values[i]
		}
		if !finite(v) {
			return f.diverged(what+" "+p.FullName(), firstNonFinite(v))
		}
	}
	return nil
}

func (f *fitting) diverged(what string, v float64) error {
	return fmt.Errorf("%s is %v: training has diverged; try a learning rate below %v, and look for NaN in the data",
		what, v, f.cfg.Optimizer.LR())
}

// finite tells whether no element is NaN or infinite. Those are the numbers whose
// exponent is all ones, and one more then carries into the sign's bit: a loop without
// branches, so that checking every step costs little.
func finite(v []float32) bool {
	const exponent, one = 0xff << 23, 1 << 23
	var carry uint32
	for _, x := range v {
		carry |= math.Float32bits(x)&exponent + one
	}
	return carry>>31 == 0
}

func firstNonFinite(v []float32) float64 {
	for _, x := range v {
		if x-x != 0 {
			return float64(x)
		}
	}
	return 0
}
