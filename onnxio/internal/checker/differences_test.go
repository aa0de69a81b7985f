package checker

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// difference is a kind of models that ONNX's checker refuses and gonn reads. Package onnxio
// lists them.
type difference struct {
	what string         // in the list
	says *regexp.Regexp // what the checker says of them
	has  string         // what the files have, if that matters
}

var differences = []difference{
	{"nodes in another order", regexp.MustCompile(`^Nodes in a graph must be topologically sorted`), ""},
	{"a graph without a name", regexp.MustCompile(`^Field 'name' of 'graph' is required`), ""},
	{"an output without a type or shape", regexp.MustCompile(`^Field '(type|shape|elem_type)' of '(type|value_info)' is required`), ""},
	{"before IR version 4, an initializer that is no input", regexp.MustCompile(`in initializer but not in graph input`), ""},
	{"the domain ai.onnx", regexp.MustCompile(`^No opset import for domain 'ai.onnx'`), ""},
	{"BFLOAT16 where the opset takes FLOAT16", regexp.MustCompile(`unsupported type: tensor\(bfloat16\)`), ""},
	{"the condition of a Loop", regexp.MustCompile(`op_type:Loop.*differ in rank: \(1\) vs \(0\)`), ""},
	{"the sizes that ceil_mode gives", regexp.MustCompile(`op_type:(Average|Lp|Max)Pool\): \[ShapeInferenceError\] Inferred shape and existing shape differ in dimension`), "ceil_mode"},
	{"the shapes of some operators", nil, ""},
}

// stricter is what gonn says of models that ONNX's checker takes although they contradict its
// documentation. Package onnxio lists them.
var stricter = []difference{
	{"a value that an enumerated attribute does not have", regexp.MustCompile(`attribute "\w+" is [^,]*, \S+ of (opset|version) \d+ has `), ""},
}

var opType = regexp.MustCompile(`op_type:(\w+)`)

// differenceOf is the one that a model is of, "" if it is of none.
func differenceOf(c oracleCase) string {
	for _, d := range differences {
		if d.says == nil {
			op := opType.FindStringSubmatch(c.Checker)
			if op == nil || infersShapes(op[1]) {
				return ""
			}
			return d.what
		}
		if d.says.MatchString(c.Checker) && strings.Contains(string(c.Model), d.has) {
			return d.what
		}
	}
	return ""
}

// infersShapes reports whether the shapes of an operator's results are known by those of its
// operands. Of the others only the types are held against what a file says.
func infersShapes(op string) bool {
	_, other := standIns[op]
	return other || schema.Known(op) || ownShapes[op] != nil || partShapes[op] != nil || op == "If"
}

// The list of package onnxio has the differences of the table, and no others.
func TestDifferencesAreDocumented(t *testing.T) {
	b, err := os.ReadFile("../../doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(b), "is read than it takes:\n")
	list, turn, ended := strings.Cut(list, "//\n// In turn")
	if !found || !ended {
		t.Fatal("onnxio/doc.go has no list of what is read")
	}
	if got := strings.Count(list, "//   - "); got != len(differences) {
		t.Errorf("onnxio/doc.go lists %d differences, the table has %d", got, len(differences))
	}
	for _, d := range differences {
		if !strings.Contains(list, "//   - "+d.what) {
			t.Errorf("onnxio/doc.go does not list %q", d.what)
		}
	}
	for _, d := range stricter {
		if !strings.Contains(strings.ReplaceAll(turn, "\n// ", " "), d.what) {
			t.Errorf("onnxio/doc.go does not tell of %q", d.what)
		}
	}
}
