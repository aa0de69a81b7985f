package operators

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Type is the type of a value as ONNX writes it: that of its elements for a tensor, such as
// float, or seq(float), optional(float), map(int64,float). "" is one that is not known.
type Type string

// TensorOf is the type of a tensor.
func TensorOf(t graph.DataType) Type {
	if t == graph.Undefined {
		return ""
	}
	return Type(strings.ToLower(t.String()))
}

// Elements is the element type of a tensor, Undefined of other values.
func (t Type) Elements() graph.DataType { return elements()[t] }

// String is the type as messages have it, such as FLOAT.
func (t Type) String() string {
	if e := t.Elements(); e != graph.Undefined {
		return e.String()
	}
	return string(t)
}

// ResultTypes gives the types of a node's results, by those of its inputs. An input of a type
// that the operator does not take, or of another than an input of the same constraint, is an
// error; the result then has the first one's.
func (s *Schema) ResultTypes(n *graph.Node, in []Type) (out []Type, err error) {
	bound := map[string]binding{}
	for i, t := range in {
		p := at(s.Inputs, i)
		if t == "" || p == nil {
			continue
		}
		if wrong := s.bind(bound, n, i, t, p); wrong != nil && err == nil {
			err = wrong
		}
	}
	out = make([]Type, len(n.Outputs))
	for i := range out {
		p := at(s.Outputs, i)
		if p == nil {
			continue
		}
		out[i] = s.resultType(n, i, p, bound, in)
		if t := out[i]; t != "" && !p.takes(t) && err == nil {
			err = fmt.Errorf("output %d %q would have type %s, which %s does not give; it gives %s", i, n.Outputs[i], t, s, listed(p.Types))
		}
	}
	return out, err
}

// binding is the type of a constraint, and the input that has given it.
type binding struct {
	t     Type
	input int
}

// bind enters the type of input i.
func (s *Schema) bind(bound map[string]binding, n *graph.Node, i int, t Type, p *Param) error {
	where := func(i int) string { return fmt.Sprintf("input %d %q", i, n.Inputs[i]) }
	if !p.takes(t) {
		return fmt.Errorf("%s has type %s, which %s does not take; it takes %s", where(i), t, s, listed(p.Types))
	}
	if p.Mixed {
		return nil
	}
	if b, ok := bound[p.Constraint]; ok {
		if b.t != t {
			return fmt.Errorf("%s has type %s and %s type %s, %s takes them of one type", where(b.input), b.t, where(i), t, s)
		}
		return nil
	}
	bound[p.Constraint] = binding{t, i}
	return nil
}

// takes reports whether a param may have a type. BFLOAT16 is taken where FLOAT16 is: PyTorch
// writes it in opsets that do not have it yet for most operators, and what it means is clear.
func (p *Param) takes(t Type) bool {
	return slices.Contains(p.Types, t) || t == "bfloat16" && slices.Contains(p.Types, "float16")
}

// mostListed bounds the types that a message lists.
const mostListed = 6

func listed(types []Type) string {
	var names []string
	for _, t := range types[:min(len(types), mostListed)] {
		names = append(names, t.String())
	}
	if len(types) > mostListed {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// resultType is the type of output i.
func (s *Schema) resultType(n *graph.Node, i int, p *Param, bound map[string]binding, in []Type) Type {
	if rule := resultTypes[s.Name]; rule != nil && s.Domain == "" {
		if t := rule(n, i, in); t != "" {
			return t
		}
	}
	if b, ok := bound[p.Constraint]; ok && !p.Mixed {
		return b.t
	}
	if len(p.Types) == 1 {
		return p.Types[0]
	}
	return ""
}

var elements = sync.OnceValue(func() map[Type]graph.DataType {
	all := map[Type]graph.DataType{}
	for t := graph.Float; t <= graph.Float6E3M2; t++ {
		all[TensorOf(t)] = t
	}
	return all
})
