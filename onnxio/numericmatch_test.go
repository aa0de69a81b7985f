package onnxio

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/numericmatch"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// writtenCase is an activation written out in a way that the table of spellings does not
// have; want are the layers that it must come back as, and "" that it is none.
type writtenCase struct{ name, text, want string }

// written writes a text on an input (2, 3, 4). alpha and beta in it are learned, one for
// each channel.
func written(text string) (*graph.Model, []float32) {
	fn, param := activation.Funcs[0], ""
	for _, f := range activation.Funcs {
		if f.Arg == activation.Learned && strings.Contains(text, f.Param) {
			fn, param = f, f.Param
		}
	}
	slopes := graph.Float32Tensor("", []int64{2, 1, 1}, []float32{0.3, -0.45})
	v, _ := slopes.Float32s()
	return spelledModel(fn, spell(param, text), asWritten, 0, slopes, false, false), v
}

func TestActivationsWrittenOut(t *testing.T) {
	for _, c := range []writtenCase{
		{"halves of x − |x|", "a = Abs(x); d = Sub(x, a); h = Mul(d, 0.5); n = Mul(h, alpha); r = Relu(x); y = Add(r, n)", "prelu:channel"},
		{"x − relu(x)", "r = Relu(x); m = Sub(x, r); n = Mul(alpha, m); y = Add(n, r)", "prelu:channel"},
		{"relu(x) − x, negated slope", "r = Relu(x); m = Sub(r, x); n = Mul(-1*alpha, m); y = Add(n, r)", "prelu:channel"},
		{"clips", "r = Clip(x, 0.0, ); m = Clip(x, , 0.0); n = Mul(m, alpha); y = Add(r, n)", "prelu:channel"},
		{"maximum and minimum", "r = Max(x, 0.0); m = Min(x, 0.0); n = Mul(m, alpha); y = Add(r, n)", "prelu:channel"},
		{"minus a minimum", "r = Max(x, 0.0); m = Min(0.0, x); n = Mul(m, -1*alpha); y = Sub(r, n)", "prelu:channel"},
		{"masks", "p = Greater(x, 0.0); c = Cast<to = 1>(p); i = Sub(1.0, c); a = Mul(x, c); b = Mul(x, i); n = Mul(b, alpha); y = Add(a, n)", "prelu:channel"},
		{"a mask of slopes", "p = Less(x, 0.0); s = Where(p, alpha, 1.0); y = Mul(s, x)", "prelu:channel"},
		{"not above", "p = Greater(x, 0.0); q = Not(p); n = Mul(x, alpha); y = Where(q, n, x)", "prelu:channel"},
		{"at most 0", "p = LessOrEqual(x, 0.0); n = Mul(alpha, x); y = Where(p, n, x)", "prelu:channel"},
		{"the larger, slopes below 1", "n = Mul(x, alpha); y = Max(x, n)", "prelu:channel"},
		{"a sum of two", "a = Abs(x); b = Add(x, a); d = Sub(x, a); n = Mul(d, alpha); s = Add(b, n); y = Mul(s, 0.5)", "prelu:channel"},
		{"half the slope", "a = Abs(x); d = Sub(x, a); n = Mul(d, 0.5*alpha); r = Relu(x); y = Add(n, r)", "prelu:channel"},
		{"doubled by halves", "r = Relu(x); m = Sub(x, r); n = Mul(m, 2*alpha); h = Div(n, 2.0); y = Add(h, r)", "prelu:channel"},

		{"swish: x/(1 + e⁻ˣ)", "m = Neg(x); e = Exp(m); d = Add(e, 1.0); y = Div(x, d)", "swish"},
		{"swish: x·1/(1 + e⁻ˣ)", "m = Mul(x, -1.0); e = Exp(m); d = Add(1.0, e); r = Reciprocal(d); y = Mul(r, x)", "swish"},
		{"swish by tanh", "h = Mul(x, 0.5); t = Tanh(h); p = Add(t, 1.0); y = Mul(h, p)", "swish"},
		{"swish with a β", "m = Mul(x, -1.25); e = Exp(m); d = Add(e, 1.0); y = Div(x, d)", "swish:1.25"},
		{"swish with a small β", "b = Mul(x, 0.02); m = Neg(b); e = Exp(m); d = Add(e, 1.0); y = Div(x, d)", "swish:0.02"},
		{"swish with a large β", "b = Mul(x, 30.0); m = Neg(b); e = Exp(m); d = Add(e, 1.0); y = Div(x, d)", "swish:30"},
		{"swish with learned β", "b = Mul(x, beta); m = Neg(b); e = Exp(m); d = Add(1.0, e); y = Div(x, d)", "swish-beta:channel"},
		{"swish with negated β", "b = Mul(-1*beta, x); e = Exp(b); d = Add(1.0, e); y = Div(x, d)", "swish-beta:channel"},

		{"mish by log", "e = Exp(x); o = Add(e, 1.0); l = Log(o); t = Tanh(l); y = Mul(x, t)", "mish"},
		{"mish by squares", "e = Exp(x); o = Add(e, 1.0); s = Mul(o, o); a = Sub(s, 1.0); b = Add(s, 1.0); q = Div(a, b); y = Mul(x, q)", "mish"},
		{"gelu, halved at the end", "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); m = Mul(p, x); y = Div(m, 2.0)", "gelu"},
		{"gelu, multiplied out", "d = Mul(x, 0.70710677); e = Erf(d); h = Mul(x, 0.5); t = Mul(h, e); y = Add(h, t)", "gelu"},
		{"gelu-tanh, multiplied out", "q = Mul(x, x); c = Mul(q, x); k = Mul(c, 0.044715); a = Add(k, x); u = Mul(a, 0.7978846); t = Tanh(u); h = Mul(x, 0.5); g = Mul(h, t); y = Add(h, g)", "gelu-tanh"},
		{"tanh by exponentials", "a = Exp(x); m = Neg(x); b = Exp(m); u = Sub(a, b); v = Add(a, b); y = Div(u, v)", "tanh"},
		{"tanh by sigmoid", "d = Mul(x, 2.0); s = Sigmoid(d); t = Mul(s, 2.0); y = Sub(t, 1.0)", "tanh"},
		{"sigmoid", "m = Neg(x); e = Exp(m); d = Add(e, 1.0); y = Reciprocal(d)", "sigmoid"},
		{"softplus", "e = Exp(x); o = Add(e, 1.0); y = Log(o)", "softplus"},
		{"softplus that does not overflow", "r = Relu(x); a = Abs(x); m = Neg(a); e = Exp(m); o = Add(e, 1.0); l = Log(o); y = Add(r, l)", "softplus"},
		{"softplus with a β", "b = Mul(x, 2.5); e = Exp(b); o = Add(1.0, e); l = Log(o); y = Div(l, 2.5)", "softplus:2.5"},
		{"logsigmoid", "m = Neg(x); e = Exp(m); o = Add(e, 1.0); l = Log(o); y = Neg(l)", "logsigmoid"},
		{"elu", "r = Relu(x); n = Min(x, 0.0); e = Exp(n); s = Sub(e, 1.0); t = Mul(s, 1.5); y = Add(r, t)", "elu:1.5"},
		{"selu", "e = Elu<alpha = 1.6732632>(x); y = Mul(e, 1.050701)", "selu"},
		{"celu", "d = Div(x, 1.5); n = Min(d, 0.0); e = Exp(n); s = Sub(e, 1.0); t = Mul(s, 1.5); r = Relu(x); y = Add(r, t)", "celu:1.5"},
		{"relu6", "r = Max(x, 0.0); y = Min(r, 6.0)", "relu6"},
		{"a clip far out", "r = Max(x, 0.0); y = Min(r, 100.0)", "relu6:100"},
		{"a clip from the other side", "m = Min(x, 100.0); y = Max(m, 0.0)", "relu6:100"},
		{"relu", "a = Abs(x); s = Add(x, a); y = Mul(s, 0.5)", "relu"},
		{"relu as a minimum", "m = Neg(x); n = Min(m, 0.0); y = Neg(n)", "relu"},
		{"leaky", "n = Mul(x, 0.25); y = Max(n, x)", "leaky:0.25"},
		{"leaky with a slope below 0", "r = Relu(x); m = Min(x, 0.0); n = Mul(m, 0.5); y = Sub(r, n)", "leaky:-0.5"},
		{"hardsigmoid", "m = Div(x, 6.0); a = Add(m, 0.5); y = Clip(a, 0.0, 1.0)", "hardsigmoid"},
		{"hardswish", "a = Add(x, 3.0); r = Relu(a); m = Min(r, 6.0); d = Div(m, 6.0); y = Mul(d, x)", "hardswish"},
		{"softsign", "a = Abs(x); p = Add(1.0, a); r = Reciprocal(p); y = Mul(x, r)", "softsign"},
		{"thresholded relu", "d = Sub(x, 0.75); p = Greater(d, 0.0); y = Where(p, x, 0.0)", "thresholded-relu:0.75"},
		{"thresholded relu below 0", "d = Add(x, 0.6); p = Greater(d, 0.0); c = Cast<to = 1>(p); y = Mul(c, x)", "thresholded-relu:-0.6"},

		{"two, one behind the other", "r = Relu(x); y = Tanh(r)", "relu tanh"},
		{"twice the same", "a = LeakyRelu<alpha = 0.5>(x); y = LeakyRelu<alpha = 0.5>(a)", "leaky:0.5 leaky:0.5"},
		{"relu twice", "a = Relu(x); y = Relu(a)", "relu relu"},
		{"written out behind another", "h = Tanh(x); e = Exp(h); o = Add(e, 1.0); y = Log(o)", "tanh softplus"},
		{"two written out", "a = Abs(x); s = Add(x, a); r = Mul(s, 0.5); m = Neg(r); e = Exp(m); d = Add(e, 1.0); y = Div(r, d)", "relu swish"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, slopes := written(c.text)
			im := imports(t, m)
			if got := activationsOf(im.Network); got != c.want {
				t.Errorf("read as %s, want %s", got, c.want)
			}
			for _, p := range im.Network.Params() {
				if !slices.Equal(p.Data, slopes) {
					t.Errorf("%s is %v, want %v", p.FullName(), p.Data, slopes)
				}
			}
			computesTheSame(t, m, im)
		})
	}
}

