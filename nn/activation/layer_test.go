package activation_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// checkKink binds an activation in both frameworks and looks at its derivative at
// +0 and −0.
func checkKink(t *testing.T, spelled string, pytorch, keras float32) {
	t.Helper()
	checkKinkAt(t, spelled, 0, pytorch, keras)
	checkKinkAt(t, spelled, float32(math.Copysign(0, -1)), pytorch, keras)
}

func checkKinkAt(t *testing.T, spelled string, at, pytorch, keras float32) {
	t.Helper()
	for framework, want := range map[op.Semantics]float32{op.PyTorch: pytorch, op.Keras: keras} {
		act := activation.Must(spelled)
		act.Kink = framework
		bound, err := act.Bind([]op.Shape{{1}})
		if err != nil {
			t.Fatal(err)
		}
		var w, dw op.Weights
		if act.Start != nil {
			w, dw = op.Weights{{*act.Start}}, op.Weights{{0}}
		}
		x, y, dy, dx := op.NewBlock(op.Shape{1}), op.NewBlock(op.Shape{1}), op.NewBlock(op.Shape{1}), op.NewBlock(op.Shape{1})
		x.Data[0], dy.Data[0] = at, 2
		bound.Forward(&op.Call{W: w, X: []op.Block{x}, Y: y})
		bound.Backward(&op.Call{W: w, DW: dw, X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dx}})
		if dx.Data[0] != 2*want {
			t.Errorf("%s in %v: derivative at %g is %g, want %g", spelled, framework, at, dx.Data[0]/2, want)
		}
	}
}

func TestActivationsHaveTheirFrameworksDerivativeAtKinks(t *testing.T) {
	for name, f := range actFormulas {
		for _, a := range f.args {
			spelled := name
			switch arg := table(t, name).Arg; {
			case arg == activation.Fixed:
				spelled = fmt.Sprintf("%s:%g", name, a)
			case arg == activation.Learned:
				spelled = fmt.Sprintf("%s:one:%g", name, a)
			}
			checkKink(t, spelled, float32(f.dx(0, float64(a))), float32(f.derivative(op.Keras)(0, float64(a))))
			if f.at == nil {
				continue
			}
			for _, x := range f.at(float64(a)) {
				pytorch, keras := f.dx(x, float64(a)), f.derivative(op.Keras)(x, float64(a))
				checkKinkAt(t, spelled, float32(x), float32(pytorch), float32(keras))
			}
		}
	}
}

func table(t *testing.T, name string) *activation.Func {
	t.Helper()
	for _, a := range activation.Funcs {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("%s is not in the table", name)
	return nil
}

// layerFormula is the activation on a whole map: element i meets value of(i) of a
// learned parameter.
func layerFormula(act activation.Layer, of func(i int) int) func(w, x [][]float64) []float64 {
	f := actFormulas[act.Func.Name].f
	return func(w, x [][]float64) []float64 {
		y := make([]float64, len(x[0]))
		for i, v := range x[0] {
			a := float64(act.Value)
			if len(w) > 0 {
				a = w[0][of(i)]
			}
			y[i] = f(v, a)
		}
		return y
	}
}

func TestActivationAsALayer(t *testing.T) {
	in := op.Shape{3, 4, 5}
	for _, row := range activation.Funcs {
		for _, spelled := range spellings(row) {
			t.Run(spelled, func(t *testing.T) {
				act := activation.Must(spelled)
				bound, err := act.Bind([]op.Shape{in})
				if err != nil {
					t.Fatal(err)
				}
				var of func(int) int
				if row.Arg == activation.Learned {
					of = broadcast(bound.Params()[0].Shape, in)
				}
				for _, kink := range []op.Semantics{op.PyTorch, op.Keras} {
					act.Kink = kink
					nntest.Layer(t, nntest.Case{Layer: act, In: []op.Shape{in}, Formula: layerFormula(act, of)})
				}
			})
		}
	}
}

// spellings tries each value of a fixed and each sharing of a learned parameter.
func spellings(row *activation.Func) (all []string) {
	switch row.Arg {
	case activation.Fixed:
		for _, a := range actFormulas[row.Name].args {
			all = append(all, fmt.Sprintf("%s:%g", row.Name, a))
		}
	case activation.Learned:
		for _, sharing := range []string{"one", "channel", "element", "5", "1x5", "4x5", "4x1", "3x1x5", "3x4x1", "1x1x1", "1x4x5"} {
			all = append(all, row.Name+":"+sharing)
		}
	default:
		all = []string{row.Name}
	}
	return all
}

func TestActivationOnAVector(t *testing.T) {
	for spelled, of := range map[string]func(int) int{
		"prelu:one":          func(int) int { return 0 },
		"prelu:channel":      func(i int) int { return i },
		"swish-beta:element": func(i int) int { return i },
		"tanh":               nil,
	} {
		act := activation.Must(spelled)
		nntest.Layer(t, nntest.Case{Layer: act, In: []op.Shape{{6}}, Formula: layerFormula(act, of)})
	}
}

// Forward may write over x and Backward over dy.
func TestActivationInPlace(t *testing.T) {
	in := op.Shape{2, 3, 5}
	for _, row := range activation.Funcs {
		for _, spelled := range spellings(row) {
			if row.Arg == activation.Learned && !strings.HasSuffix(spelled, "element") {
				continue
			}
			bound, err := activation.Must(spelled).Bind([]op.Shape{in})
			if err != nil {
				t.Fatal(err)
			}
			if !bound.(interface{ InPlace() bool }).InPlace() {
				t.Errorf("%s does not work in place", spelled)
			}
			var w, dw op.Weights
			for _, p := range bound.Params() {
				w, dw = append(w, make([]float32, p.Shape.Size())), append(dw, make([]float32, p.Shape.Size()))
				for i := range w[0] {
					w[0][i] = float32(i) / 10
				}
			}
			x, y, dy, dx := op.NewBlock(in), op.NewBlock(in), op.NewBlock(in), op.NewBlock(in)
			for i := range x.Data {
				x.Data[i], dy.Data[i] = float32(i%41)/10-2, float32(i%23)/10-1
			}
			bound.Forward(&op.Call{W: w, X: []op.Block{x}, Y: y})
			bound.Backward(&op.Call{W: w, DW: dw, X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dx}})
			bound.Backward(&op.Call{W: w, DW: dw, X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dy}})
			bound.Forward(&op.Call{W: w, X: []op.Block{x}, Y: x})
			if !slices.Equal(x.Data, y.Data) || !slices.Equal(dx.Data, dy.Data) {
				t.Errorf("%s gives something else in place", spelled)
			}
		}
	}
}

