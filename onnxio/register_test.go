package onnxio

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// gated is a network with a registered layer of several nodes, next to layers of the same
// operators.
func gated(t *testing.T) *nn.Network {
	t.Helper()
	k1 := [2]int{1, 1}
	net, err := nn.NewBuilder(nn.Shape{2, 3, 4}).
		Add("a", layer.Conv{Out: 3, Kernel: k1}).
		Add("b", layer.Conv{Out: 3, Kernel: k1}, nn.InputName).
		Add("gate", tanhGate{Shift: 0.25}, "a", "b").
		Add("act", activation.Must("tanh")).
		Add("mul", layer.Mul{}, "act", "gate").
		Add("rescaling", layer.Rescaling{Scale: activation.PerChannel, NoOffset: true}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return fillParams(net)
}

func TestTheGateIsALayer(t *testing.T) {
	in := nn.Shape{2, 1, 3}
	nntest.Layer(t, nntest.Case{Layer: tanhGate{Shift: 0.25}, In: []nn.Shape{in, in}, Formula: func(w, x [][]float64) []float64 {
		y := make([]float64, in.Size())
		for i := range y {
			y[i] = x[0][i] * math.Tanh(w[0][i/3]*x[1][i]+0.25)
		}
		return y
	}})
}

func TestARegisteredLayerComesBack(t *testing.T) {
	net := gated(t)
	for _, opset := range WriteOpsets {
		b, err := Encode(net, EncodeOptions{Opset: opset})
		if err != nil {
			t.Fatal(err)
		}
		m, err := graph.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		im := imports(t, m)
		if got, want := describe(im.Network), describe(net); got != want {
			t.Errorf("read as %s, want %s", got, want)
		}
		if got := im.Layer("gate").String(); got != "Mul+Add+Tanh+Mul" {
			t.Errorf("the gate was recovered from %s", got)
		}
	}
}

// In a file whose nodes are not named by gonn the pattern alone tells.
func TestARegisteredLayerIsFoundInOthersFiles(t *testing.T) {
	net := gated(t)
	m, err := Export(net, EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range m.Graph.Nodes {
		n.Name = fmt.Sprintf("n%d", i)
		if n.OpType == "Add" {
			slices.Reverse(n.Inputs)
		}
	}
	im := imports(t, m)
	var kinds []string
	for _, n := range im.Network.Nodes() {
		kinds = append(kinds, n.Layer.Kind())
	}
	if got := strings.Join(kinds, " "); got != "Conv Conv TanhGate tanh Mul Conv" {
		t.Fatalf("read as %s", describe(im.Network))
	}
	if got := im.Network.Nodes()[2].Name; got != "gate" {
		t.Errorf("the gate is called %q, its parameter gate.weight", got)
	}
	x, want := run(t, net, 3)
	y, err := im.Network.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "results", y.Data, want.Data)
}

// What other nodes read, too, would be lost if its node became part of a layer.
func TestARegisteredLayerWhoseInnerValueIsRead(t *testing.T) {
	m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{tensor("w", 2, 1, 1), tensor("c", 1)},
		node("Mul", "x w", "m"), node("Add", "m c", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "g"), node("Add", "g t", "y"))
	for _, n := range imports(t, m).Network.Nodes() {
		if n.Layer.Kind() == "TanhGate" {
			t.Error("it is taken for a gate")
		}
	}
}

func own(inputs, output string, attrs ...*graph.Attr) *graph.Node {
	n := node("LayerScale", inputs, output, attrs...)
	n.Domain = "com.example"
	return n
}

// What a file says of a registered layer's node ends in an error.
func TestRegisteredLayersOfBrokenFiles(t *testing.T) {
	double := &graph.Tensor{Name: "w", Type: graph.Double, Dims: []int64{2}, Raw: make([]byte, 16)}
	two := own("x w", "y")
	two.Outputs = append(two.Outputs, "z")
	for _, c := range []struct {
		name  string
		nodes []*graph.Node
		w     *graph.Tensor
		want  string
	}{
		{"no inputs", []*graph.Node{own("", "y")}, tensor("w", 2), "has 0 inputs and 1 outputs; need 2 to 2 and 1"},
		{"no weight", []*graph.Node{own("x", "y")}, tensor("w", 2), "has 1 inputs and 1 outputs"},
		{"weight left out", []*graph.Node{own("x -", "y")}, tensor("w", 2), "is computed when the model runs, not a constant"},
		{"computed weight", []*graph.Node{own("x x", "y")}, tensor("w", 2), `its weight "x" is computed`},
		{"constant input", []*graph.Node{own("w w", "h"), node("Add", "x h", "y")}, tensor("w", 2), `its input "w" is a constant`},
		{"another type", []*graph.Node{own("x w", "y")}, double, `need FLOAT`},
		{"two outputs", []*graph.Node{two}, tensor("w", 2), "has 2 outputs; need 1"},
		{"another attribute", []*graph.Node{own("x w", "y", graph.IntAttr("depth", 1))}, tensor("w", 2), `attribute "depth" is not known`},
		{"another kind", []*graph.Node{own("x w", "y", graph.FloatAttr("axis", 1))}, tensor("w", 2), `attribute "axis" is of kind FLOAT`},
		{"another axis", []*graph.Node{own("x w", "y", graph.IntAttr("axis", -1<<63))}, tensor("w", 2), "attribute axis is -9223372036854775808"},
		{"no elements", []*graph.Node{own("x w", "y")}, tensor("w", 0), "shape (0) has no elements"},
		{"another rank", []*graph.Node{own("x w", "y")}, tensor("w", 2, 1), "its weight has shape (2, 1)"},
		{"another size", []*graph.Node{own("x w", "y")}, tensor("w", 3), "scale.weight of shape (2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{c.w}, c.nodes...)
			m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.example", Version: 1})
			refuses(t, m, c.want)
		})
	}
}

