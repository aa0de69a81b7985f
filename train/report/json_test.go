package report

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// reports has one of each type that has a JSON form.
var reports = []Report{
	&Bench{}, &Compare{}, &Data{}, &Eval{}, &Events{}, &Export{}, &Foreign{}, &HTMLPage{}, &Import{}, &Inspection{},
	&Landscape{}, &LRFind{}, &Plot{}, &PlotKinds{}, Predictions{}, &Runs{}, &SideBySide{}, &Start{}, &Study{}, &Sweep{}, &Training{},
	&TrainingReplay{}, &Version{},
}

// TestAllReportsAreListed finds the types with a Text method in the source.
func TestAllReportsAreListed(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range reports {
		typ := reflect.TypeOf(r)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		listed[typ.Name()] = true
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Text" {
				continue
			}
			receiver := method.Recv.List[0].Type
			if p, ok := receiver.(*ast.StarExpr); ok {
				receiver = p.X
			}
			if name := receiver.(*ast.Ident).Name; !listed[name] {
				t.Errorf("%s has a Text method and is not in reports", name)
			}
		}
	}
}

// fill gives every float of a value the number x, each text and list something, and counts the
// floats.
func fill(v reflect.Value, x float64) (floats int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), x)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && v.Type().Field(i).Tag.Get("json") != "-" {
				floats += fill(f, x)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		return fill(v.Index(0), x) + fill(v.Index(1), x)
	case reflect.Array:
		for i := range v.Len() {
			floats += fill(v.Index(i), x)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, name := range []string{"b", "a"} {
			element := reflect.New(v.Type().Elem()).Elem()
			floats += fill(element, x)
			v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), element)
		}
	case reflect.Float32, reflect.Float64:
		v.SetFloat(x)
		return 1
	case reflect.String:
		v.SetString("<a & b>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	}
	return floats
}

// filled is a report of the type of r.
func filled(r Report, x float64) (Report, int) {
	v := reflect.New(reflect.TypeOf(r)).Elem()
	n := fill(v, x)
	return v.Interface().(Report), n
}

func encoded(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	if err := WriteJSON(&b, r); err != nil {
		t.Fatalf("%T: %v", r, err)
	}
	return b.String()
}

// Where all numbers are finite a report is what encoding/json writes, be it full or empty.
func TestWriteJSONIsEncodingJSON(t *testing.T) {
	for _, empty := range reports {
		full, _ := filled(empty, 1./3)
		for _, r := range []Report{empty, full} {
			var want bytes.Buffer
			enc := json.NewEncoder(&want)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(r); err != nil {
				t.Fatal(err)
			}
			if got := encoded(t, r); got != want.String() {
				t.Errorf("%T:\n%s\nencoding/json writes\n%s", r, got, &want)
			}
		}
	}
}

// A report is valid JSON whichever of its numbers are not finite.
func TestReportsWithoutNumbers(t *testing.T) {
	checked := 0
	for text, x := range map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)} {
		for _, empty := range reports {
			r, floats := filled(empty, x)
			got := encoded(t, r)
			if !json.Valid([]byte(got)) {
				t.Errorf("%T with %v:\n%s", r, x, got)
			}
			if n := strings.Count(got, `"`+text+`"`); n != floats {
				t.Errorf("%T has %d floats that are %v, and says so of %d:\n%s", r, floats, x, n, got)
			}
			checked += floats
		}
	}
	t.Logf("promise U5: %d numbers of %d kinds of reports may be NaN, +∞ or −∞, and the JSON is valid", checked/3, len(reports))
}

// What a MarshalJSON method writes spells numbers in the same way.
func TestNumberIsSpeltAsInReports(t *testing.T) {
	for _, x := range []float64{1.5, math.NaN(), math.Inf(1), math.Inf(-1)} {
		text, err := json.Marshal(parity.Number(x))
		if got := strings.TrimSpace(encoded(t, &Eval{Loss: x, Accuracy: x})); err != nil || strings.Count(got, ": "+string(text)+",") != 2 {
			t.Errorf("%v: %s and %s, %v", x, text, got, err)
		}
	}
}
