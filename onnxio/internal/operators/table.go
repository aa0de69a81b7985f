package operators

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

//go:embed operators.txt
var text string

// id names an operator.
type id struct{ domain, name string }

// table has the versions of each operator, the oldest first.
var table = sync.OnceValue(func() map[id][]*Schema {
	t, err := parse(text)
	if err != nil {
		panic(err)
	}
	return t
})

// parse reads the form that the head of operators.txt describes.
func parse(text string) (map[id][]*Schema, error) {
	schemas, sets := map[id][]*Schema{}, map[string][]Type{}
	var of id
	var columns []string // of the version before
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		var err error
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "$"):
			name, types, _ := strings.Cut(line, " ")
			sets[name] = union(types, " ", sets)
		case strings.HasPrefix(line, "@"):
			of.domain = line[1:]
		case !strings.HasPrefix(line, " "):
			of.name, columns = line, nil
		default:
			s := &Schema{Domain: of.domain, Name: of.name}
			columns, err = s.parse(line, columns, sets)
			schemas[of] = append(schemas[of], s)
		}
		if err != nil {
			return nil, fmt.Errorf("operators.txt, line %d: %w", i+1, err)
		}
	}
	return schemas, nil
}

// union lists types, where sets may stand for several.
func union(types, separator string, sets map[string][]Type) (all []Type) {
	for t := range strings.SplitSeq(types, separator) {
		if strings.HasPrefix(t, "$") {
			all = append(all, sets[t]...)
		} else {
			all = append(all, Type(t))
		}
	}
	return all
}

// parse reads a version, and gives its columns for the next.
func (s *Schema) parse(line string, before []string, sets map[string][]Type) ([]string, error) {
	columns := strings.Split(line, "|")
	for i, c := range columns {
		columns[i] = strings.TrimSpace(c)
	}
	var err error
	if s.Since, err = strconv.ParseInt(columns[0], 10, 64); err != nil {
		return nil, err
	}
	if s.Deprecated = len(columns) == 2 && columns[1] == "deprecated"; s.Deprecated {
		return before, nil
	}
	if len(columns) != 5 {
		return nil, fmt.Errorf("%d columns", len(columns))
	}
	for i, c := range columns {
		if c == "." {
			columns[i] = before[i]
		}
	}
	constraints := map[string][]Type{}
	for _, c := range strings.Fields(columns[4]) {
		name, types, _ := strings.Cut(c, "=")
		constraints[name] = union(types, ",", sets)
	}
	s.Inputs, s.Outputs = params(columns[1], constraints), params(columns[2], constraints)
	s.Attrs, err = attrs(columns[3])
	return columns, err
}

func params(column string, constraints map[string][]Type) (list []Param) {
	for _, field := range strings.Fields(column) {
		name, rest, _ := strings.Cut(field, ":")
		p := Param{Name: name}
		rest, p.Mixed = strings.CutSuffix(rest, "~")
		rest, p.Optional = strings.CutSuffix(rest, "?")
		var least string
		if rest, least, p.Variadic = strings.Cut(rest, "*"); p.Variadic {
			p.least, _ = strconv.Atoi(least)
		}
		p.Constraint, p.Types = rest, constraints[rest]
		if p.Types == nil {
			p.Types = []Type{Type(rest)}
		}
		list = append(list, p)
	}
	return list
}

// kinds are the kinds of attributes by their letters.
var kinds = map[string]graph.AttrKind{
	"f": graph.KindFloat, "i": graph.KindInt, "s": graph.KindString, "t": graph.KindTensor, "g": graph.KindGraph,
	"F": graph.KindFloats, "I": graph.KindInts, "S": graph.KindStrings, "T": graph.KindTensors, "G": graph.KindGraphs,
	"p": graph.KindSparseTensor, "y": graph.KindType,
}

func attrs(column string) (list []Attr, err error) {
	for _, field := range strings.Fields(column) {
		var a Attr
		field, values, enumerated := strings.Cut(field, "=")
		if enumerated {
			a.Values = strings.Split(values, ",")
		}
		field, a.Required = strings.CutSuffix(field, "!")
		name, kind, _ := strings.Cut(field, ":")
		a.Name, a.Kind = name, kinds[kind]
		if a.Kind == graph.KindUndefined {
			err = fmt.Errorf("attribute %q has no kind", field)
		}
		list = append(list, a)
	}
	return list, err
}

// Has reports whether ONNX has a domain, so that all of its operators are known here.
func Has(domain string) bool {
	switch canonical(domain) {
	case "", "ai.onnx.ml", "ai.onnx.preview", "ai.onnx.preview.training", "ai.onnx.training":
		return true
	}
	return false
}

func canonical(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

// Versions are the schemas of an operator, the oldest first; nil if ONNX has no operator of that
// name.
func Versions(domain, name string) []*Schema { return table()[id{canonical(domain), name}] }

// Lookup is the schema of an operator in a version of its domain: the last that is not newer.
// It is nil if that version does not have the operator yet.
func Lookup(domain, name string, version int64) *Schema {
	all := Versions(domain, name)
	i, _ := slices.BinarySearchFunc(all, version+1, func(s *Schema, v int64) int { return int(s.Since - v) })
	if i == 0 {
		return nil
	}
	return all[i-1]
}

// Nearest is Lookup for readers that take an operator also in versions of the domain that do not
// have it: it is the operator's first version in those before, its last one in those behind; nil
// if ONNX has no operator of that name.
func Nearest(domain, name string, version int64) *Schema {
	var nearest *Schema
	for _, s := range Versions(domain, name) {
		if !s.Deprecated && (nearest == nil || s.Since <= version) {
			nearest = s
		}
	}
	return nearest
}
