package main

import (
	"maps"
	"slices"
)

// Activations of a normalised input: the same formulas of (x − r[0])·r[1] + r[2].
func init() { register("act_norm", normActs) }

// normActivations are those of ../norm_formula.go. A relu is in norm_act.go, with what follows it
// in a normalisation's backward pass.
func normActivations() map[string]activation {
	all := maps.Clone(activations)
	delete(all, "relu")
	all["swish"] = activation{"x·sigmoid(x)", swish(true), swishBackward(true, false), nil}
	return all
}

// keptDerivatives are the activations whose derivative has so much in common with the value that it
// pays to keep it in memory from the forward to the backward pass: both together take little more
// than one. Of mish and swish they take nine tenths of the two, of gelu-tanh and softplus two
// thirds, which memory costs again. With AVX-512 none pays: to compute a derivative again takes less
// time than to store and load it.
var keptDerivatives = []string{"gelu"}

// normKernels gives the kernels of an activation of a normalised input.
func normKernels(set isa) func(name string, a activation) []namedFormula {
	return func(name string, a activation) []namedFormula {
		list := a.kernels(name)
		if set.floats == 8 && slices.Contains(keptDerivatives, name) {
			list = append(list, namedFormula{identifier(name) + "Both", "both", "y = f(x) and dy = f'(x) with f(x) = " + a.doc, func(f *formula) *value {
				f.store(a.forward(f))
				f.derivative = true
				return a.backward(f)
			}})
		}
		return list
	}
}

func normActs(s *subject) {
	a := argsOf("actArgs")
	all := normActivations()
	for _, set := range isas {
		kernels := normKernels(set)
		s.formulaTable("normFormulas", "Norm", set, all, kernels)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			for _, k := range kernels(name, all[name]) {
				f := newFormula(set, oneParam)
				f.normed = true
				doc := k.doc + ",\n\n\tof (x - r[0])·r[1] + r[2] for x, where r follows a"
				s.emitFormula(f, k.name+"Norm", doc, a, k.describe(f))
			}
		}
	}
}
