package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Compare tells how a model answers beside recorded results, another model or engines.
type Compare struct {
	Reference string `json:"reference"`
	Engine    string `json:"engine"`           // that runs it: those asked for, or gonn, or reference without a trainable form
	Layout    string `json:"layout,omitempty"` // of its input, if it is not the network's
	// Equal is missing if nothing was held against recorded results or another model.
	Equal     *bool  `json:"equal,omitempty"`
	Tolerance string `json:"tolerance,omitempty"`
	// Report holds a model layer by layer. It is empty if none was.
	*parity.Report
	Replays []Replay    `json:"recorded,omitempty"`
	Models  *SideBySide `json:"models,omitempty"`

	held []*parity.Report // all that were entered
}

// NewCompare is a report on a reference in which nothing has been held yet.
func NewCompare(reference string, t parity.Tolerance) *Compare {
	return &Compare{Reference: reference, Tolerance: t.String(), Report: &parity.Report{Layers: []parity.Layer{}}}
}

// Hold enters how a model compares layer by layer: the first report of one that differs
// stays, else the last.
func (r *Compare) Hold(p *parity.Report) {
	r.held = append(r.held, p)
	if r.Report.Answer == "" || r.Report.Equal {
		r.Report = p
	}
	equal := p.Equal && (r.Equal == nil || *r.Equal)
	r.Equal = &equal
}

// Beside enters how a model compares layer by layer with another engine, which does not decide
// whether it is equal, if nothing else is told layer by layer.
func (r *Compare) Beside(p *parity.Report) {
	if r.Report.Answer == "" {
		r.Report = p
	}
}

// Replay tells how one model on one engine answers beside expected results.
type Replay struct {
	Source  string          `json:"source"` // of the expected results
	Model   string          `json:"model"`
	Engine  string          `json:"engine,omitempty"` // if it was asked for by name, or is not the report's
	Outputs []parity.Result `json:"outputs"`
	Error   string          `json:"error,omitempty"` // why it could not run; then there are no outputs
}

// Enter adds a row, which decides whether all are equal.
func (r *Compare) Enter(row Replay) {
	r.Replays = append(r.Replays, row)
	if row.Error != "" {
		return
	}
	equal := r.Equal == nil || *r.Equal
	for _, o := range row.Outputs {
		equal = equal && o.Equal
	}
	r.Equal = &equal
}

// Failed counts the rows that could not run.
func (r *Compare) Failed() int {
	n := 0
	for _, row := range r.Replays {
		if row.Error != "" {
			n++
		}
	}
	return n
}

// Text writes a few lines for each output.
func (r *Compare) Text(w *Page) {
	if r.Answer != "" {
		w.verdict(r.Answer)
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, table.Printable(r.Reference), ranOn(r.Engine))
	if r.Layout != "" {
		fmt.Fprintf(w, " (takes %s)", r.Layout)
	}
	fmt.Fprintln(w)
	for _, row := range r.Replays {
		r.printReplay(w, row)
	}
	if r.Answer != "" {
		compareLayers(w, r.Report)
	}
	if r.Models != nil {
		r.Models.Text(w)
	}
}

func (r *Compare) printReplay(w *Page, row Replay) {
	who := row.Engine
	if row.Model != r.Reference {
		who = strings.TrimSpace(row.Model + " " + who)
	}
	fmt.Fprintf(w, "%s, %s:\n", strings.TrimSpace(who+" against "+row.Source), r.Tolerance)
	if row.Error != "" {
		fmt.Fprintf(w, "  could not run: %s\n", row.Error)
	}
	for _, o := range row.Outputs {
		verdict := "PASS"
		if !o.Equal {
			verdict = fmt.Sprintf("FAIL (%d elements)", o.Failed)
		}
		fmt.Fprintf(w, "  %s %s: largest error %.3g on a scale of %.3g; worst at %s; smallest passing tolerance %.3g: %s\n",
			oneLine(o.Name), nn.Shape(o.Shape), o.MaxError, o.Scale, elementText(o.Worst), o.Passing, verdict)
	}
}

// elementText is an element of both tensors.
func elementText(e parity.Element) string {
	text := fmt.Sprintf("[%s]: got %.9g, want %.9g", joinInts(e.Index), e.Got, e.Want)
	if math.IsNaN(float64(e.Got)) && math.IsNaN(float64(e.Want)) {
		text += ", and NaN equals nothing"
	}
	return text
}

func joinInts(v []int) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = fmt.Sprint(x)
	}
	return strings.Join(parts, ", ")
}
