package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// activations is the table of how activations are written in ONNX, by their names
// in activation.Funcs. The first spelling that the file's opset has and that can express the
// layer is the one that gonn writes, so one of opset 16 must be among them, and those
// down to it must hold no values but floats; all are recognised when reading. A spelling
// of a fixed parameter that does not mention it stands for the parameter's default.
//
// A learned parameter is always a tensor: as an attribute, such as that of Swish, it would
// come back as a number that no training changes.
var activations = []struct {
	name      string
	spellings []string
}{
	{"linear", []string{"y = Identity(x)"}},
	{"relu", []string{
		"y = Relu(x)",
		"p = Greater(x, 0.0); y = Where(p, x, 0.0)",
		"p = Greater(x, 0.0); c = Cast<to = 1>(p); y = Mul(x, c)",
	}},
	{"leaky", []string{
		"y = LeakyRelu<alpha = @alpha>(x)",
		"l = Less(x, 0.0); n = Mul(x, alpha); y = Where(l, n, x)",
	}},
	{"prelu", []string{
		"y = PRelu(x, alpha)",
		"p = Greater(x, 0.0); n = Mul(x, alpha); y = Where(p, x, n)",
		"p = GreaterOrEqual(x, 0.0); n = Mul(x, alpha); y = Where(p, x, n)",
		"l = Less(x, 0.0); n = Mul(x, alpha); y = Where(l, n, x)",
		"r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, alpha); y = Sub(r, n)",
		"r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, -1*alpha); y = Add(r, n)",
	}},
	{"elu", []string{
		"y = Elu<alpha = @alpha>(x)",
		"l = Less(x, 0.0); e = Exp(x); s = Sub(e, 1.0); n = Mul(alpha, s); y = Where(l, n, x)",
		"p = Greater(x, 0.0); e = Exp(x); n = Sub(e, 1.0); y = Where(p, x, n)",
	}},
	{"selu", []string{
		"y = Selu<alpha = 1.6732632, gamma = 1.050701>(x)",
		"e = Exp(x); a = Mul(1.6732632, e); s = Sub(a, 1.6732632); n = Mul(1.050701, s); p = Mul(1.050701, x);" +
			" l = Less(x, 0.0); y = Where(l, n, p)",
	}},
	{"celu", []string{
		"y = Celu<alpha = @alpha>(x)",
		"d = Div(x, alpha); e = Elu<alpha = 1.0>(d); y = Mul(alpha, e)",
	}},
	{"swish", []string{
		"from 24: y = Swish<alpha = @beta>(x)",
		"s = Sigmoid(x); y = Mul(x, s)",
		"b = Mul(x, beta); s = Sigmoid(b); y = Mul(x, s)",
	}},
	{"swish-beta", []string{"b = Mul(x, beta); s = Sigmoid(b); y = Mul(x, s)"}},
	{"mish", []string{
		"from 18: y = Mish(x)",
		"s = Softplus(x); t = Tanh(s); y = Mul(x, t)",
	}},
	{"gelu", []string{
		`from 20: y = Gelu<approximate = "none">(x)`,
		"d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); m = Mul(x, p); y = Mul(m, 0.5)",
		"d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); h = Mul(p, 0.5); y = Mul(x, h)",
		"d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); h = Mul(x, 0.5); y = Mul(h, p)",
		"d = Mul(x, 0.70710677); e = Erf(d); p = Add(e, 1.0); m = Mul(x, p); y = Mul(m, 0.5)",
		"d = Mul(x, 0.70710677); e = Erf(d); p = Add(e, 1.0); h = Mul(p, 0.5); y = Mul(x, h)",
		"d = Mul(x, 0.70710677); e = Erf(d); p = Add(e, 1.0); h = Mul(x, 0.5); y = Mul(h, p)",
		"r = Sqrt(2.0); d = Div(x, r); e = Erf(d); p = Sum(1.0, e); h = Mul(0.5, x); y = Mul(h, p)",
	}},
	{"gelu-tanh", []string{
		`from 20: y = Gelu<approximate = "tanh">(x)`,
		"s = Mul(x, x); c = Mul(x, s); k = Mul(0.044715, c); a = Add(x, k); u = Mul(0.7978846, a); t = Tanh(u);" +
			" p = Add(1.0, t); m = Mul(x, p); y = Mul(0.5, m)",
		"c = Pow(x, 3.0); k = Mul(0.044715, c); a = Add(x, k); u = Mul(0.7978846, a); t = Tanh(u);" +
			" p = Add(t, 1.0); h = Mul(0.5, p); y = Mul(x, h)",
		"c = Pow(x, 3.0); k = Mul(0.044715, c); a = Add(x, k); u = Mul(0.7978846, a); t = Tanh(u);" +
			" p = Add(t, 1.0); h = Mul(x, 0.5); y = Mul(h, p)",
		"w = Sqrt(0.63661975); c = Pow(x, 3.0); k = Mul(0.044715, c); a = Sum(x, k); u = Mul(w, a); t = Tanh(u);" +
			" p = Sum(1.0, t); h = Mul(0.5, x); y = Mul(h, p)",
	}},
	{"hardswish", []string{
		"y = HardSwish(x)",
		"s = HardSigmoid<alpha = 0.16666667, beta = 0.5>(x); y = Mul(x, s)",
		"a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); m = Mul(x, c); y = Div(m, 6.0)",
		"a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); s = Mul(c, 0.16666667); y = Mul(x, s)",
	}},
	{"sigmoid", []string{"y = Sigmoid(x)"}},
	{"hardsigmoid", []string{
		"y = HardSigmoid<alpha = @alpha, beta = 0.5>(x)",
		"m = Mul(x, alpha); a = Add(m, 0.5); n = Min(a, 1.0); y = Max(n, 0.0)",
		"a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); y = Div(c, 6.0)",
		"a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); y = Mul(c, 0.16666667)",
	}},
	{"logsigmoid", []string{
		"m = Neg(x); s = Softplus(m); y = Neg(s)",
		"s = Sigmoid(x); y = Log(s)",
	}},
	{"softplus", []string{
		"y = Softplus(x)",
		"b = Mul(x, beta); s = Softplus(b); y = Div(s, beta)",
		"b = Mul(x, beta); s = Softplus(b); d = Div(s, beta); p = Greater(b, 20.0); y = Where(p, x, d)",
	}},
	{"tanh", []string{"y = Tanh(x)"}},
	{"softsign", []string{
		"y = Softsign(x)",
		"a = Abs(x); p = Add(a, 1.0); y = Div(x, p)",
	}},
	{"relu6", []string{
		"y = Clip(x, 0.0, max)",
		"y = Clip<min = 0.0, max = @max>(x)",
		"r = Relu(x); y = Clip(r, , max)",
		"r = Clip(x, 0.0, ); y = Clip(r, , max)",
		"r = Relu(x); y = Min(r, max)",
		"r = Relu(x); m = Min(r, max); y = Max(m, 0.0)",
	}},
	{"thresholded-relu", []string{
		"y = ThresholdedRelu<alpha = @theta>(x)",
		"p = LessOrEqual(x, theta); y = Where(p, 0.0, x)",
		"p = Greater(x, theta); y = Where(p, x, 0.0)",
		"p = Less(theta, x); y = Where(p, x, 0.0)",
		"p = Greater(x, theta); c = Cast<to = 1>(p); y = Mul(x, c)",
	}},
}

