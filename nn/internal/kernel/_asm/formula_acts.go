package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Activations with at most one parameter, which is fixed, are formulas. The names are those
// of the table formulas in ../formula_table.go.
func init() { register("formula", formulas) }

// activation has the formulas of y: forward f(x), backward dy·f'(x).
type activation struct {
	doc                              string // f(x)
	forward, backward, backwardKeras func(f *formula) *value
}

var activationFormulas = map[string]activation{
	"elu":              {"x if x > 0, else a·(e^x - 1)", elu, eluBackward, nil},
	"selu":             {"1.0507·(x if x > 0, else 1.6733·(e^x - 1))", selu, seluBackward(greater), seluBackward(greaterOrEqual)},
	"celu":             {"x if x > 0, else a·(e^(x/a) - 1)", celu, celuBackward(1), celuBackward(2)},
	"softplus":         {"ln(1 + e^(a·x))/a", softplus, softplusBackward, nil},
	"logsigmoid":       {"-ln(1 + e^-x)", logSigmoid, logSigmoidBackward, nil},
	"gelu":             {"x·Φ(x), Φ the distribution function of the normal distribution", gelu, geluBackward, nil},
	"gelu-tanh":        {"x/(1 + e^-z) with z = sqrt(8/pi)·(x + 0.044715·x³)", geluTanh, geluTanhBackward, nil},
	"softsign":         {"x/(1 + |x|)", softsign, softsignBackward, nil},
	"hardswish":        {"x·min(max(x + 3, 0), 6)/6", hardSwish, hardSwishBackward, nil},
	"hardsigmoid":      {"min(max(a·x + 1/2, 0), 1)", hardSigmoid, hardSigmoidBackward, nil},
	"relu6":            {"min(max(x, 0), a)", relu6, relu6Backward(less), relu6Backward(lessOrEqual)},
	"thresholded-relu": {"x if x > a, else 0", thresholded, thresholdedBackward, nil},
}

func formulas(s *subject) {
	a := argsOf("actArgs")
	for _, set := range isas {
		fmt.Fprintf(&s.stubs, "\nvar formulas%s = map[string]formulaKernels{\n", set.suffix)
		for _, name := range slices.Sorted(maps.Keys(activationFormulas)) {
			fmt.Fprintf(&s.stubs, "%q: {", name)
			for _, k := range activationFormulas[name].kernels(name) {
				fmt.Fprintf(&s.stubs, "%s: %s%s,", k.field, k.name, set.suffix)
			}
			fmt.Fprintf(&s.stubs, "},\n")
		}
		fmt.Fprintf(&s.stubs, "}\n")
		for _, name := range slices.Sorted(maps.Keys(activationFormulas)) {
			for _, k := range activationFormulas[name].kernels(name) {
				s.formula(set, k.name, k.doc, a, k.describe)
			}
		}
	}
}

// namedFormula is one of an activation's kernels.
type namedFormula struct {
	name, field, doc string
	describe         func(f *formula) *value
}

func (a activation) kernels(name string) (list []namedFormula) {
	prefix := identifier(name)
	list = append(list,
		namedFormula{prefix + "Forward", "forward", "y = f(x) = " + a.doc, a.forward},
		namedFormula{prefix + "Backward", "backward", "y = dy·f'(x) with f(x) = " + a.doc, a.backward})
	if a.backwardKeras != nil {
		list = append(list, namedFormula{prefix + "BackwardKeras", "backwardKeras",
			"y = dy·f'(x) as in Keras, with f(x) = " + a.doc, a.backwardKeras})
	}
	return list
}

// identifier is thresholdedRelu for thresholded-relu.
func identifier(name string) string {
	var id []byte
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '-' {
			i++
			c = name[i] - 'a' + 'A'
		}
		id = append(id, c)
	}
	return string(id)
}

// chain is dy·d.
func (f *formula) chain(d *value) *value { return f.mul(f.dy(), d) }

// elu: where x is −0, so is e^x − 1.
func elu(f *formula) *value {
	x := f.x()
	e := f.or(f.expm1(x), f.and(x, f.bits(signBit)))
	return f.choose(x, greater, 0, x, f.mul(e, f.param()))
}

