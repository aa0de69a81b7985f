package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// activations is the table of how activations are written in ONNX, by their names
// in nn.ActFuncs. The first spelling that can express the layer is the one that gonn
// writes, so it must be of opset 16 and hold no values but floats; all are recognised
// when reading. A spelling of a fixed
// parameter that does not mention it stands for the parameter's default.
var activations = []struct {
	name      string
	spellings []string
}{
	{"linear", []string{"y = Identity(x)"}},
	{"relu", []string{"y = Relu(x)"}},
	{"leaky", []string{"y = LeakyRelu<alpha = @alpha>(x)"}},
	{"prelu", []string{
		"y = PRelu(x, alpha)",
		"p = Greater(x, 0.0); n = Mul(x, alpha); y = Where(p, x, n)",
		"p = GreaterOrEqual(x, 0.0); n = Mul(x, alpha); y = Where(p, x, n)",
		"r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, alpha); y = Sub(r, n)",
	}},
	{"swish", []string{
		"s = Sigmoid(x); y = Mul(x, s)",
		"b = Mul(x, beta); s = Sigmoid(b); y = Mul(x, s)",
	}},
	{"swish-beta", []string{"b = Mul(x, beta); s = Sigmoid(b); y = Mul(x, s)"}},
	{"mish", []string{
		"s = Softplus(x); t = Tanh(s); y = Mul(x, t)",
		"y = Mish(x)",
	}},
	{"sigmoid", []string{"y = Sigmoid(x)"}},
	{"tanh", []string{"y = Tanh(x)"}},
}

// spelled is a row of the table made ready.
type spelled struct {
	fn        *nn.ActFunc
	spellings []*spelling
}

var spellings = parseTable()

func parseTable() []spelled {
	byName := map[string]*nn.ActFunc{}
	for _, f := range nn.ActFuncs {
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

// exportActivation writes the first spelling that can express the layer.
func exportActivation(e *exporter, n *nn.Node, act nn.Activation) error {
	for _, row := range spellings {
		if row.fn != act.Func {
			continue
		}
		for _, s := range row.spellings {
			if act.Func.Arg != nn.Fixed || s.mentions() || *act.Func.Default == act.Value {
				e.writeSpelling(n, act, s)
				return nil
			}
		}
	}
	return fmt.Errorf("activation %s has no ONNX spelling", act)
}

// writeSpelling emits a spelling's nodes. Inner values are named after the layer:
// act1.s.
func (e *exporter) writeSpelling(n *nn.Node, act nn.Activation, s *spelling) {
	value := func(operand string) string {
		switch v, isNumber := number(operand); {
		case operand == "x":
			return e.input(n, 0)
		case operand == "y":
			return e.output(n)
		case operand == s.param && act.Func.Arg == nn.Learned:
			return e.param(n.Params[0])
		case operand == s.param:
			return e.constant(n.Name+"."+s.param, act.Value)
		case isNumber:
			return e.constant(n.Name+".constant", v)
		}
		return n.Name + "." + operand
	}
	for _, sn := range s.nodes {
		node := &graph.Node{OpType: sn.op}
		for _, a := range sn.attrs {
			v, literal := number(a.value)
			if !literal { // @alpha
				v = act.Value
			}
			node.Attrs = append(node.Attrs, graph.FloatAttr(a.name, v))
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
