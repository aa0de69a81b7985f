package operators

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Schema is an operator in one of its versions.
type Schema struct {
	Domain, Name string
	Since        int64 // the version of the domain that it came with
	Deprecated   bool  // the operator is gone since then
	Inputs       []Param
	Outputs      []Param
	Attrs        []Attr // by name
}

// Param is an input or output.
type Param struct {
	Name       string
	Constraint string // the name of the types; params of one constraint are of one type
	Types      []Type
	Optional   bool // it may be left out
	Variadic   bool // it stands for any number from least on
	Mixed      bool // these may be of several types
	least      int
}

// Attr is an attribute.
type Attr struct {
	Name     string
	Kind     graph.AttrKind
	Required bool
	Values   []string // those that it may have, nil if they are not enumerated
}

// Attr is the attribute of a name, nil if the operator has none.
func (s *Schema) Attr(name string) *Attr {
	for i := range s.Attrs {
		if s.Attrs[i].Name == name {
			return &s.Attrs[i]
		}
	}
	return nil
}

// LeastInputs is the number of inputs that there must be.
func (s *Schema) LeastInputs() int { return least(s.Inputs) }

// MostInputs is the largest number of inputs, −1 for any.
func (s *Schema) MostInputs() int { return most(s.Inputs) }

func least(params []Param) (n int) {
	for i, p := range params {
		switch {
		case p.Variadic:
			n = i + p.least
		case !p.Optional:
			n = i + 1
		}
	}
	return n
}

func most(params []Param) int {
	if len(params) > 0 && params[len(params)-1].Variadic {
		return -1
	}
	return len(params)
}

// at is the param that input or output i belongs to.
func at(params []Param, i int) *Param {
	if i >= len(params) {
		if len(params) == 0 || !params[len(params)-1].Variadic {
			return nil
		}
		i = len(params) - 1
	}
	return &params[i]
}

// Check lists what a node has that its operator does not, and what it lacks.
func (s *Schema) Check(n *graph.Node) (errs []error) {
	errs = append(errs, s.checkCount("input", n.Inputs, s.Inputs)...)
	errs = append(errs, s.checkCount("output", n.Outputs, s.Outputs)...)
	for _, a := range n.Attrs {
		if err := s.checkAttr(a); err != nil {
			errs = append(errs, err)
		}
	}
	for _, a := range s.Attrs {
		if a.Required && n.Attr(a.Name) == nil {
			errs = append(errs, fmt.Errorf("attribute %q is missing, but %s needs it", a.Name, s))
		}
	}
	return errs
}

// checkCount holds the inputs or outputs of a node against the schema's.
func (s *Schema) checkCount(kind string, names []string, params []Param) (errs []error) {
	min, max := least(params), most(params)
	if max < 0 {
		max = math.MaxInt
	}
	if len(names) < min || len(names) > max {
		return []error{fmt.Errorf("it has %s, %s has %s", counted(len(names), kind), s, between(min, max))}
	}
	for i, name := range names {
		if p := at(params, i); name == "" && !p.Optional && !p.Mixed && kind == "input" {
			errs = append(errs, fmt.Errorf("%s %d (%s) is left out, but %s needs it", kind, i, p.Name, s))
		}
	}
	return errs
}

// counted is a number of things, such as 2 inputs.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func between(min, max int) string {
	switch {
	case min == max:
		return fmt.Sprint(min)
	case max == math.MaxInt:
		return fmt.Sprintf("%d or more", min)
	}
	return fmt.Sprintf("%d to %d", min, max)
}

// checkAttr holds an attribute of a node against the schema's. One whose name begins with two
// underscores belongs to a tool, as ONNX's checker has it.
func (s *Schema) checkAttr(a *graph.Attr) error {
	known := s.Attr(a.Name)
	switch {
	case known == nil && strings.HasPrefix(a.Name, "__"):
		return nil
	case known == nil:
		return fmt.Errorf("%s has no attribute %q%s", s, a.Name, s.elsewhere(a.Name))
	case known.Kind != a.Kind():
		return fmt.Errorf("attribute %q is of kind %s, %s has %s", a.Name, a.Kind(), s, known.Kind)
	}
	if len(known.Values) > 0 && !a.IsRef() && !known.takes(a) {
		return fmt.Errorf("attribute %q is %#v, %s has %s", a.Name, a.Value, s, strings.Join(known.Values, ", "))
	}
	if v, isInt := a.Value.(int64); isInt && typeAttrs[a.Name] && (v < 0 || v == 0 && known.Required || v > int64(graph.Float6E3M2)) {
		return fmt.Errorf("attribute %q is %d, which is no element type", a.Name, v)
	}
	return nil
}

// takes reports whether a value is one of those that are enumerated. An empty auto_pad means
// NOTSET to ONNX Runtime too.
func (a *Attr) takes(given *graph.Attr) bool {
	v := fmt.Sprint(given.Value)
	return slices.Contains(a.Values, v) || v == "" && a.Name == "auto_pad"
}

// typeAttrs are attributes that are element types; 0 is the usual one, where there is one.
var typeAttrs = map[string]bool{"to": true, "dtype": true, "output_dtype": true, "output_datatype": true}

// elsewhere says in which versions an attribute is one of the operator's.
func (s *Schema) elsewhere(name string) string {
	versions := Versions(s.Domain, s.Name)
	has := func(v *Schema) bool { return v.Attr(name) != nil }
	first := slices.IndexFunc(versions, has)
	switch {
	case first < 0:
		return ""
	case versions[first].Since > s.Since:
		return fmt.Sprintf(", only from opset %d on", versions[first].Since)
	}
	gone := first + slices.IndexFunc(versions[first:], func(v *Schema) bool { return !has(v) })
	return fmt.Sprintf(", only before opset %d", versions[gone].Since)
}

// String names the operator and its version, as in Clip of opset 6.
func (s *Schema) String() string {
	if s.Domain != "" {
		return fmt.Sprintf("%s.%s of version %d", s.Domain, s.Name, s.Since)
	}
	return fmt.Sprintf("%s of opset %d", s.Name, s.Since)
}