// What only looks like an activation is refused, or read as layers that compute the same:
// some of these functions may become activations one day.
func TestForeignFunctionsAreNotTaken(t *testing.T) {
	for _, c := range []writtenCase{
		{"gaussian", "q = Mul(x, x); m = Neg(q); y = Exp(m)", ""},
		{"snake", "s = Sin(x); q = Mul(s, s); y = Add(x, q)", ""},
		{"a sine between the points", "s = Mul(x, 25.132741); q = Sin(s); r = Relu(x); y = Add(r, q)", ""},
		{"x·σ(x + 1)", "a = Add(x, 1.0); s = Sigmoid(a); y = Mul(x, s)", ""},
		{"x·σ(x) + 1", "s = Sigmoid(x); p = Mul(x, s); y = Add(p, 1.0)", ""},
		{"2·x·σ(x)", "s = Sigmoid(x); p = Mul(x, s); y = Mul(p, 2.0)", ""},
		{"x·σ(x)²", "m = Neg(x); e = Exp(m); d = Add(e, 1.0); q = Mul(d, d); y = Div(x, q)", ""},
		{"the larger, slope 2", "n = Mul(x, 2.0); y = Max(x, n)", ""},
		{"the smaller, slope 0.5", "n = Mul(x, 0.5); y = Min(x, n)", ""},
		{"a kink at 0.1", "p = Greater(x, 0.1); n = Mul(x, 0.5); y = Where(p, x, n)", ""},
		{"a kink at 45", "p = Greater(x, 45.0); n = Mul(x, 0.5); r = Relu(n); y = Where(p, x, r)", ""},
		{"a kink at 1000", "r = Max(x, 0.0); h = Mul(r, 0.5); a = Add(h, 500.0); y = Min(r, a)", ""},
		{"a floor at −1000", "m = Min(x, 0.0); n = Mul(m, 0.25); f = Max(n, -1000.0); r = Relu(x); y = Add(r, f)", ""},
		{"clip from −1 to 1", "m = Max(x, -1.0); y = Min(m, 1.0)", ""},
		{"hard shrink", "a = Abs(x); p = Greater(a, 0.5); c = Cast<to = 1>(p); y = Mul(x, c)", ""},
		{"soft shrink", "s = Sign(x); a = Abs(x); d = Sub(a, 0.5); r = Relu(d); y = Mul(s, r)", ""},
		{"tanh shrink", "t = Tanh(x); y = Sub(x, t)", ""},
		{"relu squared", "r = Relu(x); y = Mul(r, r)", "relu Mul"},
		{"absolute", "a = Abs(x); y = Mul(a, 1.5)", ""},
		{"cube", "q = Mul(x, x); y = Mul(q, x)", "Mul Mul"},
		{"a step", "p = Greater(x, 0.0); y = Cast<to = 1>(p)", ""},
		{"elu times 2", "e = Elu<alpha = 1.0>(x); y = Mul(e, 2.0)", ""},
		{"mish with 1.001", "e = Exp(x); o = Add(e, 1.001); l = Log(o); t = Tanh(l); y = Mul(x, t)", ""},
		{"gelu with 1.42", "d = Div(x, 1.42); e = Erf(d); p = Add(e, 1.0); m = Mul(p, x); y = Div(m, 2.0)", ""},
		{"a line", "a = Mul(x, 2.0); y = Add(a, 1.0)", ""},
		{"a scale", "y = Mul(x, 2.0)", ""},
		{"a constant", "z = Mul(x, 0.0); y = Add(z, 1.0)", ""},
		{"a slope and a shift", "r = Relu(x); m = Sub(x, r); n = Mul(alpha, m); a = Add(n, r); y = Add(a, 0.5)", ""},
		{"slopes on both sides", "r = Relu(x); p = Mul(r, alpha); m = Sub(x, r); n = Mul(alpha, m); y = Add(n, p)", ""},
		{"a slope of x and of |x|", "a = Abs(x); n = Mul(a, alpha); y = Add(x, n)", ""},
		{"t·σ(t), t = βx", "b = Mul(x, beta); m = Neg(b); e = Exp(m); d = Add(1.0, e); y = Div(b, d)", ""},
		{"swish with two β", "b = Mul(x, beta); s = Sigmoid(b); p = Mul(x, s); y = Mul(p, beta)", ""},
		{"a maximum of two learned lines", "n = Mul(x, alpha); a = Add(x, alpha); y = Max(n, a)", ""},
		{"the larger per channel, some slopes above 1", "n = Mul(x, 5*alpha); y = Max(x, n)", ""},
		{"a sigmoid gate", "s = Sigmoid(x); t = Tanh(x); y = Mul(s, t)", "sigmoid tanh Mul"},
		{"a product with itself", "s = Tanh(x); y = Mul(s, s)", "tanh Mul"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := written(c.text)
			im, err := Import(m)
			if err != nil && c.want == "" {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			computesTheSame(t, m, im)
			if got := activationsOf(im.Network); c.want != "" && c.want != got {
				t.Errorf("read as %s, want %q", got, c.want)
			}
		})
	}
}

