package main

import (
	"fmt"
	"maps"
	"slices"
)

// Activations are formulas, a row of activations each.
func init() { register("act", acts) }

// activation has the formulas of y: forward f(x), backward dy·f'(x), and backwardKeras,
// which is dy·f'(x) with Keras's derivative at a kink, or nil if that is the same.
type activation struct {
	doc                              string // f(x)
	forward, backward, backwardKeras func(f *formula) *value
}

// activations have at most one parameter, which is fixed. The names are those of the table
// formulas in ../formula_table.go.
var activations = map[string]activation{
	"relu":             {"max(x, 0)", relu, reluBackward, nil},
	"sigmoid":          {"1/(1 + e^-x)", sigmoid, sigmoidBackward, nil},
	"tanh":             {"tanh(x)", tanh, tanhBackward, nil},
	"mish":             {"x·tanh(ln(1 + e^x))", mish, mishBackward, nil},
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

// learned are the kernels of functions whose parameter can be learned, and the exponential:
// ../act_kernels.go says what each computes.
var learned = []struct {
	name, doc string
	params    params
	describe  func(f *formula) *value
}{
	{"slopeForward", "y = x if x > 0, else a·x", pixelParam, slope},
	{"slopeForwardEach", "y = x if x > 0, else a·x", eachParam, slope},
	{"slopeBackward", "y = dy if x > 0, else a·dy", pixelParam, slopeBackward(false, false)},
	{"slopeBackwardSum", "y = dy if x > 0, else a·dy, da += dy·df/da", pixelParam, slopeBackward(false, true)},
	{"slopeFlatBackward", "y = dy if x > 0, 0 if x = 0, else a·dy", pixelParam, slopeBackward(true, false)},
	{"slopeFlatBackwardSum", "y = dy if x > 0, 0 if x = 0, else a·dy, da += dy·df/da", pixelParam, slopeBackward(true, true)},
	{"swishForward", "y = x·sigmoid(a·x)", pixelParam, swish(false)},
	{"swishForwardEach", "y = x·sigmoid(a·x)", eachParam, swish(false)},
	{"swishForwardOne", "y = x·sigmoid(x)", oneParam, swish(true)},
	{"swishBackward", "y = dy·(s + ax·s·(1 - s)) with s = sigmoid(a·x)", pixelParam, swishBackward(false, false)},
	{"swishBackwardSum", "y = dy·(s + ax·s·(1 - s)) with s = sigmoid(a·x), da += dy·df/da", pixelParam, swishBackward(false, true)},
	{"swishBackwardOne", "y = dy·(s + x·s·(1 - s)) with s = sigmoid(x)", oneParam, swishBackward(true, false)},
	{"exp", "y = e^x", oneParam, exponential},
}

func acts(s *subject) {
	a := argsOf("actArgs")
	for _, set := range isas {
		s.formulaTable("formulas", "", set, activations, func(name string, a activation) []namedFormula { return a.kernels(name) })
		for _, name := range slices.Sorted(maps.Keys(activations)) {
			for _, k := range activations[name].kernels(name) {
				s.formula(set, k.name, k.doc, a, oneParam, k.describe)
			}
		}
		for _, k := range learned {
			s.formula(set, k.name, k.doc, a, k.params, k.describe)
		}
	}
}

// formulaTable writes the table of the kernels of activations, by their names, as a variable.
// infix stands in the kernels' names in front of the set's suffix.
func (s *subject) formulaTable(variable, infix string, set isa, all map[string]activation, kernels func(name string, a activation) []namedFormula) {
	fmt.Fprintf(&s.stubs, "\nvar %s%s = map[string]formulaKernels{\n", variable, set.suffix)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&s.stubs, "%q: {", name)
		for _, k := range kernels(name, all[name]) {
			fmt.Fprintf(&s.stubs, "%s: %s%s%s,", k.field, k.name, infix, set.suffix)
		}
		fmt.Fprintf(&s.stubs, "},\n")
	}
	fmt.Fprintf(&s.stubs, "}\n")
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
