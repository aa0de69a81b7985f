package rewritetest

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Parse makes a model of its text, one statement in a line or before a semicolon:
//
//	opset 13
//	in x [N,3,8,8]              an input; N is the batch
//	w [4,3,3,3]                 an initializer of random numbers
//	s double[2] 0.5 0.25        one of given numbers and type
//	c = Conv<pads=[1,1,1,1]>(x, w)
//	y = Relu(c)
//	out y
//
// Constants are FLOAT unless a type says otherwise. An operand may also be a number, which
// stands for a Constant node in front, and nothing, which is an operand that is left out.
// Without opset it is 17, and without out the last result is the output.
func Parse(t testing.TB, text string) *graph.Model {
	t.Helper()
	p := &parser{m: &graph.Model{IRVersion: 8, Producer: "test", Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{Name: "g"}},
		random: rand.New(rand.NewPCG(1, 2))}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, ";", "\n"), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := p.line(line); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	g := p.m.Graph
	if len(g.Outputs) == 0 {
		g.Outputs = []*graph.Value{{Name: g.Nodes[len(g.Nodes)-1].Outputs[0], Type: graph.Float}}
	}
	return p.m
}

type parser struct {
	m      *graph.Model
	random *rand.Rand
}

var (
	statement = regexp.MustCompile(`^([\w, ]*?)\s*=\s*(?:(\w+)\.)?(\w+)\s*(?:<(.*)>)?\s*\((.*)\)$`)
	shaped    = regexp.MustCompile(`^(\w+) (\w*)\[([\w,]*)\]\s*(.*)$`)
	setting   = regexp.MustCompile(`(\w+)\s*=\s*(\[[^\]]*\]|"[^"]*"|[^,\s]+)`)
	types     = map[string]graph.DataType{"": graph.Float, "float": graph.Float, "double": graph.Double, "half": graph.Float16,
		"int": graph.Int64, "int32": graph.Int32, "bool": graph.Bool, "uint8": graph.Uint8, "string": graph.String}
)

func (p *parser) line(line string) error {
	g := p.m.Graph
	switch first, rest, _ := strings.Cut(line, " "); first {
	case "opset":
		v, err := strconv.ParseInt(rest, 10, 64)
		p.m.Opsets[0].Version = v
		return err
	case "in":
		v, err := value(rest)
		g.Inputs = append(g.Inputs, v)
		return err
	case "out":
		for name := range strings.FieldsSeq(rest) {
			g.Outputs = append(g.Outputs, &graph.Value{Name: name, Type: graph.Float})
		}
		return nil
	}
	if m := statement.FindStringSubmatch(line); m != nil {
		return p.node(m[1], m[2], m[3], m[4], m[5])
	}
	t, err := p.tensor(line)
	g.Initializers = append(g.Initializers, t)
	return err
}

func value(text string) (*graph.Value, error) {
	m := shaped.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("no name and shape")
	}
	v := &graph.Value{Name: m[1], Type: types[m[2]], HasShape: true}
	for d := range strings.SplitSeq(m[3], ",") {
		if size, err := strconv.ParseInt(d, 10, 64); err == nil {
			v.Shape = append(v.Shape, graph.Dim{Size: size})
		} else if d != "" {
			v.Shape = append(v.Shape, graph.Dim{Param: d})
		}
	}
	return v, nil
}

// tensor reads a constant. Where its numbers are not given they are random, away from 0.
func (p *parser) tensor(text string) (*graph.Tensor, error) {
	m := shaped.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("cannot be read")
	}
	dims, size := []int64{}, int64(1)
	for d := range strings.FieldsFuncSeq(m[3], func(r rune) bool { return r == ',' }) {
		v, err := strconv.ParseInt(d, 10, 64)
		if err != nil {
			return nil, err
		}
		dims, size = append(dims, v), size*v
	}
	given := strings.Fields(m[4])
	v := make([]float64, size)
	for i := range v {
		v[i] = float64(float32(0.2 + p.random.Float64()))
		if p.random.IntN(3) == 0 {
			v[i] = -v[i]
		}
		if len(given) > 0 {
			var err error
			if v[i], err = strconv.ParseFloat(given[i%len(given)], 64); err != nil {
				return nil, err
			}
		}
	}
	switch t := types[m[2]]; t {
	case graph.String:
		return &graph.Tensor{Name: m[1], Type: t, Dims: dims, Strings: make([]string, size)}, nil
	case graph.Float, graph.Double, graph.Float16:
		return graph.FromFloat64s(m[1], t, dims, v)
	default:
		ints := make([]int64, len(v))
		for i, x := range v {
			ints[i] = int64(x)
		}
		return graph.FromInt64s(m[1], t, dims, ints)
	}
}

