package onnxio

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// spelling is a small graph that computes an activation: one of the ways in which
// it is written in ONNX. It is parsed from a subset of ONNX's own text syntax,
// statements separated by semicolons:
//
//	s = Sigmoid(x); y = Mul(x, s)
//	y = LeakyRelu<alpha = @alpha>(x)
//	p = Greater(x, 0.0); n = Mul(x, alpha); y = Where(p, x, n)
//
// x is the input and y the result. An operator outside ONNX's own domain has the domain in
// front of its name: com.example.Gaussian. The name of the activation's parameter stands
// for its tensor, with @ in front for its value as an attribute. A number is a
// scalar constant, and nothing is an input that is left out. As an attribute 1.0 is of
// kind FLOAT, 1 of kind INT and "text" of kind STRING.
//
// With a number and * in front of the parameter, the tensor holds that multiple of it:
//
//	r = Relu(x); m = Neg(x); s = Relu(m); n = Mul(s, -1*alpha); y = Add(r, n)
//
// In front may stand the first opset that has all the operators, if it is above 16:
//
//	from 18: y = Mish(x)
type spelling struct {
	from  int64  // the first opset in which it may be written, 0 for 16 and before
	param string // the activation's parameter, "" if it has none
	nodes []spelledNode
}

type spelledNode struct {
	op    string
	attrs []spelledAttr
	in    []string
	out   string
}

type spelledAttr struct{ name, value string }

// literal is the value of an attribute as graph.Attr holds it; nil for @alpha.
func (a spelledAttr) literal() any {
	if text, err := strconv.Unquote(a.value); err == nil {
		return text
	}
	if v, err := strconv.ParseInt(a.value, 10, 64); err == nil {
		return v
	}
	if v, isNumber := number(a.value); isNumber {
		return v
	}
	return nil
}

var (
	fromOpset = regexp.MustCompile(`^from (\d\d): `)
	statement = regexp.MustCompile(`^\s*(\w+)\s*=\s*([\w.]+)\s*(?:<([^>]*)>)?\s*\(([^)]*)\)\s*$`)
	attribute = regexp.MustCompile(`^\s*(\w+)\s*=\s*(@?[-\w.]+|"\w*")\s*$`)
)

// spell parses a spelling. The text is part of the program, so a mistake in it is a
// panic.
func spell(param, text string) *spelling {
	s := &spelling{param: param}
	statements := text
	if m := fromOpset.FindStringSubmatch(text); m != nil {
		s.from, _ = strconv.ParseInt(m[1], 10, 64) // two digits are a number
		statements = text[len(m[0]):]
	}
	for st := range strings.SplitSeq(statements, ";") {
		m := statement.FindStringSubmatch(st)
		if m == nil {
			panic(fmt.Sprintf("onnxio: spelling %q: cannot parse %q", text, st))
		}
		n := spelledNode{out: m[1], op: m[2]}
		for in := range strings.SplitSeq(m[4], ",") {
			n.in = append(n.in, strings.TrimSpace(in))
		}
		if m[3] != "" {
			for a := range strings.SplitSeq(m[3], ",") {
				am := attribute.FindStringSubmatch(a)
				if am == nil {
					panic(fmt.Sprintf("onnxio: spelling %q: cannot parse attribute %q", text, a))
				}
				n.attrs = append(n.attrs, spelledAttr{am[1], am[2]})
				if n.attrs[len(n.attrs)-1].literal() == nil && am[2] != "@"+param {
					panic(fmt.Sprintf("onnxio: spelling %q: attribute %q is neither a value nor @%s", text, a, param))
				}
			}
		}
		s.nodes = append(s.nodes, n)
	}
	if s.nodes[len(s.nodes)-1].out != "y" {
		panic(fmt.Sprintf("onnxio: spelling %q: the last statement must give y", text))
	}
	return s
}

// node finds the statement that gives a name; nil for x, parameters and numbers.
func (s *spelling) node(name string) *spelledNode {
	for i := range s.nodes {
		if s.nodes[i].out == name {
			return &s.nodes[i]
		}
	}
	return nil
}

// knows reports whether a statement mentions an attribute.
func (n *spelledNode) knows(attr string) bool {
	for _, a := range n.attrs {
		if a.name == attr {
			return true
		}
	}
	return false
}

// mentions reports whether the parameter appears, as a tensor or as an attribute.
func (s *spelling) mentions() bool {
	for _, n := range s.nodes {
		for _, in := range n.in {
			if in == s.param || strings.HasSuffix(in, "*"+s.param) {
				return true
			}
		}
	}
	return s.hasAttr("@" + s.param)
}

// hasAttr reports whether an attribute has a value.
func (s *spelling) hasAttr(value string) bool {
	return slices.ContainsFunc(s.nodes, func(n spelledNode) bool {
		return slices.ContainsFunc(n.attrs, func(a spelledAttr) bool { return a.value == value })
	})
}

// number reads an operand that is a constant.
func number(operand string) (float32, bool) {
	v, err := strconv.ParseFloat(operand, 32)
	return float32(v), err == nil
}

// timesOf is the factor of an operand like -1*alpha, 1 if it has none.
func timesOf(operand string) float32 {
	if factor, _, ok := strings.Cut(operand, "*"); ok {
		v, _ := number(factor)
		return v
	}
	return 1
}

// commutes tells which operators take their two operands in either order.
var commutes = map[string]bool{"Add": true, "Mul": true, "Max": true, "Min": true, "Sum": true}

// attrDefaults are ONNX's values of attributes that a file may leave out.
var attrDefaults = map[string]any{
	"LeakyRelu.alpha":       float32(0.01),
	"Elu.alpha":             float32(1),
	"Selu.alpha":            float32(1.67326319217681884765625),
	"Selu.gamma":            float32(1.05070102214813232421875),
	"Celu.alpha":            float32(1),
	"Gelu.approximate":      "none",
	"Swish.alpha":           float32(1),
	"HardSigmoid.alpha":     float32(0.2),
	"HardSigmoid.beta":      float32(0.5),
	"ThresholdedRelu.alpha": float32(1),
}

// attrOf is the value that a node has for an attribute, by itself or by default; nil if
// it has none.
func attrOf(n *graph.Node, name string) any {
	if a := n.Attr(name); a != nil {
		return a.Value
	}
	return attrDefaults[operatorOf(n)+"."+name]
}