// A registered layer behind a node that is refused is not listed.
func TestRegisteredLayersBehindARefusedNode(t *testing.T) {
	m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{tensor("w", 2, 1, 1), tensor("v", 2), tensor("c", 1)},
		node("Sin", "x", "h"), own("h v", "i"), node("Mul", "i w", "m"), node("Add", "m c", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "y"))
	m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.example", Version: 1})
	if got := problems(t, refuses(t, m, `Sin "h"`)); len(got) != 1 {
		t.Errorf("listed: %v", got)
	}
}

func TestRegisterLayerPanics(t *testing.T) {
	write := func(*LayerWriter) error { return nil }
	read := func(*LayerReader) (*FoundLayer, error) { return nil, nil }
	own := []string{"org.example.Own"}
	for want, f := range map[string]LayerFormat{
		"has no Layer":                              {Operators: own, Write: write, Read: read},
		"named has no Write or no Read":             {Layer: named("named"), Operators: own, Write: write},
		"named has no Operators":                    {Layer: named("named"), Write: write, Read: read},
		"is empty":                                  {Layer: named(""), Operators: own, Write: write, Read: read},
		"named has version -1":                      {Layer: named("named"), Operators: own, Version: -1, Write: write, Read: read},
		"Conv is registered already":                {Layer: layer.Conv{}, Operators: own, Write: write, Read: read},
		"relu is registered already":                {Layer: named("relu"), Operators: own, Write: write, Read: read},
		"squareplus is registered already":          {Layer: named("squareplus"), Operators: own, Write: write, Read: read},
		"TanhGate is registered already":            {Layer: tanhGate{}, Operators: own, Write: write, Read: read},
		`operator com.example.LayerScale of named`:  {Layer: named("named"), Operators: []string{"com.example.LayerScale"}, Write: write, Read: read},
		`named has the operator ""`:                 {Layer: named("named"), Operators: []string{""}, Write: write, Read: read},
		`named has the operator "com.example."`:     {Layer: named("named"), Operators: []string{"com.example."}, Write: write, Read: read},
		`named has the operator "ai.onnx.Relu"`:     {Layer: named("named"), Operators: []string{"ai.onnx.Relu"}, Write: write, Read: read},
		"named is no struct that could have":        {Layer: named("named"), Operators: own, Unwritten: []string{"Start"}, Write: write, Read: read},
		"TanhGate2 has no exported field Beginning": {Layer: gate2{}, Operators: own, Unwritten: []string{"Beginning"}, Write: write, Read: read},
	} {
		panics(t, want, func() { RegisterLayer(f) })
	}
}

// named is a layer of any kind.
type named string

func (n named) Kind() string { return string(n) }
func (n named) Stem() string { return "named" }

func (n named) Bind(in []nn.Shape) (op.Op, error) { return tanhGate{}.Bind(append(in, in...)) }

type gate2 struct{ tanhGate }

func (gate2) Kind() string { return "TanhGate2" }