// activationsOf lists the layers of a network.
func activationsOf(net *nn.Network) string {
	var all []string
	for _, n := range net.Nodes() {
		all = append(all, settledKind(n.Layer))
	}
	return strings.Join(all, " ")
}

// computesTheSame holds a network against the file on the evaluator, on numbers small and
// large.
func computesTheSame(t *testing.T, m *graph.Model, im *Imported) {
	t.Helper()
	values := []float64{0, -1000, 1000, 1e6, -1e6, -64, 64, 1e-5, -1e-5, 0.05, 0.15, -0.333, 0.75, 0.7500001, 95, 120, 2000, -5000}
	for i := range 222 {
		values = append(values, float64(i-111)/13)
	}
	x := nn.NewTensor(append([]int{len(values) / 24}, 2, 3, 4)...)
	for i := range x.Data {
		x.Data[i] = float32(values[i])
	}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	results, err := e.Run(map[string]*reference.Tensor{"x": reference.FromFloat32s(x.Shape, x.Data)})
	if err != nil {
		t.Fatal(err)
	}
	want := results[m.Graph.Outputs[0].Name].Floats
	y, err := im.Network.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range want {
		got := float64(y.Data[i])
		if math.IsNaN(v) || math.IsInf(v, 0) { // an exponential of the file is too large
			continue
		}
		// float32 has no more digits of a difference than of what it is made of.
		if d := math.Abs(got - v); !(d <= 2e-6*max(1, math.Abs(v))+1e-7*math.Abs(float64(x.Data[i]))) {
			t.Fatalf("f(%g) is %g, want %g", x.Data[i], got, v)
		}
	}
}

