package onnxio

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestSpellParses(t *testing.T) {
	s := spell("alpha", `p = Greater( x ,0.5 );y=Op<alpha = @alpha, eps=-1.5,to=1, how = "a_b">(p, , alpha)`)
	want := &spelling{param: "alpha", nodes: []spelledNode{
		{op: "Greater", in: []string{"x", "0.5"}, out: "p"},
		{op: "Op", attrs: []spelledAttr{{"alpha", "@alpha"}, {"eps", "-1.5"}, {"to", "1"}, {"how", `"a_b"`}}, in: []string{"p", "", "alpha"}, out: "y"},
	}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("parsed as %+v", s)
	}
	late := spell("alpha", `from 18: p = Greater(x, 0.5);y = Op(p)`)
	if late.from != 18 || len(late.nodes) != 2 || late.nodes[0].out != "p" {
		t.Errorf("parsed as %+v", late)
	}
	for i, v := range []any{nil, float32(-1.5), int64(1), "a_b"} {
		if got := s.nodes[1].attrs[i].literal(); got != v {
			t.Errorf("attribute %d is %v, want %v", i, got, v)
		}
	}
	for name, mentioned := range map[string]bool{"alpha": true, "beta": false} {
		s.param = name
		if s.mentions() != mentioned {
			t.Errorf("mentions %s: %v", name, !mentioned)
		}
	}
}

func TestSpellRefusesMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "cannot parse",
		"y = Relu":              "cannot parse",
		"y Relu(x)":             "cannot parse",
		"y = Relu(x);":          "cannot parse",
		"y = Op<alpha>(x)":      `cannot parse attribute "alpha"`,
		"y = Op<a = @b c>(x)":   "cannot parse attribute",
		"y = Op<a = @beta>(x)":  `is neither a value nor @alpha`,
		"y = Op<a = one>(x)":    `is neither a value nor @alpha`,
		"from 1: y = Relu(x)":   "cannot parse",
		"from 18 y = Relu(x)":   "cannot parse",
		"s = Relu(x)":           "must give y",
		"y = Relu(x); z = A(y)": "must give y",
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("%q: panic %q, want %q in it", text, got, want)
				}
			}()
			spell("alpha", text)
		}()
	}
}

// spelledModel writes a spelling as a graph by hand, on an input of shape (2, 3, 4).
// swap tells for the i-th node that commutes whether its operands are swapped. A learned
// parameter and, if asked for, numbers and a fixed one become initializers; the rest are
// Constant nodes. Each use of a number has a constant of its own.
func spelledModel(fn *activation.Func, s *spelling, swap func(i int) bool, value float32, param *graph.Tensor, numbersInitial, fixedInitial bool) *graph.Model {
	x := nn.Shape{2, 3, 4}
	m := model(x, nil)
	if s.from > m.Opset("") {
		m.IRVersion, m.Opsets[0].Version = irOf[s.from], s.from
	}
	g := m.Graph
	g.Outputs[0] = batchOf("y", x)
	constant := func(name string, v float32, initial bool) string {
		c := graph.Float32Tensor(name, nil, []float32{v})
		if initial {
			g.Initializers = append(g.Initializers, c)
		} else {
			g.Nodes = append(g.Nodes, node("Constant", "", name, graph.TensorAttr("value", c)))
		}
		return name
	}
	if s.mentions() && fn.Arg == activation.Learned {
		param.Name = fn.Param
		g.Initializers = append(g.Initializers, param)
	}
	swappable := 0
	for i, sn := range s.nodes {
		n := node(sn.op, "", sn.out)
		if dot := strings.LastIndex(sn.op, "."); dot > 0 {
			n.Domain, n.OpType = sn.op[:dot], sn.op[dot+1:]
		}
		for k, in := range sn.in {
			if v, isNumber := number(in); isNumber {
				in = constant(fmt.Sprintf("number%d_%d", i, k), v, numbersInitial)
			} else if base := strings.TrimPrefix(in, in[:strings.Index(in, "*")+1]); base == s.param && in != "" && fn.Arg == activation.Fixed {
				in = constant(fmt.Sprintf("%s%d_%d", base, i, k), value*timesOf(in), fixedInitial)
			} else if base == s.param && in != base {
				in = multiple(g, param, timesOf(in))
			}
			n.Inputs = append(n.Inputs, in)
		}
		for _, a := range sn.attrs {
			v := a.literal()
			if v == nil {
				v = value
			}
			n.Attrs = append(n.Attrs, &graph.Attr{Name: a.name, Value: v})
		}
		if n.Attr("min") != nil {
			m.Opsets[0].Version = 10 // the last in which Clip's bounds are attributes
		}
		if commutes[sn.op] {
			if swap(swappable) {
				n.Inputs[0], n.Inputs[1] = n.Inputs[1], n.Inputs[0]
			}
			swappable++
		}
		g.Nodes = append(g.Nodes, n)
	}
	return m
}

