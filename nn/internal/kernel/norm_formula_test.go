package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Formulas of a normalised input give the bits of the two loops one after the other.
func TestNormFormulasAreTheTwo(t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 82))
	n := NormAct{Mean: 0.5, Scale: 2, Shift: -1}
	for f := range NormFormula(len(formulas) + 1) {
		name, args := "swish", [][]float32{{1}}
		if int(f) < len(formulas) {
			name, args = formulas[f].name, [][]float32{nil}
			if formulas[f].param {
				args = [][]float32{{formulaArgs[name][0]}, {formulaArgs[name][1]}}
			}
		}
		if NormFormulaOf(name) != f {
			t.Fatalf("%s is not row %d", name, f)
		}
		for _, pixels := range []int{1, 5, 128, actPixelsAndMore / 8} {
			x, dy := random(rng, pixels*Lanes), random(rng, pixels*Lanes)
			for i := range x {
				x[i] *= 4
			}
			x[0], x[1], x[2], x[3] = float32(math.Inf(1)), float32(math.Inf(-1)), 0.5, 1 // 1 gives 0
			eachBackend(t, fmt.Sprint(name, " ", pixels), func(t *testing.T) {
				for _, a := range args {
					forward, backward := SwishForward, SwishBackward
					if name != "swish" {
						forward, backward = Formula(f).Forward, Formula(f).Backward
					}
					z, y, dz := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
					Affine(z, x, n.Mean, n.Scale, n.Shift)
					forward(y, z, a)
					backward(dz, dy, z, a, nil)
					got, gotDZ := garbage(len(x)), slices.Clone(dy)
					f.Forward(got, x, a, n)
					f.Backward(gotDZ, gotDZ, x, a, n)
					sameBits(t, "y", got, y)
					sameBits(t, "dz", gotDZ, dz)
					both, d := slices.Clone(x), garbage(len(x))
					f.Both(both, d, both, a, n)
					sameBits(t, "y of both", both, y)
					f.Backward(dz, slices.Repeat(one, len(x)), x, a, n)
					sameBits(t, "the derivative", d, dz)
					if active.normFormulas[f].backwardKeras != nil {
						Formula(f).BackwardKeras(dz, dy, z, a, nil)
						gotDZ = slices.Clone(dy)
						f.BackwardKeras(gotDZ, gotDZ, x, a, n)
						sameBits(t, "dz as in Keras", gotDZ, dz)
					}
				}
			})
		}
	}
}
