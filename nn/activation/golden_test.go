package activation_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/data"
)

// goldenValues are what a framework itself computed for each function that it has: f and
// its derivative at one vector x (testdata/ref/golden_activations.py).
type goldenValues struct {
	Framework   string
	Activations []string
	arrays      map[string]*data.Array
}

func readValues(t *testing.T, framework op.Semantics) (g goldenValues) {
	t.Helper()
	base := filepath.Join(goldenDir, "activations", framework.String())
	text, err := os.ReadFile(base + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil || g.Framework != framework.String() {
		t.Fatalf("%s.json: framework %q, %v", base, g.Framework, err)
	}
	g.arrays = golden.ReadNPZ(t, base+".npz")
	if want := 2*len(g.Activations) + 1; len(g.arrays) != want {
		t.Fatalf("%s.npz has %d arrays, want %d", base, len(g.arrays), want)
	}
	return g
}

func TestActivationsEqualPyTorchAndKeras(t *testing.T) {
	for _, framework := range []op.Semantics{op.PyTorch, op.Keras} {
		g := readValues(t, framework)
		for _, spelled := range g.Activations {
			t.Run(framework.String()+"/"+spelled, func(t *testing.T) {
				g.check(t, framework, spelled)
			})
		}
	}
}

// valueTolerance and slopeTolerance are what float32 arithmetic of the frameworks leaves,
// on the scale of each value: |a−b| ≤ tolerance·max(|b|, 1). TensorFlow's derivative of
// gelu-tanh is 3e-6 off at −4.9.
const (
	valueTolerance = 1e-6
	slopeTolerance = 1e-5
)

func (g *goldenValues) check(t *testing.T, framework op.Semantics, spelled string) {
	act := activation.Must(spelled)
	act.Kink = framework
	f, a := actFormulas[act.Func.Name], float64(act.Value)
	x := g.arrays["x"].Float32
	y, dx := layerValues(t, act, x)
	wantY, wantDX := g.arrays[spelled+"/f"].Float32, g.arrays[spelled+"/grad"].Float32
	for i, v := range x {
		switch size := math.Abs(float64(v)); {
		case v != v:
			if y[i] == y[i] { // Keras's thresholded-relu makes 0 of it, gonn never does
				t.Errorf("f(NaN) = %g", y[i])
			}
			continue
		case math.IsInf(size, 0):
			if wantY[i] != wantY[i] { // ∞·0 or ∞/∞, where gonn gives the limit
				wantY[i] = float32(f.f(float64(v), a))
			}
		case size > 0 && size < tinyOf(framework, act):
		default:
			if wantDX[i] != wantDX[i] { // the same, where x³ overflows
				wantDX[i] = float32(f.derivative(framework)(float64(v), a))
			}
			checkValue(t, "f'", v, dx[i], wantDX[i], slopeTolerance)
		}
		checkValue(t, "f", v, y[i], wantY[i], valueTolerance)
	}
}

// tinyOf is below which size a framework takes x for 0 where it differentiates. TensorFlow
// has no denormals, and SELU's derivative goes by f(x), in which e^x − 1 is 0 early.
func tinyOf(framework op.Semantics, act activation.Layer) float64 {
	switch {
	case framework == op.PyTorch:
		return 0
	case act.Func.Name == "selu":
		return 1e-7
	}
	return 0x1p-126
}

func checkValue(t *testing.T, what string, x, got, want float32, tolerance float64) {
	t.Helper()
	d := math.Abs(float64(got) - float64(want))
	if got != want && !(d <= tolerance*max(math.Abs(float64(want)), 1)) {
		t.Errorf("%s(%g) = %g, want %g", what, x, got, want)
	}
}

// layerValues are f and f' of a layer at each x, with dy = 1.
func layerValues(t *testing.T, act activation.Layer, x []float32) (y, dx []float32) {
	t.Helper()
	shape := op.Shape{len(x)}
	bound, err := act.Bind([]op.Shape{shape})
	if err != nil {
		t.Fatal(err)
	}
	var w, dw op.Weights
	if act.Start != nil {
		w, dw = op.Weights{{*act.Start}}, op.Weights{{0}}
	}
	in, out, one, grad := op.NewBlock(shape), op.NewBlock(shape), op.NewBlock(shape), op.NewBlock(shape)
	for i, v := range x {
		in.Data[i*op.Lanes], one.Data[i*op.Lanes] = v, 1
	}
	bound.Forward(&op.Call{W: w, X: []op.Block{in}, Y: out})
	bound.Backward(&op.Call{W: w, DW: dw, X: []op.Block{in}, Y: out, DY: one, DX: []op.Block{grad}})
	for i := range x {
		y, dx = append(y, out.Data[i*op.Lanes]), append(dx, grad.Data[i*op.Lanes])
	}
	return y, dx
}
