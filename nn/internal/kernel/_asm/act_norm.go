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

func normActs(s *subject) {
	a := argsOf("actArgs")
	all := normActivations()
	for _, set := range isas {
		s.formulaTable("normFormulas", "Norm", set, all)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			for _, k := range all[name].kernels(name) {
				f := newFormula(set, oneParam)
				f.normed = true
				doc := k.doc + ",\n\n\tof (x - r[0])·r[1] + r[2] for x, where r follows a"
				s.emitFormula(f, k.name+"Norm", doc, a, k.describe(f))
			}
		}
	}
}
