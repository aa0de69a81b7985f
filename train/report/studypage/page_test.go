package studypage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/study"
)

// hostile is text that must stay text wherever it stands.
const hostile = `</td><script>alert(1)</script>" onload="alert(2)' {{.}}`

func document() Document {
	p := &plot.Panel{Title: "loss"}
	p.Line(hostile, []float64{1, 2, 3}, []float64{3, 1, 2}, plot.Style{})
	finding := func(name string, v study.Verdict) *study.Finding {
		return &study.Finding{
			Claim:   &study.Claim{Name: name, Title: "Title " + hostile, Says: "says", Proof: []string{"first", "second"}, How: "how"},
			Verdict: v, Because: "because " + hostile, Notes: []string{"note"}, Commands: []string{"gonn one", "gonn two " + hostile},
			Tables:  []study.Table{{Title: "table", Columns: []string{"a", "b"}, Rows: [][]string{{"1", hostile}}}},
			Figures: []study.Figure{{Figure: &plot.Figure{Title: "figure", Panels: []*plot.Panel{p}}, Alt: "alt " + hostile}},
			Made:    study.Made{Gonn: "v1", Machine: bench.Machine{CPU: hostile, Processors: 2}, Ended: time.Unix(0, 0).UTC()},
		}
	}
	return Document{Of: "study", Quick: true, Findings: []*study.Finding{finding("one", study.Holds), finding("two", study.Fails), finding("three", study.Unclear)}}
}

func TestHTML(t *testing.T) {
	b, err := document().HTML()
	if err != nil {
		t.Fatal(err)
	}
	html := string(b)
	for _, want := range []string{
		`href="#two"`, `id="two"`, `class="verdict good"`, `class="verdict bad"`, `class="verdict open"`, "Does not hold here.",
		"<li>second</li>", "gonn one\n", "This is the quick version", `script-src &#39;none&#39;`, "1970-01-01 00:00 UTC", "&lt;script&gt;alert(1)",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script", `" onload="`, "ZgotmplZ", "http://", "https://"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, tag := range []string{"table", "section", "figure", "svg", "pre", "ol", "main", "div"} {
		if open, closed := strings.Count(html, "<"+tag), strings.Count(html, "</"+tag+">"); open != closed || open == 0 {
			t.Errorf("%s: %d begin, %d end", tag, open, closed)
		}
	}
	if n := strings.Count(html, `<svg aria-label="alt &lt;/td&gt;`); n != 3 {
		t.Errorf("%d pictures with their description, want 3", n)
	}
}

func TestStudyPage(t *testing.T) {
	d := document()
	d.Quick = false
	b, err := d.HTML()
	if err != nil || strings.Contains(string(b), "quick version") {
		t.Errorf("%v, and it says that it is quick", err)
	}
	if dir := os.Getenv("GONN_PAGES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "report-study.html"), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
