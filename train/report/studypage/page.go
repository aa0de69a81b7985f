// Package studypage writes the findings of the study as a page for browsers.
package studypage

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report/page"
	"github.com/gonn-toolkit/gonn/train/report/themed"
	"github.com/gonn-toolkit/gonn/train/study"
)

// Document is what a page shows.
type Document struct {
	Of       string // folder of the numbers
	Quick    bool   // the figures are of less data than the study's
	Findings []*study.Finding
}

//go:embed page.gohtml
var pageTemplate string

//go:embed style.css
var style string

// HTML gives the page. It loads nothing and runs no script.
func (d Document) HTML() ([]byte, error) {
	colors := themed.NewPalette()
	drawn := map[*plot.Figure]template.HTML{}
	for _, f := range d.Findings {
		for _, of := range f.Figures {
			figure := *of.Figure
			figure.Width = width
			var err error
			if drawn[of.Figure], err = colors.Markup(&figure, of.Alt); err != nil {
				return nil, err
			}
		}
	}
	functions := template.FuncMap{
		"picture": func(f study.Figure) template.HTML { return drawn[f.Figure] },
		"number":  func(i int) int { return i + 1 }, "time": timeText, "class": class, "verdict": sentence, "processors": processors,
	}
	return page.Execute(pageTemplate, functions, struct {
		Frame page.Frame
		Document
	}{page.NewFrame("The study of activations", "gonn report study", d.Of, style+colors.Style(), ""), d})
}

// width of pictures, in pixels: that of the page's text.
const width = 860

func timeText(t time.Time) string { return t.Format("2006-01-02 15:04 MST") }

func processors(n int) string {
	if n == 1 {
		return "1 processor"
	}
	return fmt.Sprintf("%d processors", n)
}

// sentence is a verdict with a capital letter.
func sentence(v study.Verdict) string { return strings.ToUpper(string(v[:1])) + string(v[1:]) }

// class is that of a verdict.
func class(v study.Verdict) string {
	switch v {
	case study.Holds:
		return "good"
	case study.Fails:
		return "bad"
	}
	return "open"
}
