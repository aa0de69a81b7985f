package numericmatch

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
)

// Points are where parts are compared: dense near 0, where activations bend, and far out
// on both sides, where one may be cut off.
var Points = func() (x []float64) {
	for i := -40; i <= 40; i++ {
		x = append(x, float64(i)/4)
	}
	for _, v := range []float64{1e-4, 1e-3, 0.01, 0.1, 12, 15, 17, 20, 25, 30, 40, farOut, 100, 1e3, 1e4, 1e5, 1e6} {
		x = append(x, v, -v)
	}
	return x
}()

// farthest is the largest of Points.
const farthest = 1e6

// farOut is where exponentials begin to overflow: from there on a part may give what is
// no number for that reason alone, though the activation is one.
const farOut = 60

// nearZero is up to where no step of an activation leaves what float32 holds, in which the
// file computes, and largestAtZero bounds what one gives at 0: softplus gives ln 2/β.
const (
	nearZero      = 1e-3
	largestAtZero = 1e6
)

// A file may be nothing but arithmetic. What is evaluated for it, in steps of about a
// microsecond, is bounded by these and by the size of its tensors; a network needs some
// hundred for each activation. After that only spellings are recognised.
const (
	leastSteps      = 1 << 16
	stepsPerElement = 4
)

// firstElements are compared at all points; other elements of the same part differ from
// them in their constants alone, and are compared at every fifth.
const (
	firstElements = 4
	fewerPoints   = 5
)

// Match finds the activation that a part computes, perhaps up to a factor; nil if it is none.
func (m *Matcher) Match(p Part) *Match {
	size := p.Dims.Size()
	if size == 0 || size > maxElements || m.steps <= 0 {
		return nil
	}
	b := &evaluation{m: m, part: p, size: size, times: 1}
	if !b.load() || !b.look() {
		return nil
	}
	one := false
	if t := m.consts[p.Learned]; t != nil {
		n, err := t.Len()
		one = err == nil && n == 1
	}
	// A multiple of x is no activation, though some have it as an extreme, such as PReLU
	// with slope 1. A number that a file keeps as a tensor may be no parameter, such as the
	// 1 of 1 + e⁻ˣ.
	if isLinear := linear(b.first); (isLinear || one) && !b.sets(p.Learned) {
		if isLinear {
			return nil
		}
		if found := b.among(false); found != nil {
			if held := b.held(); held != nil {
				return held
			}
			return found
		}
	}
	if found := b.among(p.Learned != ""); found != nil {
		found.Param = p.Learned
		return found
	}
	return b.multiple(p.Learned != "")
}

// among finds the activation among those with a learned parameter, or those without.
func (b *evaluation) among(learned bool) *Match {
	for _, fn := range activation.Funcs {
		if (fn.Arg == activation.Learned) != learned || fn.Name == "linear" {
			continue
		}
		m := &Match{Func: fn}
		if fn.Arg != activation.NoArg {
			if m.Values = b.read(fn); m.Values == nil || fn.Arg == activation.Fixed && !allEqual(m.Values) {
				continue
			}
		}
		if b.agrees(fn, m.Values) {
			return m
		}
	}
	return nil
}

// held is the activation with a learned parameter that one of the constants is, though
// another one goes with it, such as 1/β with β. 1 is not enough to tell.
func (b *evaluation) held() *Match {
	m := b.among(true)
	if m == nil || len(m.Values) == 0 || m.Values[0] == 1 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(b.constants)) {
		c := b.constants[name]
		if len(c.values) == 1 && float32(c.values[0]) == m.Values[0] && b.m.trainable(name) {
			m.Param = name
			return m
		}
	}
	return nil
}

// sets reports whether a constant is the parameter of the activation: with other values the
// part is the same activation with another parameter.
func (b *evaluation) sets(constant string) bool {
	c := b.constants[constant]
	if c == nil {
		return false
	}
	other := *b
	other.constants = maps.Clone(b.constants)
	other.constants[constant] = &column{typ: c.typ, values: elementwise.Map(c.values, func(v float64) float64 { return float64(float32(v*0.75 - 0.125)) })}
	return other.look() && !linear(other.first) && other.among(true) != nil
}

// look evaluates the first elements at all points; false if that cannot be done, or if what
// comes out at 0 is so large that the rest is lost beside it.
func (b *evaluation) look() bool {
	width := min(b.size, firstElements)
	b.first = b.evaluate(Points, 0, width)
	if b.first == nil {
		return false
	}
	zero := slices.Index(Points, 0) * width
	return !slices.ContainsFunc(b.first[zero:zero+width], func(v float64) bool { return !(math.Abs(v) <= largestAtZero) })
}

