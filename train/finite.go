package train

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// checkFinite is an error if an element of values, which are the parameter's, is NaN or
// infinite.
func (f *fitting) checkFinite(what string, p *nn.Param, values []float32) error {
	if finite(values) {
		return nil
	}
	return f.diverged(what+" "+p.FullName(), firstNonFinite(values))
}

func (f *fitting) diverged(what string, v float64) error {
	return fmt.Errorf("%s is %v: training has diverged; try a learning rate below %v, and look for NaN in the data",
		what, v, f.cfg.Optimizer.LR())
}

// finite reports whether no element is NaN or infinite. Those are the numbers whose
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
