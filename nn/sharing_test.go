package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// broadcast is NumPy's rule for a parameter on a map (C, H, W): shapes are aligned
// at the last axis, and an axis that is missing or 1 is repeated.
func broadcast(param, in nn.Shape) func(i int) int {
	p := [3]int{1, 1, 1}
	copy(p[3-len(param):], param)
	return func(i int) int {
		c, h, w := i/(in[1]*in[2]), i/in[2]%in[1], i%in[2]
		if p[0] == 1 {
			c = 0
		}
		if p[1] == 1 {
			h = 0
		}
		if p[2] == 1 {
			w = 0
		}
		return (c*p[1]+h)*p[2] + w
	}
}

func TestSharingOnTheStudysMap(t *testing.T) {
	in := nn.Shape{8, 22, 22}
	for spelled, want := range map[string]nn.Shape{
		"one": {1}, "channel": {8, 1, 1}, "element": {8, 22, 22},
		"22": {22}, "1x22": {1, 22}, "22x22": {22, 22}, "8x1x22": {8, 1, 22}, "8x22x1": {8, 22, 1},
		"8x1x1": {8, 1, 1}, "22x1": {22, 1}, "1": {1}, "1x1x1": {1, 1, 1},
	} {
		t.Run(spelled, func(t *testing.T) {
			bound, err := nn.MustActivation("prelu:" + spelled).Bind([]nn.Shape{in})
			if err != nil {
				t.Fatal(err)
			}
			param := bound.Params()[0].Shape
			if !param.Equal(want) {
				t.Fatalf("parameter of shape %v, want %v", param, want)
			}
			checkSlopes(t, bound, broadcast(want, in))
		})
	}
}

// checkSlopes gives every element the input −1 and every slope its number, so that
// the output names the slope that each element has met.
func checkSlopes(t *testing.T, bound nn.Op, of func(i int) int) {
	t.Helper()
	w, dw := make([]float32, bound.Params()[0].Shape.Size()), make([]float32, bound.Params()[0].Shape.Size())
	for k := range w {
		w[k] = float32(k)
	}
	in := bound.Shape()
	x, y, dy, dx := nn.NewBlock(in), nn.NewBlock(in), nn.NewBlock(in), nn.NewBlock(in)
	count := make([]float32, len(w))
	for i := range in.Size() {
		x.Data[i*nn.Lanes+5], dy.Data[i*nn.Lanes+5] = -1, -1
		count[of(i)]++
	}
	bound.Forward(&op.Call{W: nn.Weights{w}, X: []nn.Block{x}, Y: y})
	bound.Backward(&op.Call{W: nn.Weights{w}, DW: nn.Weights{dw}, X: []nn.Block{x}, Y: y, DY: dy, DX: []nn.Block{dx}})
	for i := range in.Size() {
		if got, want := -y.Data[i*nn.Lanes+5], float32(of(i)); got != want {
			t.Fatalf("element %d meets slope %g, want %g", i, got, want)
		}
	}
	for k := range w {
		if dw[k] != count[k] {
			t.Fatalf("slope %d gets a gradient of %g, want %g: one from each element that shares it", k, dw[k], count[k])
		}
	}
}

func TestSharingOfNamesTheUsualOnes(t *testing.T) {
	x := nn.Shape{8, 22, 22}
	for _, c := range []struct {
		param nn.Shape
		want  string
	}{
		{nn.Shape{}, "one"}, {nn.Shape{1}, "one"}, {nn.Shape{1, 1, 1}, "one"}, {nn.Shape{1, 1, 1, 1}, "one"},
		{nn.Shape{8, 1, 1}, "channel"}, {nn.Shape{1, 8, 1, 1}, "channel"},
		{nn.Shape{8, 22, 22}, "element"}, {nn.Shape{1, 8, 22, 22}, "element"},
		{nn.Shape{22}, "22"}, {nn.Shape{22, 22}, "22x22"}, {nn.Shape{8, 1, 22}, "8x1x22"}, {nn.Shape{1, 22}, "1x22"},
	} {
		s, err := nn.SharingOf(c.param, x)
		if err != nil || s.String() != c.want {
			t.Errorf("%v on %v is %q (%v), want %q", c.param, x, s, err, c.want)
		}
	}
	for _, param := range []nn.Shape{{8}, {22, 1, 1}, {2, 8, 22, 22}, {0}, {8, 22, 22, 1}} {
		_, err := nn.SharingOf(param, x)
		wantError(t, err, param.String(), "does not broadcast to (8, 22, 22)")
	}
}

func TestSharingOnASmallMapTakesTheSimplestName(t *testing.T) {
	for _, c := range []struct {
		x    nn.Shape
		want string
	}{
		{nn.Shape{1, 5, 5}, "one"}, {nn.Shape{1}, "one"}, {nn.Shape{4}, "element"}, {nn.Shape{4, 1, 1}, "element"},
	} {
		bound, err := nn.MustActivation("prelu:channel").Bind([]nn.Shape{c.x})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := nn.SharingOf(bound.Params()[0].Shape, c.x); err != nil || s.String() != c.want {
			t.Errorf("a slope a channel on %v is %q (%v), want %q", c.x, s, err, c.want)
		}
	}
}

// A call for every sixteen values would cost more than the values.
func TestSharingTakesFewCalls(t *testing.T) {
	for spelled, want := range map[string]int{
		"element": 1, "8x22x22": 1, "one": 1, "1x1x1": 1, "channel": 8, "22x22": 8, "22": 8 * 22, "22x1": 8 * 22,
		"8x1x22": 8*22 - 7, // the last row of a channel and the first of the next are one stretch
	} {
		sharing, err := nn.ParseSharing(spelled)
		if err != nil {
			t.Fatal(err)
		}
		forward, backward := 0, 0
		act := nn.Activation{Sharing: sharing, Func: &nn.ActFunc{
			Arg:     nn.Learned,
			Forward: func(_, _, _ []float32) { forward++ },
			Backward: func(dx, _, _, a, da []float32) {
				backward++
				if dx != nil || len(da) != len(a) {
					t.Errorf("%s: Backward gets dx of length %d, which is not wanted, and da of %d for a of %d", spelled, len(dx), len(da), len(a))
				}
			},
		}}
		in := nn.Shape{8, 22, 22}
		bound, err := act.Bind([]nn.Shape{in})
		if err != nil {
			t.Fatal(err)
		}
		w := nn.Weights{make([]float32, bound.Params()[0].Shape.Size())}
		x := nn.NewBlock(in)
		bound.Forward(&op.Call{W: w, X: []nn.Block{x}, Y: x})
		bound.Backward(&op.Call{W: w, DW: w, X: []nn.Block{x}, Y: x, DY: x, DX: []nn.Block{{}}})
		if forward != want || backward != want {
			t.Errorf("%s takes %d calls forward and %d back, want %d", spelled, forward, backward, want)
		}
	}
}
