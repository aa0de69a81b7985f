package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The shares of a convolution write the bits of the whole: each element once, and
// none that is not theirs.
func TestPartsGiveTheBitsOfTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	convs := []*Conv{
		Conv{In: 1, Out: 8, H: 28, W: 28, OH: 22, OW: 22, KH: 7, KW: 7}.withDefaults().Plan(),
		Conv{In: 40, Out: 36, H: 4, W: 4, OH: 4, OW: 4, KH: 3, KW: 3, PadTop: 1, PadLeft: 1}.withDefaults().Plan(),
		Conv{In: 40, Out: 36, H: 4, W: 4, OH: 4, OW: 4, KH: 1, KW: 1}.withDefaults().Plan(),
		NewDense(75, 10).conv, NewDense(9, 50).conv,
	}
	for range some(60) {
		convs = append(convs, randomConv(rng))
	}
	for i, c := range convs {
		x, dy := random(rng, c.inputs()), random(rng, c.outputs())
		w, b := random(rng, c.numWeights()), random(rng, c.Out)
		eachBackend(t, fmt.Sprint("conv ", i), func(t *testing.T) {
			whole := runConv(c, x, dy, w, b, []*Conv{c})
			for _, n := range []int{2, 3, 8} {
				var parts []*Conv
				for i := range n {
					parts = append(parts, c.Part(i, n))
				}
				for what, got := range runConv(c, x, dy, w, b, parts) {
					if !slices.Equal(got, whole[what]) {
						t.Fatalf("%d shares give other bits in %s", n, []string{"y", "dx", "dw", "db"}[what])
					}
				}
			}
		})
	}
}

// runConv gives y, dx, dw and db as the parts of c write them. What they must overwrite
// is NaN, which stays where it is not written and counts as unequal; what is added twice is too much.
func runConv(c *Conv, x, dy, w, b []float32, parts []*Conv) [][]float32 {
	y, dx := make([]float32, c.outputs()), make([]float32, c.inputs())
	for _, v := range [][]float32{y, dx} {
		for i := range v {
			v[i] = float32(math.NaN())
		}
	}
	dw, db := make([]float32, len(w)), make([]float32, len(b))
	for _, p := range parts {
		ConvForward(y, x, w, b, p)
		ConvInputGrad(dx, dy, w, p)
		ConvWeightGrad(dw, db, dy, x, p)
	}
	return [][]float32{y, dx, dw, db}
}

func (c Conv) withDefaults() Conv {
	c.StrideH, c.StrideW, c.DilationH, c.DilationW, c.Groups = 1, 1, 1, 1, 1
	return c
}