// spelled is a row of the table made ready.
type spelled struct {
	fn        *activation.Func
	spellings []*spelling
}

var spellings = parseTable()

func parseTable() []spelled {
	byName := map[string]*activation.Func{}
	for _, f := range activation.Funcs {
		byName[f.Name] = f
	}
	var table []spelled
	for _, row := range activations {
		f := byName[row.name]
		if f == nil {
			panic("onnxio: no activation is called " + row.name)
		}
		s := spelled{fn: f}
		for _, text := range row.spellings {
			s.spellings = append(s.spellings, spell(f.Param, text))
		}
		table = append(table, s)
	}
	return table
}

// exportActivation writes the first spelling that the opset has and that can express the
// layer.
func exportActivation(e *exporter, n *nn.Node, act activation.Layer) error {
	for _, row := range allSpellings() {
		if row.fn != act.Func {
			continue
		}
		for _, s := range row.spellings {
			expresses := act.Func.Arg != activation.Fixed || s.mentions() || act.Func.Default != nil && *act.Func.Default == act.Value
			if expresses && s.from <= e.opset {
				e.writeSpelling(n, act, s)
				return nil
			}
		}
	}
	return fmt.Errorf("activation %s has no ONNX spelling", act)
}

// writeSpelling emits a spelling's nodes. Inner values are named after the layer:
// act1.s.
func (e *exporter) writeSpelling(n *nn.Node, act activation.Layer, s *spelling) {
	constants := map[string]string{} // by operand: what is used twice is written once
	constant := func(operand, name string, v float32) string {
		if constants[operand] == "" {
			constants[operand] = e.constant(n.Name+"."+name, v)
		}
		return constants[operand]
	}
	value := func(operand string) string {
		switch v, isNumber := number(operand); {
		case operand == "":
			return ""
		case operand == "x":
			return n.Inputs[0]
		case operand == "y":
			return e.output(n)
		case operand == s.param && act.Func.Arg == activation.Learned:
			return e.param(n.Params[0])
		case operand == s.param:
			return constant(operand, s.param, act.Value)
		case isNumber:
			return constant(operand, "constant", v)
		}
		return n.Name + "." + operand
	}
	for _, sn := range s.nodes {
		domain, op := splitOperator(sn.op)
		if domain != "" {
			e.importDomain(domain, 1)
		}
		node := &graph.Node{Domain: domain, OpType: op}
		for _, a := range sn.attrs {
			v := a.literal()
			if v == nil { // @alpha
				v = act.Value
			}
			node.Attrs = append(node.Attrs, &graph.Attr{Name: a.name, Value: v})
		}
		for _, in := range sn.in {
			node.Inputs = append(node.Inputs, value(in))
		}
		out := value(sn.out)
		node.Outputs = []string{out}
		node.Name = n.Name
		if sn.out != "y" {
			node.Name = out
			e.describe(out, n.Shape)
		}
		e.graph.Nodes = append(e.graph.Nodes, node)
	}
}
