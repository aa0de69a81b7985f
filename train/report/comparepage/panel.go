package comparepage

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// panel is what a click on a row shows besides its errors.
type panel struct {
	Says      string // what the verdict means
	Output    bool   // it is that of the model's output, which is not run by itself
	Heading   string // of the errors by itself
	Both      bool   // the errors accumulated are others than those by itself
	Bars      []bar
	Pictures  []picture
	TruthSays string
}

// bar is a decade of the histogram, its heights in percent.
type bar struct {
	Class, Name      string
	Own, Sum         int
	OwnHigh, SumHigh int
}

// picture is one view of where errors lie.
type picture struct {
	Title  string
	URL    template.URL
	Strip  bool // bars, else a map
	Square bool // cells are shown as squares; else they fill the width
	Alt    string
}

// newPanel makes the panel of a row. output: it is that of the model's output. equal: the
// outputs agree.
func newPanel(r *row, output, equal bool) (*panel, error) {
	p := &panel{Output: output, Says: noted(meaning(r, output, equal), r.Note), TruthSays: truthText(r.Truth)}
	if r.Isolated == nil {
		return p, nil
	}
	p.Both = r.Isolated.Distribution != r.Accumulated.Distribution || r.Isolated.Worst.Got != r.Accumulated.Worst.Got
	switch {
	case output:
		p.Heading = "output"
	case p.Both:
		p.Heading = "by itself"
	default:
		p.Heading = "by itself and accumulated"
	}
	p.Bars = bars(r.Isolated, r.Accumulated)
	var err error
	p.Pictures, err = pictures(r.Isolated)
	return p, err
}

// meaning says in plain words what was found at a layer.
func meaning(r *row, output, equal bool) string {
	switch {
	case output && r.Verdict == parity.Equal:
		return "The model's output is the reference's, within the tolerance."
	case output:
		return "The model's output is not the reference's."
	case r.Verdict == parity.NotRecorded:
		return "The reference has no value for this layer: nothing was compared here. The layers behind it are fed what it gives."
	case r.Training:
		return "The reference was recorded in training mode: this is no fault of the layer."
	case r.Guessed:
		return "What was recorded may be another layer's value: nothing is known of this layer. The layers behind it are fed what it gives."
	case r.Verdict == parity.Missing:
		return "The reference has this layer, and the network has none: with its recorded value the layer behind gives what the reference gives."
	case r.Verdict == parity.Wrong && equal:
		return "Fed the reference's own inputs, this layer does not give what the reference gives: it differs by itself, though the outputs agree."
	case r.Verdict == parity.Wrong:
		return "Fed the reference's own inputs, this layer does not give what the reference gives: it differs by itself."
	case r.Accumulated != nil && !r.Accumulated.Equal:
		return "By itself this layer is right: it only passes on the error of layers in front of it."
	}
	return "Fed the reference's own inputs, this layer gives what the reference gives."
}

// noted is what was found with a note on it.
func noted(says, note string) string {
	if note == "" {
		return says
	}
	return says + " Note: " + note + "."
}

// wrong is an error relative to the scale that rounding does not explain.
const wrong = 1e-4

func truthText(t *parity.Truth) string {
	switch nearer := t.Nearer(); {
	case nearer == "gonn" && t.Own < wrong && *t.Reference > wrong:
		return "gonn computes what the file says; the reference computed something else."
	case nearer == "gonn":
		return "gonn is nearer."
	case nearer == "reference":
		return "The reference is nearer."
	}
	return ""
}

// bars are the decades of both histograms. Heights are logarithms, so that one element shows.
func bars(own, sum *parity.Errors) []bar {
	n := 0
	for _, k := range own.Histogram {
		n += k
	}
	high := func(k int) int {
		if k == 0 {
			return 0
		}
		return int(math.Ceil(100 * math.Log1p(float64(k)) / math.Log1p(float64(n))))
	}
	var b []bar
	for k := range own.Histogram {
		b = append(b, bar{decadeClass(k), decadeNames[k], own.Histogram[k], sum.Histogram[k], high(own.Histogram[k]), high(sum.Histogram[k])})
	}
	return b
}

// pictures are the views of the map of a tensor (N, C, …).
func pictures(e *parity.Errors) ([]picture, error) {
	m := e.Map
	if m == nil || e.MaxError == 0 {
		return nil, nil
	}
	if m.Channel < 0 {
		return strip("feature", m.Worst, e.Shape[1])
	}
	channels, err := strip("channel", m.Channels, e.Shape[1])
	if err != nil || m.Height == 1 && m.Width == 1 {
		return channels, err
	}
	worst, err := mapPicture(m.Worst, m.Cols)
	if err != nil {
		return nil, err
	}
	mean, err := mapPicture(m.Mean, m.Cols)
	if err != nil {
		return nil, err
	}
	size := fmt.Sprintf("%d×%d", m.Height, m.Width)
	if m.Rows < m.Height || m.Cols < m.Width {
		size += fmt.Sprintf(" on %d×%d", m.Rows, m.Cols)
	}
	square := m.Rows > 1 && m.Cols > 1
	return append([]picture{
		{Title: fmt.Sprintf("channel %d, the worst (%s)", m.Channel, size), URL: worst, Square: square, Alt: "the error by place in the worst channel"},
		{Title: "mean of all channels", URL: mean, Square: square, Alt: "the error by place, averaged over channels"},
	}, channels...), nil
}

// strip is the view of the errors of n features or channels.
func strip(what string, errors []float32, n int) ([]picture, error) {
	u, err := stripPicture(errors)
	return []picture{{Title: "errors by " + what + shared(n, len(errors)), URL: u, Strip: true, Alt: "the largest error of each " + what}}, err
}

// shared says that several of n things share one of the cells.
func shared(n, cells int) string {
	if n <= cells {
		return ""
	}
	return fmt.Sprintf(" (%d in %d bars)", n, cells)
}

// planRow is a plan on all backends.
type planRow struct {
	Name  string
	Cells []planCell
}

type planCell struct {
	parity.Plan
	Class string
}

// planRows puts the plans of each name into a row.
func planRows(plans []parity.Plan) []planRow {
	var rows []planRow
	at := map[string]int{}
	for _, p := range plans {
		k, ok := at[p.Name]
		if !ok {
			k = len(rows)
			at[p.Name] = k
			rows = append(rows, planRow{Name: p.Name})
		}
		rows[k].Cells = append(rows[k].Cells, planCell{p, classOf(float64(p.Error))})
	}
	return rows
}

// cut splits an answer into its word and the rest.
func cut(answer string) (word, rest string) {
	word, rest, ok := strings.Cut(answer, ": ")
	if !ok {
		return "", answer
	}
	return word, rest
}