func (p *parser) node(outputs, domain, op, attrs, operands string) error {
	n := &graph.Node{OpType: op, Domain: domain}
	for out := range strings.SplitSeq(outputs, ",") {
		n.Outputs = append(n.Outputs, strings.TrimSpace(out))
	}
	n.Name = n.Outputs[0]
	for _, m := range setting.FindAllStringSubmatch(attrs, -1) {
		v, err := p.literal(m[2])
		if err != nil {
			return err
		}
		n.Attrs = append(n.Attrs, &graph.Attr{Name: m[1], Value: v})
	}
	if strings.TrimSpace(operands) != "" {
		for _, in := range split(operands) {
			n.Inputs = append(n.Inputs, p.operand(in))
		}
	}
	if domain != "" && p.m.Opset(domain) == 0 {
		p.m.Opsets = append(p.m.Opsets, graph.Opset{Domain: domain, Version: 1})
	}
	p.m.Graph.Nodes = append(p.m.Graph.Nodes, n)
	return nil
}

// split parts operands at commas that are not inside brackets.
func split(text string) (parts []string) {
	depth, from := 0, 0
	for i, r := range text {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == ',' && depth == 0:
			parts, from = append(parts, strings.TrimSpace(text[from:i])), i+1
		}
	}
	return append(parts, strings.TrimSpace(text[from:]))
}

// operand turns a number into a Constant node: 1.5 is FLOAT, [0,-1] and 2 are INT64.
func (p *parser) operand(text string) string {
	var t *graph.Tensor
	name := fmt.Sprintf("number%d", len(p.m.Graph.Nodes))
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		t = graph.Int64Tensor("", nil, []int64{v})
	} else if v, err := strconv.ParseFloat(text, 32); err == nil {
		t = graph.Float32Tensor("", nil, []float32{float32(v)})
	} else if strings.HasPrefix(text, "[") {
		v := numbers(text)
		t = graph.Int64Tensor("", []int64{int64(len(v))}, v)
	} else {
		return text
	}
	p.m.Graph.Nodes = append(p.m.Graph.Nodes, &graph.Node{OpType: "Constant", Outputs: []string{name}, Attrs: []*graph.Attr{graph.TensorAttr("value", t)}})
	return name
}

// numbers reads [0 -1], in which spaces part the numbers, or [0,-1].
func numbers(text string) (v []int64) {
	for f := range strings.FieldsFuncSeq(strings.Trim(text, "[]"), func(r rune) bool { return r == ' ' || r == ',' }) {
		x, _ := strconv.ParseInt(f, 10, 64)
		v = append(v, x)
	}
	return v
}

// literal reads the value of an attribute: 1, 1.0, [1,2], "text", or the name of an
// initializer, which it takes away.
func (p *parser) literal(text string) (any, error) {
	switch {
	case text[0] == '[':
		return numbers(text), nil
	case text[0] == '"':
		return strings.Trim(text, `"`), nil
	}
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v, nil
	}
	if v, err := strconv.ParseFloat(text, 32); err == nil {
		return float32(v), nil
	}
	for i, t := range p.m.Graph.Initializers {
		if t.Name == text {
			p.m.Graph.Initializers = append(p.m.Graph.Initializers[:i:i], p.m.Graph.Initializers[i+1:]...)
			return t, nil
		}
	}
	return nil, fmt.Errorf("attribute value %q", text)
}

// Print is the text of a model.
func Print(m *graph.Model) string {
	var b strings.Builder
	g := m.Graph
	fmt.Fprintf(&b, "opset %d\n", m.Opset(""))
	for _, v := range g.Inputs {
		fmt.Fprintf(&b, "in %s %v%s\n", v.Name, v.Type, strings.ReplaceAll(fmt.Sprint(v.Shape), " ", ","))
	}
	for _, t := range g.Initializers {
		fmt.Fprintf(&b, "%s %v%s%s\n", t.Name, t.Type, strings.ReplaceAll(fmt.Sprint(t.Dims), " ", ","), few(t))
	}
	for _, n := range g.Nodes {
		var attrs []string
		for _, a := range n.Attrs {
			v := a.Value
			if t, ok := v.(*graph.Tensor); ok {
				v = fmt.Sprint(t.Type, t.Dims, few(t))
			}
			attrs = append(attrs, fmt.Sprintf("%s=%v", a.Name, v))
		}
		settings := ""
		if len(attrs) > 0 {
			settings = "<" + strings.Join(attrs, ", ") + ">"
		}
		fmt.Fprintf(&b, "%s = %s%s(%s)\n", strings.Join(n.Outputs, ", "), n.OpType, settings, strings.Join(n.Inputs, ", "))
	}
	for _, v := range g.Outputs {
		fmt.Fprintf(&b, "out %s\n", v.Name)
	}
	return b.String()
}

// few are the elements of a tensor if there are not many.
func few(t *graph.Tensor) string {
	if n, err := t.Len(); err != nil || n > 8 {
		return ""
	}
	if v, err := t.Int64s(); err == nil {
		return fmt.Sprint(" ", v)
	}
	if v, err := t.Float32s(); err == nil {
		return fmt.Sprint(" ", v)
	}
	return ""
}
