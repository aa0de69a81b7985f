package comparepage

import (
	_ "embed"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/report/page"
)

// Comparison is what a page shows.
type Comparison struct {
	Reference string // the file
	Tolerance string
	// Verdict is a word or two: Equal, Different, Not compared.
	Verdict string
	// Models are those that were held layer by layer.
	Models []*parity.Report
	// Outputs are the outputs of all models and engines.
	Outputs []Output
}

// Output is how one output of a model compares with a recording.
type Output struct {
	Model, Engine, Source string
	parity.Result
	// Error is why the model could not be run; then Result is empty.
	Error string
}

//go:embed page.gohtml
var pageTemplate string

//go:embed style.css
var style string

//go:embed script.js
var script string

// HTML gives the page. It loads nothing, and runs no script but its own.
func (c Comparison) HTML() ([]byte, error) {
	v := view{
		Comparison: c,
		Frame:      page.NewFrame(c.title(), "gonn compare", c.Reference, style+decadeStyles(), script),
		Legend:     legend(),
	}
	for i, r := range c.Models {
		m, err := modelView(i, r)
		if err != nil {
			return nil, err
		}
		if i == len(c.Models)-1 {
			m.Outputs = c.more() // at the end
		}
		v.Shown = append(v.Shown, m)
	}
	return page.Execute(pageTemplate, functions, v)
}

// more are the outputs, if they say more than the models that were held layer by layer do.
func (c Comparison) more() []Output {
	for _, o := range c.Outputs {
		if o.Engine != "" || o.Error != "" || len(c.Outputs) > len(c.Models) {
			return c.Outputs
		}
	}
	return nil
}

// Failed counts the outputs of what could not be run.
func (c Comparison) Failed() int {
	n := 0
	for _, o := range c.Outputs {
		if o.Error != "" {
			n++
		}
	}
	return n
}

// title is that of the browser's tab: the verdict and the models.
func (c Comparison) title() string {
	names := c.Reference
	for _, m := range c.Models {
		if m.Model != c.Reference {
			names += " and " + m.Model
		}
	}
	return c.Verdict + ": " + names + " – gonn compare"
}

// view is what the template reads.
type view struct {
	Comparison
	Frame  page.Frame
	Legend []legendEntry
	Shown  []*model
}

type legendEntry struct {
	Class string // of the colour
	Text  string
}

func legend() []legendEntry {
	var l []legendEntry
	for k := range decades {
		l = append(l, legendEntry{decadeClass(k), decadeNames[k]})
	}
	return l
}
