package comparepage

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// hostile is a name that closes whatever it could stand in.
const hostile = `</script></style></title>"'><img src="https://example.com/x.png" onerror="alert(1)">{{.}}&amp;]]>`

// errorsOf are made-up errors, the largest of which is e of a scale of 2.
func errorsOf(e float64, equal bool, shape ...int) *parity.Errors {
	x := &parity.Errors{}
	x.Shape, x.Equal, x.Scale, x.MaxError = shape, equal, 2, parity.Number(2*e)
	x.Worst = parity.Element{Index: make([]int, len(shape)), Got: parity.Number(2 + 2*e), Want: 2}
	x.Histogram[decadeOf(e)], x.Histogram[0] = 7, 1234
	x.Map = &parity.ErrorMap{Rows: 1, Cols: 2, Height: 1, Width: 2, Channel: -1, Worst: []float32{0, float32(e)}}
	if len(shape) == 4 {
		x.Map = &parity.ErrorMap{Rows: 2, Cols: 2, Height: 2, Width: 2, Worst: []float32{0, float32(e), 0, 0}, Mean: []float32{0, float32(e), 0, 0}, Channels: []float32{float32(e)}}
	}
	return x
}

// made is a report with every kind of row: a residual block whose convolution is wrong, with a
// layer missing behind it, and one that was not recorded.
func made() *parity.Report {
	layer := func(name string, v parity.Verdict, own, sum float64, inputs ...string) parity.Layer {
		l := parity.Layer{Layer: name, Kind: "Conv", Shape: []int{1, 2, 2}, Inputs: inputs, Verdict: v, Nodes: []string{"node " + name}, Value: "value " + name}
		if v != parity.NotRecorded {
			l.Isolated, l.Accumulated = errorsOf(own, own < 1e-5, 8, 1, 2, 2), errorsOf(sum, sum < 1e-5, 8, 1, 2, 2)
			reference := parity.Number(own)
			l.Reference, l.Truth = "recorded "+name, &parity.Truth{Own: 1e-7, Reference: &reference}
		}
		return l
	}
	missing := layer("", parity.Missing, 0.5, 0.5, "wrong")
	missing.Reference, missing.Isolated, missing.Accumulated = "bn of theirs", nil, nil
	r := &parity.Report{
		Model: hostile, Source: "in.npz", Answer: "Different: " + hostile, // other than the text of the cause
		FirstWrong: &parity.FirstWrong{Layer: "wrong"},
		Cause:      &parity.Cause{Kind: "kernel-flipped", Text: "wrong: its kernels are flipped. " + hostile, Layer: "wrong", Before: 1e4, After: 0.1},
		Output:     errorsOf(0.03, false, 8, 2),
		Layers: []parity.Layer{
			layer("first", parity.Equal, 3e-8, 3e-8, "pixels"),
			layer("wrong", parity.Wrong, 0.2, 0.2, "first"),
			missing,
			layer(hostile, parity.NotRecorded, 0, 0, "wrong"),
			layer("nan", parity.Wrong, math.NaN(), math.Inf(1), hostile),
			layer("add", parity.Equal, 0, 0.2, "nan", "first"),
		},
		Plans: []parity.Plan{
			{Name: "batch of 16", Backend: "go", Error: 1e-7, Equal: true}, {Name: "batch of 16", Backend: "avx2", Error: 0.5},
			{Name: "batch of 128", Backend: "go", Skipped: "it takes long"},
		},
		Unplaced: []parity.Unplaced{{Name: hostile, Shape: []int{3}, Why: "no layer"}},
		Notes:    []string{hostile},
	}
	r.Output.Name = "logits"
	return r
}

// all are a page of two models, one of a deep network, and one of an engine that could not be
// run.
func all() map[string]Comparison {
	return map[string]Comparison{
		"compare-made": {Reference: hostile, Tolerance: "|a-b| <= 1", Verdict: "Different", Models: []*parity.Report{made(), made()},
			Outputs: []Output{{Model: hostile, Engine: "go", Source: hostile, Result: made().Output.Result}}},
		"compare-deep": {Reference: "deep.onnx", Tolerance: hostile, Verdict: "Equal", Models: []*parity.Report{deep()}},
		"outputs":      {Reference: "a.onnx", Verdict: "Not compared", Outputs: []Output{{Model: "a.onnx", Engine: "ort", Error: "no library " + hostile}}},
	}
}

// tokens reads a page as XML, which it is too, and gives its elements and its text.
func tokens(t *testing.T, page []byte) (elements []xml.StartElement, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(page)))
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, b.String()
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			elements = append(elements, x.Copy())
		case xml.CharData:
			b.Write(x)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Names of models, layers and tensors are text, whatever they hold, and the page needs nothing
