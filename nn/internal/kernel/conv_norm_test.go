package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// A convolution that normalises its input gives the bits of one that reads normalised maps.
func TestConvOfNormalisedInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	convs := []*Conv{
		Conv{In: 20, Out: 33, H: 8, W: 8, OH: 8, OW: 8, KH: 3, KW: 3, PadTop: 1, PadLeft: 1}.withDefaults().Plan(),
		Conv{In: 40, Out: 36, H: 20, W: 20, OH: 20, OW: 20, KH: 1, KW: 1}.withDefaults().Plan(),
		Conv{In: 17, Out: 24, H: 8, W: 8, OH: 8, OW: 8, KH: 1, KW: 1}.withDefaults().Plan(),
	}
	for range some(200) {
		convs = append(convs, randomConv(rng))
	}
	for i, c := range convs {
		if c.weights.dense() {
			continue
		}
		in := NormInput{Func: []NormFunc{NormRelu, NormSlope, NormSlopeFlat}[i%3]}
		for range c.In {
			v := random(rng, 4)
			in.Channels = append(in.Channels, NormAct{v[0], v[1], v[2], v[3]})
		}
		x, dy := random(rng, c.inputs()), random(rng, c.outputs())
		w, bias := random(rng, c.numWeights()), random(rng, c.Out)
		eachBackend(t, fmt.Sprint(i), func(t *testing.T) {
			z := make([]float32, len(x))
			for k, n := range in.Channels {
				plane := len(x) / c.In
				in.Func.Forward(z[k*plane:], x[k*plane:(k+1)*plane], n)
			}
			want := runConv(c, z, dy, w, bias, []*Conv{c})
			for _, n := range []int{1, 3} {
				y, dw, db := garbage(c.outputs()), make([]float32, len(w)), make([]float32, len(bias))
				for k := range n {
					own := in
					ConvForwardNorm(y, x, w, bias, c.Part(k, n), &own)
					ConvWeightGradNorm(dw, db, dy, x, c.Part(k, n), &own)
				}
				for what, got := range map[int][]float32{0: y, 2: dw, 3: db} {
					if !slices.Equal(got, want[what]) {
						t.Fatalf("%d shares give other bits in %s", n, []string{"y", "dx", "dw", "db"}[what])
					}
				}
			}
		})
	}
}