func TestActivationRefusesWhatDoesNotFit(t *testing.T) {
	in := []op.Shape{{8, 22, 22}}
	nntest.Refuses(t, activation.Must("relu"), []op.Shape{{2}, {2}}, "got 2 inputs", "need 1")
	nntest.Refuses(t, activation.Must("prelu:21"), in, "(21)", "does not broadcast to (8, 22, 22)")
	nntest.Refuses(t, activation.Must("prelu:8"), in, "(8)", "does not broadcast to (8, 22, 22)")
	nntest.Refuses(t, activation.Must("prelu:2x8x22x22"), in, "(2, 8, 22, 22)", "has more axes")
	nntest.Refuses(t, activation.Layer{Func: activation.Funcs[3], Sharing: activation.SharedAs(op.Shape{0})}, in, "(0)", "does not broadcast")
	nntest.Refuses(t, activation.Layer{}, in, "has no function", "activation.Funcs")
	forward := func(_, _, _ []float32) {}
	backward := func(_, _, _, _, _ []float32) {}
	for want, f := range map[string]activation.Func{
		"no name":             {Forward: forward, Backward: backward},
		"no Backward":         {Name: "half", Forward: forward},
		"half has no Forward": {Name: "half", Backward: backward},
		"unknown ArgKind 7":   {Name: "half", Forward: forward, Backward: backward, Arg: 7},
		"exactly if":          {Name: "half", Forward: forward, Backward: backward, Arg: activation.Learned},
	} {
		nntest.Refuses(t, activation.Layer{Func: &f}, in, "its function is not complete", want)
	}
	nntest.Refuses(t, activation.Layer{Func: table(t, "celu")}, in, "its alpha is 0", "must be above 0")
	nntest.Refuses(t, activation.Layer{Func: table(t, "leaky"), Value: float32(math.Inf(-1))}, in, "its alpha is -Inf", "must be a finite number")
	nntest.Refuses(t, activation.Layer{Func: table(t, "leaky"), Value: float32(math.NaN())}, in, "its alpha is NaN", "must be a finite number")
	nntest.Refuses(t, activation.Layer{Func: table(t, "relu6"), Value: float32(math.NaN())}, in, "its max is NaN", "must be above 0")
}

func TestALayerWithoutFunctionHasAText(t *testing.T) {
	if got := (activation.Layer{}).String(); got != "activation" {
		t.Errorf("String is %q", got)
	}
}