// but itself.
func TestHostileNamesStayText(t *testing.T) {
	for name, c := range all() {
		b, err := c.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("GONN_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".html"), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		elements, text := tokens(t, b)
		if !strings.Contains(text, hostile) {
			t.Errorf("%s: the name is not in the text", name)
		}
		for _, e := range elements {
			for _, a := range e.Attr {
				known := strings.HasPrefix(a.Value, "data:") || strings.HasPrefix(a.Value, "#")
				if (a.Name.Local == "src" || a.Name.Local == "href") && !known || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("%s: <%s %s=%q>", name, e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
		if found := regexp.MustCompile(`url\(|@import|fetch\(|XMLHttp`).FindAll(b, -1); found != nil {
			t.Errorf("%s: it loads something: %q", name, found)
		}
		if n := strings.Count(string(b), "<script"); n != 1 {
			t.Errorf("%s: %d scripts", name, n)
		}
	}
}

// Each layer has a row and a panel with its name, and identifiers are used once and found.
func TestPageHasEveryLayer(t *testing.T) {
	b, err := all()["compare-made"].HTML()
	if err != nil {
		t.Fatal(err)
	}
	elements, text := tokens(t, b)
	ids, rows, panels, opens := map[string]bool{}, 0, 0, []string{}
	for _, e := range elements {
		id := attribute(e, "id")
		if ids[id] {
			t.Errorf("two elements are %q", id)
		}
		ids[id] = id != ""
		if row := attribute(e, "data-row"); row != "" {
			rows++
			opens = append(opens, row, attribute(e, "aria-controls"))
		}
		if attribute(e, "class") == "panel" {
			panels++
		}
		if open := attribute(e, "data-open"); open != "" {
			opens = append(opens, open)
		}
	}
	if want := 2 * (len(made().Layers) + 1); rows != want || panels != want {
		t.Errorf("%d rows and %d panels, want %d", rows, panels, want)
	}
	for _, id := range opens {
		if !ids[id] {
			t.Errorf("nothing is %q", id)
		}
	}
	for _, l := range made().Layers {
		if !strings.Contains(text, cmpName(l)) {
			t.Errorf("layer %q is not there", cmpName(l))
		}
	}
	for _, want := range []string{"first wrong", "cause", "kernels are flipped", "it takes long", "[0, 0, 0, 0]", "NaN"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

func cmpName(l parity.Layer) string {
	if l.Layer == "" {
		return l.Reference
	}
	return l.Layer
}

// The title says the verdict and the models; a long page has it for the tab.
func TestTitle(t *testing.T) {
	c := Comparison{Reference: "ref.onnx", Verdict: "Equal", Models: []*parity.Report{{Model: "ref.onnx"}, {Model: "port.onnx"}}}
	if got, want := c.title(), "Equal: ref.onnx and port.onnx – gonn compare"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A line stays in its lane until its last reader: the branch runs beside the way past it.
func TestLanes(t *testing.T) {
	g := draw([]node{{name: "in"}, {name: "a", inputs: []string{"in"}}, {name: "b", inputs: []string{"a"}}, {inputs: []string{"b"}, between: true},
		{name: "c", inputs: []string{"b"}}, {name: "add", inputs: []string{"c", "a"}}, {name: "twice", inputs: []string{"add", "add"}}, {inputs: []string{"twice"}}})
	if want := []int{0, 0, 1, 1, 1, 0, 0, 0}; !slices.Equal(g.lane, want) || g.lanes != 2 {
		t.Errorf("lanes %v of %d, want %v", g.lane, g.lanes, want)
	}
	if want := "M15 45V45C15 50 5 50 5 55"; !slices.Contains(g.edges, want) {
		t.Errorf("no line %q in %q", want, g.edges)
	}
	// Layers that read nothing, or what is not there, are drawn too.
	if g := draw([]node{{name: "a", inputs: []string{"gone"}}, {name: "b"}}); len(g.edges) != 0 || g.lane[1] != 0 {
		t.Errorf("%+v", g)
	}
}

// Text on every colour can be read: WCAG asks for 4.5 to 1.
func TestTextCanBeReadOnEveryColour(t *testing.T) {
	for k, c := range decades {
		if r := contrast(c, ink(c)); r < 4.5 {
			t.Errorf("%s, %s: %.2f", decadeNames[k], hex(c), r)
		}
	}
	for e, want := range map[float64]int{0: 0, 1e-12: 0, 5e-10: 0, 5e-9: 1, 2e-5: 5, 0.5: 9, 2: 10, math.Inf(1): 10} {
		if got := decadeOf(e); got != want {
			t.Errorf("%v has the colour %d, want %d", e, got, want)
		}
	}
	if got := decadeOf(math.NaN()); got != 10 {
		t.Errorf("NaN has the colour %d", got)
	}
}

// Counts stay short.
func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1k", 12345: "12k", 999_600: "1M", 2_000_000: "2M"} {
		if got := fmt.Sprint(count(n)); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