// multiple adds an initializer that holds a parameter times a factor.
func multiple(g *graph.Graph, param *graph.Tensor, times float32) string {
	v, _ := param.Float32s()
	for i := range v {
		v[i] *= times
	}
	g.Initializers = append(g.Initializers, graph.Float32Tensor(param.Name+"_times", param.Dims, v))
	return param.Name + "_times"
}

// learnedToo says that a spelling is also that of a function with a learned parameter.
func learnedToo(text string) bool {
	for i, row := range spellings {
		if row.fn.Arg == activation.Learned && slices.Contains(activations[i].spellings, text) {
			return true
		}
	}
	return false
}

// asWritten swaps no operands.
func asWritten(int) bool { return false }

// orders are ways to swap the operands of n nodes: all of them for a few nodes; for more
// none, each alone, and all at once.
func orders(n int) (list []func(i int) bool) {
	if n <= 3 {
		for bits := range 1 << n {
			list = append(list, func(i int) bool { return bits>>i&1 == 1 })
		}
		return list
	}
	list = append(list, asWritten, func(int) bool { return true })
	for k := range n {
		list = append(list, func(i int) bool { return i == k })
	}
	return list
}

// spelledCase is one way to write one activation.
type spelledCase struct {
	name string // as activation.Parse reads it
	text string // of the spelling
	m    *graph.Model
	data []float32 // values of the learned parameter
}

// spelledCases are all spellings of all activations, with all orders of operands,
// sharings and ways to write constants.
func spelledCases() (cases []spelledCase) {
	dims := map[string][][]int64{"one": {{}, {1}, {1, 1, 1}}, "channel": {{2, 1, 1}, {1, 2, 1, 1}}, "element": {{2, 3, 4}}}
	for r, row := range spellings {
		for k, s := range row.spellings {
			text := activations[r].spellings[k]
			add := func(name string, value float32, d []int64) {
				swaps := 0
				for _, n := range s.nodes {
					if commutes[n.op] {
						swaps++
					}
				}
				for _, swap := range orders(swaps) {
					for _, initial := range []bool{false, true} {
						p := tensor("", d...)
						v, _ := p.Float32s()
						m := spelledModel(row.fn, s, swap, value, p, initial, initial && !learnedToo(text))
						cases = append(cases, spelledCase{name, text, m, v})
					}
				}
			}
			switch fn := row.fn; {
			case fn.Arg == activation.NoArg:
				add(fn.Name, 0, nil)
			case fn.Arg == activation.Learned:
				for sharing, list := range dims {
					for _, d := range list {
						// Written out, a number without axes is one of the program.
						if len(d) > 0 || strings.HasPrefix(text, "y = PRelu") {
							add(fn.Name+":"+sharing, 0, d)
						}
					}
				}
			case !s.mentions():
				add(fn.Name, *fn.Default, nil)
			default:
				for _, v := range []float32{-0.5, 0, 1.25} {
					switch {
					case fn.Positive && v <= 0:
						v = 0.75 - v
					case fn.Name == "thresholded-relu" && v == 0: // that is relu
						v = 0.25
					}
					add(fmt.Sprint(fn.Name, ":", v), v, nil)
				}
			}
		}
	}
	return cases
}