func TestSpelledActivationsReadBack(t *testing.T) {
	for spelled, want := range map[string]string{
		"linear": "linear", "relu": "relu", "mish": "mish", "sigmoid": "sigmoid", "tanh": "tanh",
		"leaky:-1": "leaky:-1", "leaky:-0.5": "leaky:-0.5", "leaky:0": "leaky:0", "leaky:1e-3": "leaky:0.001",
		"leaky:0.1": "leaky:0.1", "leaky:-0": "leaky:-0", "leaky:1e-40": "leaky:1e-40",
		"prelu": "prelu:element", "prelu:element": "prelu:element", "prelu:channel": "prelu:channel",
		"prelu:one:0.25": "prelu:one:0.25", "prelu:8x1x1:-1": "prelu:8x1x1:-1", "prelu:22": "prelu:22",
		"swish": "swish", "swish:1": "swish", "swish:1.5": "swish:1.5", "swish:0": "swish:0",
		"elu": "elu", "elu:1": "elu", "elu:-0.5": "elu:-0.5", "celu:2": "celu:2", "gelu-tanh": "gelu-tanh",
		"hardsigmoid": "hardsigmoid", "hardsigmoid:0.16666667": "hardsigmoid", "hardsigmoid:0.2": "hardsigmoid:0.2",
		"softplus:10": "softplus:10", "relu6": "relu6", "relu6:6": "relu6", "relu6:1": "relu6:1",
		"thresholded-relu": "thresholded-relu", "thresholded-relu:-0.5": "thresholded-relu:-0.5",
		"swish-beta": "swish-beta:element", "swish-beta:channel:2": "swish-beta:channel:2",
	} {
		a, err := activation.Parse(spelled)
		if err != nil {
			t.Errorf("%s: %v", spelled, err)
			continue
		}
		if got := a.String(); got != want {
			t.Errorf("%s is spelled %s, want %s", spelled, got, want)
		}
		b, err := activation.Parse(a.String())
		if err != nil || b.String() != a.String() || b.Func != a.Func ||
			math.Float32bits(b.Value) != math.Float32bits(a.Value) || (b.Start == nil) != (a.Start == nil) {
			t.Errorf("%s reads back as %+v (%v), want %+v", a, b, err, a)
		}
	}
}

func TestWrongSpellingsAreRefused(t *testing.T) {
	for spelled, words := range map[string][]string{
		"":                    {`unknown activation ""`, "relu, leaky, prelu"},
		"RELU":                {`unknown activation "RELU"`, "choose one of"},
		"relu ":               {`unknown activation "relu "`},
		"relu:0":              {`activation "relu:0"`, "takes no argument", `"0"`},
		"leaky":               {`activation "leaky"`, "needs its alpha", "leaky:0.01"},
		"leaky:":              {`activation "leaky:"`, `"" is not a finite number`},
		"leaky:steep":         {`"steep" is not a finite number`},
		"leaky:NaN":           {`"NaN" is not a finite number`},
		"leaky:-Inf":          {`"-Inf" is not a finite number`},
		"leaky:1e39":          {`"1e39" is not a finite number`},
		"leaky:0.5:1":         {`"0.5:1" is not a finite number`},
		"swish:channel":       {`activation "swish:channel"`, `"channel" is not a finite number`},
		"gelu:tanh":           {`activation "gelu:tanh"`, "takes no argument"},
		"celu:0":              {`activation "celu:0"`, "its alpha is 0, it must be above 0"},
		"softplus:-1":         {"its beta is -1, it must be above 0"},
		"hardsigmoid:-0":      {"its alpha is -0, it must be above 0"},
		"relu6:-6":            {"its max is -6, it must be above 0"},
		"prelu:":              {`unknown sharing ""`, "one, channel, element"},
		"prelu:0.25":          {`unknown sharing "0.25"`},
		"prelu:channels":      {`unknown sharing "channels"`, "8x1x1"},
		"prelu:8x0x1":         {`unknown sharing "8x0x1"`},
		"prelu:8x-1":          {`unknown sharing "8x-1"`},
		"prelu:8x":            {`unknown sharing "8x"`},
		"prelu:one:":          {`"" is not a finite number`},
		"prelu:one:nan":       {`"nan" is not a finite number`},
		"prelu:channel:1:2":   {`"1:2" is not a finite number`},
		"swish-beta:one:much": {`activation "swish-beta:one:much"`, `"much"`},
	} {
		a, err := activation.Parse(spelled)
		wantError(t, err, words...)
		if a.Func != nil {
			t.Errorf("%q gives both an activation and an error", spelled)
		}
	}
}

func TestMustPanicsOnAWrongSpelling(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	activation.Must("reul")
}