// A value that is wider than the activation's input has no layer.
func TestConstantsThatWiden(t *testing.T) {
	for _, text := range []string{"y = Max(x, c)", "a = Abs(x); s = Add(a, x); m = Mul(s, 0.5); y = Max(m, c)"} {
		m := spelledModel(activation.Funcs[0], spell("", text), asWritten, 0, nil, false, false)
		m.Graph.Inputs[0].Shape = m.Graph.Inputs[0].Shape[:2]
		m.Graph.Inputs[0].Shape[1] = graph.Dim{Size: 1}
		m.Graph.Outputs[0].HasShape = false
		m.Graph.Initializers = []*graph.Tensor{graph.Float32Tensor("c", []int64{4}, make([]float32, 4))}
		if im, err := Import(m); err == nil {
			t.Errorf("%s: read as %s", text, describe(im.Network))
		}
	}
}

// The way an activation was found is told.
func TestRecognisedByValueIsNoted(t *testing.T) {
	for _, text := range []string{"r = Relu(x); m = Sub(x, r); n = Mul(alpha, m); y = Add(n, r)", "e = Exp(x); o = Add(e, 1.0); l = Log(o); t = Tanh(l); y = Mul(x, t)"} {
		m, _ := written(text)
		im := imports(t, m)
		if !slices.ContainsFunc(im.Notes, func(n string) bool {
			return strings.Contains(n, fmt.Sprint("by its values at ", len(numericmatch.Points)))
		}) {
			t.Errorf("notes %q", im.Notes)
		}
	}
}