func TestEverySpellingIsRecognised(t *testing.T) {
	seen := map[string]bool{}
	for i, c := range spelledCases() {
		seen[c.text] = true
		im, err := Import(c.m)
		if err != nil {
			t.Errorf("case %d, %s as %q: %v", i, c.name, c.text, err)
			continue
		}
		net := im.Network
		if len(net.Nodes()) != 1 || settings(net.Nodes()[0].Layer) != c.name {
			t.Errorf("case %d: %q is read as %s, want %s", i, c.text, describe(net), c.name)
			continue
		}
		if params := net.Params(); len(params) == 1 {
			sameBits(t, c.name, params[0].Data, c.data)
		} else if strings.Contains(c.name, "one") || len(params) > 1 {
			t.Errorf("case %d, %s: %d parameters", i, c.name, len(params))
		}
	}
	for _, row := range activations {
		for _, text := range row.spellings {
			if !seen[text] {
				t.Errorf("spelling %q of %s is not tried", text, row.name)
			}
		}
	}
}

func TestNearMissesAreNotRecognised(t *testing.T) {
	alpha := []*graph.Tensor{tensor("alpha", 2, 1, 1)}
	const (
		scale  = "Rescaling{Scale:one Offset:element NoScale:false NoOffset:true}(2, 3, 4)"
		scales = "Rescaling{Scale:channel Offset:element NoScale:false NoOffset:true}(2, 3, 4)"
		shift  = "Rescaling{Scale:element Offset:one NoScale:true NoOffset:false}(2, 3, 4)"
	)
	for _, c := range []struct {
		name, text string
		inits      []*graph.Tensor
		change     func(*graph.Graph)
		problems   string // names of the nodes that the error lists
		as         string // what else it is, if there are none
	}{
		{"swish of another value", "h = Tanh(x); s = Sigmoid(h); y = Mul(x, s)", nil, nil, "", "act1=tanh(2, 3, 4) act2=sigmoid(2, 3, 4) mul=Mul{}(2, 3, 4)"},
		{"square of a sigmoid", "s = Sigmoid(x); y = Mul(s, s)", nil, nil, "", "act=sigmoid(2, 3, 4) mul=Mul{}(2, 3, 4)"},
		{"t·sigmoid(t) with t = alpha·x", "b = Mul(x, alpha); s = Sigmoid(b); y = Mul(b, s)", alpha, nil, "", "rescaling=" + scales + " act=swish(2, 3, 4)"},
		{"swish that adds", "s = Sigmoid(x); y = Add(x, s)", nil, nil, "", "act=sigmoid(2, 3, 4) add=Add{}(2, 3, 4)"},
		{"mish of another value", "h = Tanh(x); s = Softplus(h); t = Tanh(s); y = Mul(x, t)", nil, nil, "", "act1=tanh(2, 3, 4) act2=softplus(2, 3, 4) act3=tanh(2, 3, 4) mul=Mul{}(2, 3, 4)"},
		{"mish without tanh", "s = Softplus(x); y = Mul(x, s)", nil, nil, "", "act=softplus(2, 3, 4) mul=Mul{}(2, 3, 4)"},
		{"prelu above 0.5", "p = Greater(x, 0.5); n = Mul(x, alpha); y = Where(p, x, n)", alpha, nil, "p y", ""},
		{"prelu below 0", "p = Greater(0.0, x); n = Mul(x, alpha); y = Where(p, x, n)", alpha, nil, "p y", ""},
		{"prelu with branches swapped", "p = Greater(x, 0.0); n = Mul(x, alpha); y = Where(p, n, x)", alpha, nil, "p y", ""},
		{"prelu on the sign of another value", "h = Cos(x); p = Greater(h, 0.0); n = Mul(x, alpha); y = Where(p, x, n)", alpha, nil, "h p y", ""},
		{"prelu with operands of Sub swapped", "r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, alpha); y = Sub(n, r)", alpha, nil, "", "act1=relu(2, 3, 4) rescaling1=" + scale + " act2=relu(2, 3, 4) rescaling2=" + scales + " rescaling3=" + scale + " add=Add{}(2, 3, 4)"},
		{"prelu that subtracts the wrong way", "r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, alpha); y = Sub(n, r)", alpha, nil, "", "act1=relu(2, 3, 4) rescaling1=" + scale + " act2=relu(2, 3, 4) rescaling2=" + scales + " rescaling3=" + scale + " add=Add{}(2, 3, 4)"},
		{"prelu with a computed slope", "h = Tanh(x); y = PRelu(x, h)", nil, nil, "y", ""},
		{"prelu with a slope that is no initializer", "y = PRelu(x, 0.5)", nil, nil, "", "act=leaky:0.5(2, 3, 4)"},
		{"threshold per channel", "p = Greater(x, alpha); n = Mul(x, alpha); y = Where(p, x, n)", alpha, nil, "p y", ""},
		{"gelu with another constant", "d = Div(x, 1.5); e = Erf(d); p = Add(e, 1.0); m = Mul(x, p); y = Mul(m, 0.5)", nil, nil, "e", ""},
		{"gelu of another value", "h = Tanh(x); d = Div(h, 1.4142135); e = Erf(d); p = Add(e, 1.0); m = Mul(x, p); y = Mul(m, 0.5)", nil, nil, "e", ""},
		{"gelu of a third kind", `y = Gelu<approximate = "sigmoid">(x)`, nil, nil, "y", ""},
		{"softplus with two numbers", "b = Mul(x, 2.0); s = Softplus(b); y = Div(s, 3.0)", nil, nil, "", "rescaling1=" + scale + " act=softplus(2, 3, 4) rescaling2=" + scale},
		{"softplus with another threshold", "s = Softplus(x); p = Greater(x, 5.0); y = Where(p, x, s)", nil, nil, "p y", ""},
		{"softplus with a factor per channel", "b = Mul(x, alpha); s = Softplus(b); y = Div(s, alpha)", alpha, nil, "", "rescaling1=" + scales + " act=softplus(2, 3, 4) rescaling2=" + scales},
		{"clip from below 0", "y = Clip(x, -1.0, 1.0)", nil, nil, "", "rescaling1=" + shift + " act=relu6:2(2, 3, 4) rescaling2=" + shift},
		{"clip as far as half precision goes", "y = Clip(x, -65504.0, 65504.0)", nil, nil, "y", ""}, // x + 65504 − 65504 is not x
		{"clip from far below", "y = Clip(x, -1000000.0, )", nil, nil, "y", ""},
		{"relu but for a band", "p = Greater(x, 0.3); q = Less(x, 0.45); a = And(p, q); w = Where(a, 0.0, x); y = Relu(w)", nil, nil, "p q a w", ""},
		{"clip without an upper bound", "y = Clip(x, 0.0, )", nil, nil, "", "act=relu(2, 3, 4)"},
		{"relu6 of a computed bound", "h = Tanh(x); y = Clip(x, 0.0, h)", nil, nil, "y", ""},
		{"hardsigmoid with another offset", "y = HardSigmoid<alpha = 0.2, beta = 0.4>(x)", nil, nil, "", "rescaling1=" + shift + " act=hardsigmoid:0.2(2, 3, 4)"},
		{"hardswish with another slope", "s = HardSigmoid(x); y = Mul(x, s)", nil, nil, "", "act=hardsigmoid:0.2(2, 3, 4) mul=Mul{}(2, 3, 4)"},
		{"elu with swapped branches", "p = Greater(x, 0.0); e = Exp(x); n = Sub(e, 1.0); y = Where(p, n, x)", nil, nil, "p e n y", ""},
		{"threshold with a cast to double", "p = Greater(x, 1.0); c = Cast<to = 11>(p); y = Mul(x, c)", nil, nil, "p c", ""},
		{"inner value is read elsewhere", "s = Sigmoid(x); y = Mul(x, s)", nil, func(g *graph.Graph) {
			g.Nodes = append(g.Nodes, node("Tanh", "s", "t"), node("Add", "t y", "z"))
			g.Outputs[0].Name = "z"
		}, "", "act1=sigmoid(2, 3, 4) mul=Mul{}(2, 3, 4) act2=tanh(2, 3, 4) add=Add{}(2, 3, 4)"},
		{"unknown attribute", "y = Relu(x)", nil, attr(graph.IntAttr("axis", 1)), "y", ""},
		{"unknown attribute in place of alpha", "y = LeakyRelu(x)", nil, attr(graph.FloatAttr("beta", 1)), "y", ""},
		{"unknown attribute beside alpha", "y = LeakyRelu<alpha = 0.5>(x)", nil, attr(graph.FloatAttr("beta", 1)), "y", ""},
		{"alpha of another kind", "y = LeakyRelu(x)", nil, attr(graph.IntAttr("alpha", 1)), "y", ""},
		{"inner unknown attribute", "s = Softplus(x); t = Tanh(s); y = Mul(x, t)", nil, func(g *graph.Graph) {
			attr(graph.FloatAttr("beta", 2))(&graph.Graph{Nodes: g.Nodes[:1]})
		}, "s", ""},
		{"too many inputs", "y = Relu(x, alpha)", alpha, nil, "y", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The parser is used as a short way to write a graph.
			s := spell("", c.text)
			m := spelledModel(activation.Funcs[0], s, asWritten, 0.5, nil, false, false)
			m.Graph.Initializers = c.inits
			if c.change != nil {
				c.change(m.Graph)
			}
			if c.as != "" {
				if got := describe(imports(t, m).Network); got != c.as {
					t.Errorf("read as %s, want %s", got, c.as)
				}
				return
			}
			listed := problems(t, refuses(t, m))
			want := strings.Fields(c.problems)
			for _, name := range want {
				if _, ok := listed[name]; !ok {
					t.Errorf("node %q is not listed", name)
				}
			}
			if len(listed) != len(want) {
				t.Errorf("listed: %v, want %v", listed, want)
			}
		})
	}
}

