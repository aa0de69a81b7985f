package activation_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// broadcast is NumPy's rule for a parameter on a map (C, H, W): shapes are aligned
// at the last axis, and an axis that is missing or 1 is repeated.
func broadcast(param, in op.Shape) func(i int) int {
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
	in := op.Shape{8, 22, 22}
	for spelled, want := range map[string]op.Shape{
		"one": {1}, "channel": {8, 1, 1}, "element": {8, 22, 22},
		"22": {22}, "1x22": {1, 22}, "22x22": {22, 22}, "8x1x22": {8, 1, 22}, "8x22x1": {8, 22, 1},
		"8x1x1": {8, 1, 1}, "22x1": {22, 1}, "1": {1}, "1x1x1": {1, 1, 1},
	} {
		t.Run(spelled, func(t *testing.T) {
			bound, err := activation.Must("prelu:" + spelled).Bind([]op.Shape{in})
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
func checkSlopes(t *testing.T, bound op.Op, of func(i int) int) {
	t.Helper()
	w, dw := make([]float32, bound.Params()[0].Shape.Size()), make([]float32, bound.Params()[0].Shape.Size())
	for k := range w {
		w[k] = float32(k)
	}
	in := bound.Shape()
	x, y, dy, dx := op.NewBlock(in), op.NewBlock(in), op.NewBlock(in), op.NewBlock(in)
	count := make([]float32, len(w))
	for i := range in.Size() {
		x.Data[i*op.Lanes+5], dy.Data[i*op.Lanes+5] = -1, -1
		count[of(i)]++
	}
	bound.Forward(&op.Call{W: op.Weights{w}, X: []op.Block{x}, Y: y})
	bound.Backward(&op.Call{W: op.Weights{w}, DW: op.Weights{dw}, X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dx}})
	for i := range in.Size() {
		if got, want := -y.Data[i*op.Lanes+5], float32(of(i)); got != want {
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
	x := op.Shape{8, 22, 22}
	for _, c := range []struct {
		param op.Shape
		want  string
	}{
		{op.Shape{}, "one"}, {op.Shape{1}, "one"}, {op.Shape{1, 1, 1}, "one"}, {op.Shape{1, 1, 1, 1}, "one"},
		{op.Shape{8, 1, 1}, "channel"}, {op.Shape{1, 8, 1, 1}, "channel"},
		{op.Shape{8, 22, 22}, "element"}, {op.Shape{1, 8, 22, 22}, "element"},
		{op.Shape{22}, "22"}, {op.Shape{22, 22}, "22x22"}, {op.Shape{8, 1, 22}, "8x1x22"}, {op.Shape{1, 22}, "1x22"},
	} {
		s, err := activation.SharingOf(c.param, x)
		if err != nil || s.String() != c.want {
			t.Errorf("%v on %v is %q (%v), want %q", c.param, x, s, err, c.want)
		}
	}
	for _, param := range []op.Shape{{8}, {22, 1, 1}, {2, 8, 22, 22}, {0}, {8, 22, 22, 1}} {
		_, err := activation.SharingOf(param, x)
		wantError(t, err, param.String(), "does not broadcast to (8, 22, 22)")
	}
}

func TestSharingOnASmallMapTakesTheSimplestName(t *testing.T) {
	for _, c := range []struct {
		x    op.Shape
		want string
	}{
		{op.Shape{1, 5, 5}, "one"}, {op.Shape{1}, "one"}, {op.Shape{4}, "element"}, {op.Shape{4, 1, 1}, "element"},
	} {
		bound, err := activation.Must("prelu:channel").Bind([]op.Shape{c.x})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := activation.SharingOf(bound.Params()[0].Shape, c.x); err != nil || s.String() != c.want {
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
		sharing, err := activation.ParseSharing(spelled)
		if err != nil {
			t.Fatal(err)
		}
		forward, backward := 0, 0
		act := activation.Layer{Sharing: sharing, Func: &activation.Func{
			Name: "counted", Arg: activation.Learned, Param: "alpha",
			Forward: func(_, _, _ []float32) { forward++ },
			Backward: func(dx, _, _, a, da []float32) {
				backward++
				if dx != nil || len(da) != len(a) {
					t.Errorf("%s: Backward gets dx of length %d, which is not wanted, and da of %d for a of %d", spelled, len(dx), len(da), len(a))
				}
			},
		}}
		in := op.Shape{8, 22, 22}
		bound, err := act.Bind([]op.Shape{in})
		if err != nil {
			t.Fatal(err)
		}
		w := op.Weights{make([]float32, bound.Params()[0].Shape.Size())}
		x := op.NewBlock(in)
		bound.Forward(&op.Call{W: w, X: []op.Block{x}, Y: x})
		bound.Backward(&op.Call{W: w, DW: w, X: []op.Block{x}, Y: x, DY: x, DX: []op.Block{{}}})
		if forward != want || backward != want {
			t.Errorf("%s takes %d calls forward and %d back, want %d", spelled, forward, backward, want)
		}
	}
}
