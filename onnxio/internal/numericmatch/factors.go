package numericmatch

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// factors read c off the values of c·f(x) at 0, 1 and −1, whatever the parameter of f is.
// A function without an entry has its multiples in its own family, or in that of another.
var factors = map[string]func(zero, one, minusOne float64) float64{
	"relu":        func(_, one, _ float64) float64 { return one },
	"selu":        func(_, one, _ float64) float64 { return one / 1.0507009873554805 },
	"swish":       gateFactor,
	"mish":        func(_, one, _ float64) float64 { return one / math.Tanh(math.Log1p(math.E)) },
	"gelu":        gateFactor,
	"gelu-tanh":   gateFactor,
	"hardswish":   gateFactor,
	"sigmoid":     func(zero, _, _ float64) float64 { return 2 * zero },
	"hardsigmoid": func(zero, _, _ float64) float64 { return 2 * zero },
	"logsigmoid":  func(zero, _, _ float64) float64 { return -zero / math.Ln2 },
	"softplus":    gateFactor,
	"tanh":        func(_, one, _ float64) float64 { return one / math.Tanh(1) },
	"softsign":    func(_, one, _ float64) float64 { return 2 * one },
}

// gateFactor: f(x) − f(−x) is x for x·g(x) with a gate for which g(x) + g(−x) is 1, and for
// softplus.
func gateFactor(_, one, minusOne float64) float64 { return one - minusOne }

// largestFactor bounds the factors that are looked for, and their inverses.
const largestFactor = 1 << 10

// multiple finds the activation that a part computes up to a factor that is not 1; nil
// if it is none. What may be the learned parameter of one is left alone.
func (b *evaluation) multiple(learned bool) *Match {
	if b.size != 1 {
		return nil
	}
	at := func(x float64) float64 { return b.first[slices.Index(Points, x)] }
	for _, fn := range activation.Funcs {
		factor := factors[fn.Name]
		if factor == nil || learned && fn.Arg != activation.NoArg {
			continue
		}
		c := b.snappedFactor(factor(at(0), at(1), at(-1)))
		if c == 1 || !(math.Abs(c) <= largestFactor && math.Abs(c) >= 1.0/largestFactor) {
			continue
		}
		unit := *b
		unit.times = 1 / c
		unit.first = scaledBy(b.first, unit.times)
		m := &Match{Func: fn, Factor: float32(c)}
		if fn.Arg == activation.Fixed {
			if m.Values = unit.read(fn); m.Values == nil {
				continue
			}
		}
		if unit.agrees(fn, m.Values) {
			return m
		}
	}
	return nil
}

// snappedFactor is the power of two, or the simple multiple of a number of the file or of
// its inverse, that a factor is next to; else the factor itself.
func (b *evaluation) snappedFactor(c float64) float64 {
	near := func(v float64) bool { return math.Abs(v-c) <= 1e-6*math.Abs(c) }
	if power := math.Copysign(math.Exp2(math.Round(math.Log2(math.Abs(c)))), c); near(power) {
		return power
	}
	for _, name := range slices.Sorted(maps.Keys(b.constants)) {
		for _, v := range b.constants[name].values {
			for _, times := range []float64{1, -1, 2, -2, 0.5, -0.5} {
				for _, simple := range []float64{times * v, times / v} {
					if near(simple) {
						return simple
					}
				}
			}
		}
	}
	return c
}
