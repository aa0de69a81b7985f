package activation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Ranges of elements, whatever their length, give the output and the input gradient of the whole
// to the bit, and the gradient of the parameter up to rounding.
func TestRangesAreTheWhole(t *testing.T) {
	shape := op.Shape{3, 4, 5}
	rng := rand.New(rand.NewPCG(3, 9))
	for _, spelled := range append(Names(), "prelu:one", "prelu:channel", "prelu:1x4x1", "prelu:4x5", "swish-beta:channel", "prelu:3x1x5") {
		a, err := Parse(spelled)
		if err != nil {
			a, err = Parse(spelled + ":0.7")
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, a.Kink = range []op.Semantics{op.PyTorch, op.Keras} {
			bound, err := a.Bind([]op.Shape{shape})
			if err != nil {
				t.Fatal(err)
			}
			checkRanges(t, rng, fmt.Sprintf("%s, %v", spelled, a.Kink), bound, shape)
		}
	}
}

func checkRanges(t *testing.T, rng *rand.Rand, what string, o op.Op, shape op.Shape) {
	t.Helper()
	block := func() op.Block {
		b := op.NewBlock(shape)
		for i := range b.Data {
			b.Data[i] = float32(rng.IntN(33)-16) / 8 // kinks too
		}
		return b
	}
	var w, dw, parts op.Weights
	for _, p := range o.Params() {
		n := p.Shape.Size()
		w, dw, parts = append(w, block().Data[:n]), append(dw, make([]float32, n)), append(parts, make([]float32, n))
	}
	x, dy := block(), block()
	y, dx, gotY, gotDX := op.NewBlock(shape), op.NewBlock(shape), op.NewBlock(shape), slices.Clone(dy.Data)
	o.Forward(&op.Call{W: w, X: []op.Block{x}, Y: y})
	o.Backward(&op.Call{W: w, DW: dw, X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dx}})
	r := o.(op.Ranger)
	for lo := 0; lo < shape.Size(); {
		hi := min(lo+1+rng.IntN(25), shape.Size())
		i, j := lo*op.Lanes, hi*op.Lanes
		r.ForwardRange(w, gotY.Data[i:j], x.Data[i:j], lo)
		r.BackwardRange(w, parts, gotDX[i:j], gotDX[i:j], x.Data[i:j], lo)
		lo = hi
	}
	if !slices.Equal(gotY.Data, y.Data) || !slices.Equal(gotDX, dx.Data) {
		t.Errorf("%s: ranges give other bits than the whole", what)
	}
	for i := range dw {
		for j, want := range dw[i] {
			if got := parts[i][j]; max(got-want, want-got) > 1e-4*max(1, want, -want) {
				t.Errorf("%s: the gradient of parameter %d is %g, want %g", what, j, got, want)
			}
		}
	}
	none := make(op.Weights, len(w))
	r.BackwardRange(w, none, nil, dy.Data, x.Data, 0) // nothing is wanted
	got := op.NewBlock(shape)
	if r.BackwardRange(w, none, got.Data, dy.Data, x.Data, 0); !slices.Equal(got.Data, dx.Data) {
		t.Errorf("%s: the gradient of the input changes when that of the parameter is not wanted", what)
	}
}

func TestChannelsApart(t *testing.T) {
	for spelled, want := range map[string]bool{
		"relu": true, "prelu": true, "prelu:channel": true, "prelu:one": false, "swish-beta:1x4x5": false,
		"prelu:3x1x5": true, "prelu:4x1": false,
	} {
		bound, err := Must(spelled).Bind([]op.Shape{{3, 4, 5}})
		if err != nil {
			t.Fatal(err)
		}
		if got := bound.(op.Ranger).ChannelsApart(); got != want {
			t.Errorf("%s: %v, want %v", spelled, got, want)
		}
	}
}
