package checker

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// oracleCase is a model with what ONNX's checker says of it, as
// testdata/ref/checker_oracle.py writes it.
type oracleCase struct {
	Kind, What string
	Checker    string // "" if it accepts
	Model      []byte
}

// oracleCases reads the committed ones, and those of the file that GONN_CHECKER_CASES names.
func oracleCases(t *testing.T) (cases []oracleCase) {
	t.Helper()
	files := []string{"../../../testdata/golden/checker/cases.jsonl"}
	if more := os.Getenv("GONN_CHECKER_CASES"); more != "" {
		files = append(files, more)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var c oracleCase
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			cases = append(cases, c)
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return cases
}

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

// places are in every refusal: names are quoted, fields of the model have underscores.
var places = regexp.MustCompile(`"|[a-z]_[a-z]`)

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

// refusal is what gonn says of a model, "" if it takes it; read reports that it could be read.
func refusal(c oracleCase) (said string, read bool) {
	m, err := graph.Read(c.Model)
	if err != nil {
		return err.Error(), false
	}
	problems := Check(m)
	if len(problems) == 0 {
		return "", true
	}
	return problems[0].Error(), true
}

// What ONNX's checker refuses is refused, but for the kinds of the table; what it accepts is
// accepted, if the evaluator runs it.
func TestOracle(t *testing.T) {
	refused, lenient, accepted, kinds := 0, map[string]int{}, 0, map[string]bool{}
	for _, c := range oracleCases(t) {
		said, read := refusal(c)
		name := c.Kind + ", " + c.What
		switch {
		case c.Checker == "" && said == "":
			accepted++
		case c.Checker == "":
			strict := slices.ContainsFunc(stricter, func(d difference) bool { return d.says.MatchString(said) })
			if !strict && read && runs(c.Model) {
				t.Errorf("%s: ONNX's checker takes it and the evaluator runs it, but %s", name, said)
			}
		case said != "":
			refused++
			kinds[c.Kind] = true
			if !places.MatchString(said) {
				t.Errorf("%s: %q names no place", name, said)
			}
		default:
			d := differenceOf(c)
			if lenient[d]++; d == "" && c.Kind != "unchanged" {
				t.Errorf("%s: it is taken, but ONNX's checker says %s", name, c.Checker)
			}
		}
	}
	listed := 0
	for _, n := range lenient {
		listed += n
	}
	t.Logf("promise S6: of %d planted contradictions of %d kinds that onnx.checker refuses %d are refused, %d are of the %d kinds that are meant to be read",
		refused+listed, len(kinds), refused, listed, len(differences))
	t.Logf("promise U8: of %d models that gonn takes onnx.checker takes %d; the others are of listed kinds: %v", accepted+listed, accepted, lenient)
	if refused < 200 || accepted < 50 {
		t.Errorf("%d models refused and %d accepted by both; want 200 and 50", refused, accepted)
	}
}

// runs reports whether the evaluator computes a model, of ones, and its outputs are as declared.
func runs(model []byte) bool {
	m, err := graph.Read(model)
	if err != nil {
		return false
	}
	e, err := reference.New(m)
	if err != nil {
		return false
	}
	inputs := map[string]*reference.Tensor{}
	for _, v := range m.Graph.Feeds() {
		if inputs[v.Name], err = ones(v); err != nil {
			return false
		}
	}
	out, err := e.Run(inputs)
	return err == nil && !slices.ContainsFunc(m.Graph.Outputs, func(v *graph.Value) bool {
		x := out[v.Name]
		return x.Type != v.Type || !slices.EqualFunc(x.Shape, v.Shape, func(d int, said graph.Dim) bool { return !said.Known() || said.Size == int64(d) })
	})
}

// ones are a value for an input, of 3 where the file leaves a size open.
func ones(v *graph.Value) (*reference.Tensor, error) {
	x := &reference.Tensor{Type: graph.Double, Shape: []int{}}
	for _, d := range v.Shape {
		size := 3
		if d.Known() {
			size = int(min(d.Size, 64))
		}
		x.Shape = append(x.Shape, size)
	}
	x.Floats = slices.Repeat([]float64{1}, volume(x.Shape))
	return x.As(v.Type)
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
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