// scaledExp is a·e^t for t ≤ 0.
func (f *formula) scaledExp(a any, t *value) *value {
	p := f.exp(f.max(-174, t), nil, 0)
	return f.times(f.fma(p.q, a, a), p)
}

func eluBackward(f *formula) *value {
	x := f.x()
	return f.chain(f.choose(x, greater, 0, 1, f.scaledExp(f.param(), x)))
}

// As in package activation.
const (
	seluAlpha = 1.6732632423543772848170429916717
	seluScale = 1.0507009873554804934193349852946
)

func selu(f *formula) *value {
	x := f.x()
	return f.choose(x, greaterOrEqual, 0, f.mul(x, seluScale), f.mul(f.expm1(x), seluScale*seluAlpha))
}

func seluBackward(right uint8) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		return f.chain(f.choose(x, right, 0, seluScale, f.scaledExp(seluScale*seluAlpha, x)))
	}
}

// celu: near 0 it is x·(1 + x/2a), within 0.2·2⁻²⁴, since x/a may be denormal.
func celu(f *formula) *value {
	x, a := f.x(), f.param()
	z := f.div(x, a)
	near := f.fma(x, f.mul(z, 0.5), x)
	y := f.choose(z, greater, -0x1p-12, near, f.mul(f.expm1(z), a))
	return f.choose(x, greaterOrEqual, 0, x, y)
}

// celuBackward: the exponent is x/a and what that has lost by rounding.
func celuBackward(atZero float64) func(f *formula) *value {
	return func(f *formula) *value {
		x, a := f.x(), f.param()
		exact := f.div(x, a)
		z := f.max(-110, exact)
		low := f.mul(f.fnma(exact, a, x), f.min(f.div(1, a), math.MaxFloat32))
		p := f.exp(z, f.keep(z, equal, exact, low), 0)
		d := f.choose(x, greater, 0, 1, f.times(f.add(p.q, 1), p))
		if atZero != 1 {
			d = f.choose(x, equal, 0, atZero, d)
		}
		return f.chain(d)
	}
}

// softplus is max(x, 0) + ln(1 + e^−|ax|)/a.
func softplus(f *formula) *value {
	x, a := f.x(), f.param()
	v, p := f.log1p(f.product(a, f.minusAbs(x), -110))
	return f.plus(f.max(0, x), f.mul(v, f.div(1, a)), p)
}

func softplusBackward(f *formula) *value {
	x := f.x()
	z, low := f.product(f.param(), f.minusAbs(x), -110)
	return f.chain(f.logistic(x, greater, z, low))
}

// logistic is σ(|z|) where x compares with 0, else σ(−|z|), with −|z| = t + low.
func (f *formula) logistic(x *value, predicate uint8, t, low *value) *value {
	p := f.exp(t, low, 0)
	e := f.times(f.add(p.q, 1), p)
	return f.div(f.choose(x, predicate, 0, 1, e), f.add(e, 1))
}

// logSigmoid is min(x, 0) − ln(1 + e^−|x|).
func logSigmoid(f *formula) *value {
	x := f.x()
	v, p := f.log1p(f.max(-110, f.minusAbs(x)), nil)
	return f.minus(f.min(f.minusZero(), x), v, p)
}

func logSigmoidBackward(f *formula) *value {
	x := f.x()
	return f.chain(f.logistic(x, less, f.max(-110, f.minusAbs(x)), nil))
}

// gelu is max(x, 0) − t·Φ(−t) with t = |x|, of any x.
func gelu(f *formula) *value {
	x := f.x()
	t := f.min(15, f.abs(x))
	m, p := f.normalTail(t)
	m = f.mul(m, t)
	return f.minus(f.max(f.minusZero(), x), f.fma(m, p.q, m), p)
}

// geluBackward is g = Φ(−t) − t·φ(t) for x = −t, and 1 − g for x = t.
func geluBackward(f *formula) *value {
	x := f.x()
	t := f.min(15, f.abs(x))
	m, p := f.normalTail(t)
	m = f.fnma(t, 2/math.Sqrt(2*math.Pi), m)
	return f.chain(f.rising(x, f.fma(m, p.q, m), p))
}

// rising is g = v·2ⁿ, or 1 − g where x > 0.
func (f *formula) rising(x, v *value, p power) *value {
	v = f.xor(v, f.keep(x, greater, 0, f.bits(signBit)))
	return f.plus(f.keep(x, greater, 0, 1), v, p)
}