// A number that a file keeps as a tensor is learned only if it is the parameter.
func TestNumbersKeptAsTensors(t *testing.T) {
	for _, c := range []struct {
		text, want string
		value      float32
	}{
		{"m = Neg(x); e = Exp(m); d = Add(e, c); y = Div(x, d)", "swish", 1},
		{"e = Exp(x); o = Add(e, c); l = Log(o); t = Tanh(l); y = Mul(x, t)", "mish", 1},
		{"a = Abs(x); s = Add(x, a); y = Mul(s, c)", "relu", 0.5},
		{"r = Relu(x); m = Min(x, 0.0); n = Mul(m, c); y = Add(r, n)", "prelu:one", 0.5},
		{"r = Relu(x); m = Min(x, 0.0); n = Mul(m, c); y = Add(r, n)", "prelu:one", 1},
		{"r = Relu(x); m = Min(x, 0.0); n = Mul(m, c); y = Add(r, n)", "prelu:one", 0},
		{"b = Mul(x, c); m = Neg(b); e = Exp(m); d = Add(e, 1.0); y = Div(x, d)", "swish-beta:one", 1},
	} {
		m := spelledModel(activation.Funcs[0], spell("", c.text), asWritten, 0, nil, false, false)
		m.Graph.Initializers = []*graph.Tensor{graph.Float32Tensor("c", []int64{1, 1, 1}, []float32{c.value})}
		im := imports(t, m)
		if got := activationsOf(im.Network); got != c.want {
			t.Errorf("%s with c = %g: read as %s, want %s", c.text, c.value, got, c.want)
		}
		computesTheSame(t, m, im)
	}
}

// Slopes of all elements of a large map are read without rounding, in whatever form.
func TestSlopesOfLargeMaps(t *testing.T) {
	x := nn.Shape{5, 60, 70}
	slopes := graph.Float32Tensor("alpha", []int64{1, 5, 60, 70}, pattern(5*60*70))
	m := model(x, []*graph.Tensor{slopes, graph.Float32Tensor("half", nil, []float32{0.5})},
		node("Abs", "x", "a"), node("Sub", "x a", "d"), node("Mul", "d half", "h"), node("Mul", "h alpha", "n"), node("Relu", "x", "r"), node("Add", "n r", "y"))
	im := imports(t, m)
	if got := activationsOf(im.Network); got != "prelu:element" {
		t.Fatalf("read as %s", got)
	}
	if p := im.Network.Params()[0]; !slices.Equal(p.Data, pattern(5*60*70)) {
		t.Error("the slopes are others")
	}
	slopes.Raw = slices.Clone(slopes.Raw)
	slopes.Raw[4*12_345+3] ^= 0x40 // beyond what is looked at first: too large for the Max below
	m = model(x, []*graph.Tensor{slopes}, node("Mul", "x alpha", "n"), node("Max", "x n", "y"))
	if im, err := Import(m); err == nil {
		t.Errorf("read as %s", describe(im.Network))
	}
}