func TestRegisterActivationPanics(t *testing.T) {
	one := float32(1)
	fixed := &activation.Func{Name: "fixed", Arg: activation.Fixed, Param: "alpha", Default: &one, Forward: activation.Leaky.Forward}
	learned := &activation.Func{Name: "learned", Arg: activation.Learned, Param: "alpha", Forward: activation.PReLU.Forward}
	double := &activation.Func{Name: "double", Forward: func(y, x, _ []float32) {
		for i, v := range x {
			y[i] = 2 * v
		}
	}}
	for want, c := range map[string]struct {
		f    *activation.Func
		text string
	}{
		"there is no function":                                                                                {nil, "y = Relu(x)"},
		`spelling "y = Relu(x": cannot parse`:                                                                 {fixed, "y = Relu(x"},
		`the last statement must give y`:                                                                      {fixed, "z = Relu(x)"},
		`relu: it is registered already`:                                                                      {activation.ReLU, "y = Relu(x)"},
		`relu6: it is registered already`:                                                                     {&activation.Func{Name: "relu6", Forward: activation.ReLU6.Forward}, "y = Relu(x)"},
		`squareplus: it is registered already`:                                                                {&activation.Func{Name: "squareplus", Forward: activation.ReLU.Forward}, "y = Relu(x)"},
		`TanhGate: a layer of this name`:                                                                      {&activation.Func{Name: "TanhGate", Forward: activation.ReLU.Forward}, "y = Relu(x)"},
		`fixed: no spelling of opset 16`:                                                                      {fixed, "y = Relu(x)"},
		`learned: no spelling of opset 16`:                                                                    {learned, "from 18: y = Mul(x, alpha)"},
		`learned: its learned parameter is an attribute`:                                                      {learned, "y = LeakyRelu<alpha = @alpha>(x)"},
		`learned: nothing in a spelling gives its "alhpa"`:                                                    {learned, "y = Mul(x, alhpa)"},
		`learned: nothing in a spelling gives its "r"`:                                                        {learned, "y = Mul(r, alpha)"},
		`empty: it has no Forward`:                                                                            {&activation.Func{Name: "empty"}, "y = Relu(x)"},
		`double: spelling "y = Mul(x, 2.5)": for x = -10 it gives -25, the function -20`:                      {double, "y = Mul(x, 2.5)"},
		`double: spelling "y = Log(x)": for x = -10 it gives NaN, the function -20`:                           {double, "y = Log(x)"},
		`double: spelling "y = Mull(x, 2.0)": Mull cannot be computed`:                                        {double, "y = Mull(x, 2.0)"},
		`double: spelling "y = ReduceSum(x)": it gives 1 numbers`:                                             {double, "y = ReduceSum(x)"},
		`learned: spelling "n = Mul(x, -1*alpha); y = Max(x, n)": for x = -10 and alpha`:                      {learned, "n = Mul(x, -1*alpha); y = Max(x, n)"},
		`fixed: spelling "y = Mul(x, alpha)": for x = 0.25 and alpha = 0.5 it gives 0.125, the function 0.25`: {fixed, "y = Mul(x, alpha)"},
	} {
		panics(t, want, func() { RegisterActivation(c.f, c.text) })
	}
}

// panics calls what must panic with a text in the message.
func panics(t *testing.T, want string, call func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
			t.Errorf("the panic is %q, want %q", text, want)
		}
	}()
	call()
}

// A Write that forgets something is found when the network is exported.
func TestWritesThatAreNotComplete(t *testing.T) {
	net := gated(t)
	for want, write := range map[string]func(w *LayerWriter) error{
		"has called Result 0 times":             func(w *LayerWriter) error { w.Param("weight"); return nil },
		"has called Result 2 times":             func(w *LayerWriter) error { w.Result("Add", w.Operands()); w.Result("Add", nil); return nil },
		`has not written the parameter "weight`: func(w *LayerWriter) error { w.Result("Tanh", []string{w.Input(0)}); return nil },
		`the layer has no parameter "bias"`:     func(w *LayerWriter) error { w.Result("Add", []string{w.Param("bias")}); return nil },
		`the inner value "gate.m" has the name`: func(w *LayerWriter) error {
			w.Inner("m", nil, "Neg", nil)
			w.Inner("m", nil, "Neg", nil)
			w.Result("Add", w.Operands())
			return nil
		},
	} {
		e := &exporter{net: net, graph: &graph.Graph{}, taken: map[string]bool{}, others: map[string]int64{}}
		err := (&LayerFormat{Layer: tanhGate{}, Write: write}).write(e, net.Node("gate"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
}

// Each operand of a registered layer's nodes, and of those around it, in the place of another:
// either it is a network or there is an error.
func TestRegisteredLayersOfWrongGraphs(t *testing.T) {
	var values []string
	whole, err := Export(gated(t), EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range whole.Graph.Nodes {
		values = append(values, n.Outputs...)
	}
	for _, p := range whole.Graph.Initializers {
		values = append(values, p.Name)
	}
	read := 0
	for i, n := range whole.Graph.Nodes {
		for k := range n.Inputs {
			for _, v := range append(values, nn.InputName, "") {
				m, err := Export(gated(t), EncodeOptions{})
				if err != nil {
					t.Fatal(err)
				}
				m.Graph.Nodes[i].Inputs[k] = v
				im, err := Import(m)
				if (im == nil) == (err == nil) {
					t.Errorf("input %d of %s is %q: both or neither of a network and the error %v", k, n.Name, v, err)
				}
				if err == nil {
					read++
				}
			}
		}
	}
	if read < 10 {
		t.Errorf("only %d graphs are networks", read)
	}
}

// The spellings of the table give the values of its functions, near enough for other functions to
// be told from them.
func TestSpellingsComputeTheirFunctions(t *testing.T) {
	tried := 0
	for _, row := range spellings {
		for _, s := range row.spellings {
			if s.nodes[0].knows("max") { // Clip of opset 6
				continue
			}
			if err := s.computes(row.fn); err != nil {
				t.Errorf("%s: %v: %v", row.fn.Name, s.nodes, err)
			}
			if tried++; row.fn.Arg == activation.NoArg && row.fn != activation.Linear && s.computes(activation.Linear) == nil {
				t.Errorf("%s: %v passes for x", row.fn.Name, s.nodes)
			}
		}
	}
	t.Logf("%d spellings", tried)
}