// read reads a parameter off the values, for all elements; nil if it cannot be.
func (b *evaluation) read(fn *activation.Func) []float32 {
	read := parameters[fn.Name]
	if read == nil || fn.Name == "thresholded-relu" && !b.passesOrStops() {
		return nil
	}
	var all []float64
	for from := 0; from < b.size; from += chunk {
		to := min(from+chunk, b.size)
		v := read(func(x float64) []float64 { return b.evaluate([]float64{x}, from, to) })
		if len(v) != to-from {
			return nil
		}
		all = append(all, v...)
	}
	rounded := elementwise.Float32s(all)
	if rounded == nil {
		return nil
	}
	return b.snapped(rounded)
}

// passesOrStops reports whether each value is x or 0.
func (b *evaluation) passesOrStops() bool {
	return b.size == 1 && !slices.ContainsFunc(b.first, func(v float64) bool { return v != 0 && !slices.Contains(Points, v) })
}

// agrees reports whether a function has the part's values, with a parameter for each
// element or none.
func (b *evaluation) agrees(fn *activation.Func, param []float32) bool {
	if len(param) > 0 && fn.Positive && param[0] <= 0 {
		return false
	}
	width := min(b.size, firstElements)
	if !agree(fn, upTo(param, 0, width), Points, b.first) {
		return false
	}
	var some []float64
	for i := 0; i < len(Points); i += fewerPoints {
		some = append(some, Points[i])
	}
	return b.agreesAt(some, width, fn, param) && b.agreesAt(b.bends(), 0, fn, param)
}

// agreesAt reports whether a function has the part's values at some points, for the elements from
// first on.
func (b *evaluation) agreesAt(at []float64, first int, fn *activation.Func, param []float32) bool {
	for from := first; from < b.size && len(at) > 0; from += chunk {
		to := min(from+chunk, b.size)
		v := b.evaluate(at, from, to)
		if v == nil || !agree(fn, upTo(param, from, to), at, v) {
			return false
		}
	}
	return true
}

// maxBends bounds the constants whose surroundings are looked at.
const maxBends = 32

// bends are points beside the constants that values are compared with, and between them: a part
// may be another function there, and the same at all Points. They are not the constants
// themselves, at which functions that jump may have either value.
func (b *evaluation) bends() (at []float64) {
	var all []float64
	for _, n := range b.part.Nodes {
		switch n.OpType {
		case "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal", "Clip", "Min", "Max", "Where":
			for _, v := range n.Inputs {
				if c := b.constants[v]; c != nil {
					all = append(all, c.values...)
				}
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if n := len(all); n > maxBends {
		for i := range maxBends {
			all[i] = all[i*(n-1)/(maxBends-1)]
		}
		all = all[:maxBends]
	}
	for i, c := range all {
		if math.Abs(c) > farthest {
			continue
		}
		d := 1e-3 * max(1, math.Abs(c))
		at = append(at, c-d, c+d)
		if i > 0 && math.Abs(all[i-1]) <= farthest {
			at = append(at, (all[i-1]+c)/2)
		}
	}
	return at
}

// upTo is a part of a parameter, if there is one.
func upTo(param []float32, from, to int) []float32 {
	if param == nil {
		return nil
	}
	return param[from:to]
}

// linear reports whether values are a multiple of the points.
func linear(values []float64) bool {
	size := len(values) / len(Points)
	for j := range size {
		scale := values[j] / Points[0]
		for i, x := range Points {
			if !(math.Abs(values[i*size+j]-scale*x) <= 1e-12*math.Abs(x)) {
				return false
			}
		}
	}
	return true
}

// agree reports whether a function has the given values at some points: for point i and
// element j the value is at i·width + j.
func agree(fn *activation.Func, param []float32, at, values []float64) bool {
	width := len(values) / len(at)
	x, y := make([]float32, width), make([]float32, width)
	for i, p := range at {
		for j := range x {
			x[j] = float32(p)
		}
		fn.Forward(y, x, param)
		for j, v := range values[i*width : (i+1)*width] {
			if v-v != 0 { // no tolerance of what is infinite
				if math.Abs(p) > farOut { // an exponential has overflowed
					continue
				}
				return false
			}
			if d := math.Abs(float64(y[j]) - v); !(d <= 1e-6*max(1+math.Abs(v), min(math.Abs(p), farOut))) {
				return false
			}
		}
	}
	return true
}