// geluTanh is max(x, 0) − t·σ(z) with t = min(|x|, 11) and z = −t·(c + d·t²), in two parts,
// since the exponential counts an error |z| times.
func geluTanh(f *formula) *value {
	x := f.x()
	t := f.minusAbs(f.min(11, f.abs(x)))
	z, low := f.geluTanhExponent(t)
	p := f.exp(z, low, 0)
	e := f.times(f.add(p.q, 1), p)
	v := f.div(f.fma(t, p.q, t), f.add(e, 1))
	return f.plus(f.max(f.minusZero(), x), v, p)
}

// The exponent is x·(geluC + geluD·x²). The high part of geluC has few enough bits for
// geluHigh − (geluHigh + geluD·x²) to be exact.
const (
	geluC    = 2 * math.Sqrt2 / math.SqrtPi
	geluD    = geluC * 0.044715
	geluHigh = 0x1.9884p+0
)

func (f *formula) geluTanhExponent(t *value) (z, low *value) {
	high := float64(float32(geluD))
	h := f.mul(t, t)
	s := f.fma(h, high, geluHigh)
	rest := f.fma(h, high, f.sub(geluHigh, s))
	rest = f.fma(f.fms(t, t, h), high, rest)
	rest = f.fma(h, geluD-high, rest)
	rest = f.add(rest, geluC-geluHigh)
	z = f.mul(t, s)
	return z, f.fma(t, rest, f.fms(t, s, z))
}

// geluTanhBackward is g = v·(1 + e + z2) with v = σ(z)·σ(−z) = e/(1 + e)² and
// z2 = −t·(c + 3d·t²) for x = −t, and 1 − g for x = t.
func geluTanhBackward(f *formula) *value {
	x := f.x()
	t := f.minusAbs(f.min(11, f.abs(x)))
	z, low := f.geluTanhExponent(t)
	p := f.exp(z, low, 0)
	v := f.add(p.q, 1)
	e := f.times(v, p)
	small := f.fma(f.mul(f.mul(t, t), t), 2*geluD, low) // z2 − z
	sum := f.add(f.add(z, 1), f.add(small, e))
	square := f.fma(e, f.add(e, 2), 1)
	return f.chain(f.rising(x, f.mul(f.div(v, square), sum), p))
}

func softsign(f *formula) *value {
	x := f.min(math.MaxFloat32, f.max(-math.MaxFloat32, f.x()))
	return f.div(x, f.add(f.abs(x), 1))
}

func softsignBackward(f *formula) *value {
	r := f.div(1, f.add(f.abs(f.x()), 1))
	return f.mul(f.mul(f.dy(), r), r)
}

func hardSwish(f *formula) *value {
	x := f.max(-3, f.x()) // at −∞ it would be ∞·0
	return f.mul(x, f.mul(f.min(6, f.add(x, 3)), 1./6))
}

func hardSwishBackward(f *formula) *value {
	x := f.x()
	d := f.mul(f.fma(x, 2, 3), 1./6)
	d = f.choose(x, greaterOrEqual, 3, 1, d)
	return f.chain(f.keep(x, greaterOrNaN, -3, d))
}

func hardSigmoid(f *formula) *value {
	return f.min(1, f.max(0, f.fma(f.x(), f.param(), 0.5)))
}

// hardSigmoidBackward is a·dy where |ax| < 1/2. The sum with 1/2 would lose the last bits of ax.
func hardSigmoidBackward(f *formula) *value {
	a := f.param()
	beyond := f.fma(f.abs(f.x()), a, -0.5)
	return f.chain(f.keep(beyond, less, 0, a))
}

// relu6: 0 is added so that −0 becomes 0.
func relu6(f *formula) *value {
	return f.min(f.param(), f.add(f.max(0, f.x()), 0))
}

func relu6Backward(below uint8) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		return f.keep(x, greater, 0, f.keep(x, below, f.param(), f.dy()))
	}
}

func thresholded(f *formula) *value {
	x := f.x()
	return f.keep(x, greaterOrNaN, f.param(), x)
}

func thresholdedBackward(f *formula) *value {
	return f.keep(f.x(), greaterOrNaN, f.param(), f.dy())
}
