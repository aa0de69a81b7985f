package onnxio

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// arctan is arctan(ω·x) with ω fixed, an operator of a domain of its own, or learned. As functions
// of the table they are in the tests of all activations.
var arctan, learnedArctan = arctanOf("arctan", activation.Fixed), arctanOf("learned-arctan", activation.Learned)

func arctanOf(name string, arg activation.ArgKind) *activation.Func {
	f := &activation.Func{Name: name, Formula: "arctan(ω·x)", Arg: arg, Param: "omega", Role: nn.Scale}
	if arg == activation.Fixed {
		one := float32(1)
		f.Default = &one
	}
	// Each of a is for as many values of x.
	f.Forward = func(y, x, a []float32) {
		for i, v := range x {
			y[i] = float32(math.Atan(float64(a[i*len(a)/len(x)] * v)))
		}
	}
	f.Backward = func(dx, dy, x, a, da []float32) {
		for i, v := range x {
			k := i * len(a) / len(x)
			w := a[k]
			d := dy[i] / (1 + w*v*w*v)
			if da != nil {
				da[k] += d * v
			}
			if dx != nil {
				dx[i] = d * w
			}
		}
	}
	return f
}

func init() {
	activation.Register(arctan)
	activation.Register(learnedArctan)
	RegisterActivation(arctan, "y = org.example.Arctan<omega = @omega>(x)", "m = Mul(x, omega); y = Atan(m)")
	RegisterActivation(learnedArctan, "m = Mul(x, omega); y = Atan(m)")
}

func TestAnActivationOfAnotherDomain(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{3}, activation.Must("arctan:0.5"), activation.Must("learned-arctan"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Export(fillParams(net), EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := m.Graph.Nodes[0]; n.Operator() != "org.example.Arctan" || n.Domain != "org.example" || m.Opset("org.example") != 1 {
		t.Errorf("written as %s with opsets %v", n.Operator(), m.Opsets)
	}
	if got, want := describe(imports(t, m).Network), describe(net); got != want {
		t.Errorf("read as %s, want %s", got, want)
	}
	m.Graph.Nodes[0].Attrs = []*graph.Attr{graph.FloatAttr("omega", float32(math.Inf(1)))}
	refuses(t, m, `org.example.Arctan "act1" (its omega is +Inf`)
	m.Graph.Nodes[0].Attrs = []*graph.Attr{graph.IntAttr("omega", 1)}
	refuses(t, m, `attribute "omega" is of kind INT, it must be FLOAT`)
}

// Files of others are read by all spellings, and a function without a parameter by its values.
func TestRegisteredActivationsInOthersFiles(t *testing.T) {
	for text, want := range map[string]string{
		"m = Mul(0.5, x); y = Atan(m)":                                                "arctan:0.5",
		"m = Mul(x, alpha); y = Atan(m)":                                              "learned-arctan:channel",
		"y = org.example.Arctan<omega = 2.0>(x)":                                      "arctan:2",
		"s = Mul(x, x); f = Add(4.0, s); r = Sqrt(f); p = Add(r, x); y = Div(p, 2.0)": "squareplus",
	} {
		m, _ := written(text)
		m.Opsets = append(m.Opsets, graph.Opset{Domain: "org.example", Version: 1})
		if got := activationsOf(imports(t, m).Network); got != want {
			t.Errorf("%s: read as %s, want %s", text, got, want)
		}
	}
}