// A value inside a spelling that is the model's output too makes it none.
func TestInnerValueIsTheOutput(t *testing.T) {
	m := model(nn.Shape{2, 3, 4}, nil, node("Sigmoid", "x", "s"), node("Mul", "x s", "y"))
	m.Graph.Outputs[0].Name = "s"
	if got := describe(imports(t, m).Network); got != "act=sigmoid(2, 3, 4)" {
		t.Errorf("read as %s", got)
	}
}

// attr gives the last node an attribute more.
func attr(a *graph.Attr) func(*graph.Graph) {
	return func(g *graph.Graph) {
		n := g.Nodes[len(g.Nodes)-1]
		n.Attrs = append(n.Attrs, a)
	}
}

func TestAnotherDomainIsNotRecognised(t *testing.T) {
	n := node("Relu", "x", "y")
	n.Domain = "com.example"
	m := model(nn.Shape{3}, nil, n)
	m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.example", Version: 1})
	refuses(t, m, `com.example.Relu "y" (no layer for this operator)`)
	n.Domain = "ai.onnx"
	imports(t, m)
}

// ONNX: LeakyRelu's alpha is 0.01 where the file does not give it.
func TestLeakyReluDefault(t *testing.T) {
	im := imports(t, model(nn.Shape{3}, nil, node("LeakyRelu", "x", "y")))
	a := im.Network.Nodes()[0].Layer.(activation.Layer)
	if a.Func.Name != "leaky" || math.Float32bits(a.Value) != math.Float32bits(0.01) {
		t.Errorf("read as %s", a)
	}
}

// An attribute that ONNX gives no default must be in the file to have a value.
func TestAttributeWithoutDefault(t *testing.T) {
	if v := attrOf(node("Scale", "x", "y"), "alpha"); v != nil {
		t.Errorf("has the value %v", v)
	}
	if v := attrOf(node("Scale", "x", "y", graph.FloatAttr("alpha", 2)), "alpha"); v != float32(2) {
		t.Errorf("has the value %v", v)
	}
}
