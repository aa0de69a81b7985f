package onnxio

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Tools that simplify a file take a factor at the end of an activation into the weights of
// the layer behind it: of a gelu x·(1 + erf(x/√2)) is left, which is twice the function. So
// where no activation has the values of an island, they may be those of one times a factor.

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

// multiple finds the activation that an island computes up to a factor that is not 1; nil
// if it is none. What may be the learned parameter of one is left alone.
func (b *behaviour) multiple(learned bool) *match {
	if b.size != 1 {
		return nil
	}
	at := func(x float64) float64 { return b.first[slices.Index(points, x)] }
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
		m := &match{fn: fn, nodes: b.is.nodes, x: b.is.x, dims: b.dims, judged: true, factor: float32(c)}
		if fn.Arg == activation.Fixed {
			if m.values = unit.read(fn); m.values == nil {
				continue
			}
			m.value = &m.values[0]
		}
		if unit.agrees(fn, m.values) {
			return m
		}
	}
	return nil
}

// snappedFactor is the power of two, or the simple multiple of a number of the file or of
// its inverse, that a factor is next to; else the factor itself.
func (b *behaviour) snappedFactor(c float64) float64 {
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

// isScale reports whether a node is arithmetic on one value, which is read for itself.
func (im *importer) isScale(n *graph.Node) bool {
	return n.OpType == "Neg" || arithmetic[n.OpType] && len(im.computed(n)) == 1
}

// enterMultiple enters an activation and the factor behind it: as a part of the weights of
// the layers that read the result, if these do alone, else as arithmetic.
func (im *importer) enterMultiple(n *graph.Node, m *match) {
	act, err := m.recovered(im)
	if err != nil {
		im.refuse(n, err)
		return
	}
	y := n.Outputs[0]
	if im.weighed(y) {
		im.add(n, act, nil)
		im.factors[y] = m.factor
		return
	}
	behind := oneNumber([]float32{m.factor}, nil)
	behind.x = im.step(n, m.x, "act", func(step *graph.Node) {
		im.matches[step] = m
		im.add(step, act, nil)
	})
	if im.layerOf[behind.x] != "" { // else it is refused
		im.arithmetic(n, behind)
	}
}

// weighed reports whether all that read a value are layers that have weights for it.
func (im *importer) weighed(value string) bool {
	readers := im.readers[value]
	return len(readers) > 0 && !im.isOutput(value) && !slices.ContainsFunc(readers, func(r *graph.Node) bool {
		weighs := r.OpType == "Conv" || r.OpType == "ConvTranspose" || r.OpType == "Gemm"
		return !weighs || !r.Standard() || len(registeredFor(r)) > 0 || r.Inputs[0] != value || len(r.Inputs) < 2 || im.consts[r.Inputs[1]] == nil || slices.Contains(r.Inputs[1:], value)
	})
}

// takeFactor takes the factor of what a layer reads into its weights.
func (im *importer) takeFactor(n *graph.Node, r *FoundLayer) {
	if len(r.Inputs) != 1 || im.factors[r.Inputs[0]] == 0 {
		return
	}
	c := im.factors[r.Inputs[0]]
	r.Params["weight"] = r.Params["weight"].then(func(dst []float32) {
		for i := range dst {
			dst[i] *= c
		}
	})
	im.notes = append(im.notes, fmt.Sprintf("%s: the factor %g behind layer %s is part of its weights now", n.Label(), c, im.layerOf[r.Inputs[0]]))
}
