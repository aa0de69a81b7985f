package checker

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
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

// places are in every refusal: names are quoted, fields of the model have underscores.
var places = regexp.MustCompile(`"|[a-z]_[a-z]`)

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
	x.Floats = slices.Repeat([]float64{1}, ir.Volume(x.Shape))
	return x.As(v.Type)
}