// Of a file of nothing but arithmetic only a part is judged: twenty times the nodes take the
// same steps once the bound is reached.
func TestJudgingIsBounded(t *testing.T) {
	for name, op := range map[string]func(i int) *graph.Node{
		"a chain":        func(i int) *graph.Node { return node("Cos", fmt.Sprint("v", i), fmt.Sprint("v", i+1)) },
		"sums":           func(i int) *graph.Node { return node("Sub", fmt.Sprintf("v%d v%d", i, i), fmt.Sprint("v", i+1)) },
		"with constants": func(i int) *graph.Node { return node("Mul", fmt.Sprintf("v%d c", i), fmt.Sprint("v", i+1)) },
	} {
		t.Run(name, func(t *testing.T) {
			const count = 1_000
			m := model(nn.Shape{4, 4, 4}, []*graph.Tensor{tensor("c", 4, 4, 4)}, node("Sin", "x", "v0"))
			for i := range count {
				m.Graph.Nodes = append(m.Graph.Nodes, op(i))
			}
			m.Graph.Outputs[0].Name = fmt.Sprint("v", count)
			im := newImporter(provenanceOf(m, rewrite.Clean(m), false), floatRounding, nil)
			im.acts.numeric.Limit(1000)
			im.findLayers()
			if left := im.acts.numeric.Steps(); left > 0 || left < -largestPart*(1+len(numericmatch.Points)) {
				t.Errorf("%d steps are left of 1000", left)
			}
		})
	}
}

// Whatever is written by chance: what is read as a network computes the same.
func TestRandomArithmetic(t *testing.T) {
	taken, seeds := map[string]int{}, uint64(4000)
	if testing.Short() {
		seeds /= 10
	}
	for seed := range seeds {
		m := randomArithmetic(rand.New(rand.NewPCG(seed, 5)))
		im, err := Import(m)
		if err != nil {
			continue
		}
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { computesTheSame(t, m, im) }) {
			for _, n := range m.Graph.Nodes {
				t.Log(n.Outputs, "=", n.OpType, n.Inputs)
			}
			t.Fatalf("read as %s", describe(im.Network))
		}
		taken[activationsOf(im.Network)]++
	}
	t.Logf("taken: %v", taken)
}

// randomArithmetic is a handful of nodes that work element by element, more often than not
// on the latest value and x.
func randomArithmetic(r *rand.Rand) *graph.Model {
	m := model(nn.Shape{2, 3, 4}, nil)
	values := []string{"x"}
	constant := func() string {
		name := fmt.Sprint("c", len(m.Graph.Initializers))
		c := graph.Float32Tensor(name, nil, []float32{[]float32{0, 0.5, 1, 1, 2, -1, 3, 6, 0.2}[r.IntN(9)]})
		if r.IntN(5) == 0 {
			c = graph.Float32Tensor(name, []int64{2, 1, 1}, []float32{0.3, -0.45})
		}
		m.Graph.Initializers = append(m.Graph.Initializers, c)
		return name
	}
	any := func() string { return values[max(r.IntN(len(values)), r.IntN(len(values)))] }
	for i := range 1 + r.IntN(7) {
		out := fmt.Sprint("v", i)
		unary := []string{"Relu", "Neg", "Abs", "Exp", "Sigmoid", "Tanh", "Softplus", "Reciprocal", "Erf", "Sign"}
		binary := []string{"Add", "Sub", "Mul", "Div", "Max", "Min", "Mul", "Add"}
		switch r.IntN(5) {
		case 0, 1:
			m.Graph.Nodes = append(m.Graph.Nodes, node(unary[r.IntN(len(unary))], any(), out))
		case 2, 3:
			in := []string{any(), constant()}
			r.Shuffle(2, func(i, j int) { in[i], in[j] = in[j], in[i] })
			m.Graph.Nodes = append(m.Graph.Nodes, node(binary[r.IntN(len(binary))], in[0]+" "+in[1], out))
		case 4:
			m.Graph.Nodes = append(m.Graph.Nodes, node(binary[r.IntN(len(binary))], any()+" "+any(), out))
		}
		values = append(values, out)
	}
	m.Graph.Outputs[0].Name = values[len(values)-1]
	return m
}
