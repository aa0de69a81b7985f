// Package studypage writes the findings of the study as a page for browsers.
package studypage

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report/page"
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

// functions are those that the template calls.
var functions = template.FuncMap{
	"picture": picture, "number": func(i int) int { return i + 1 }, "time": timeText, "class": class, "verdict": sentence,
}

// HTML gives the page. It loads nothing and runs no script.
func (d Document) HTML() ([]byte, error) {
	return page.Execute(pageTemplate, functions, struct {
		Frame page.Frame
		Document
	}{page.NewFrame("The study of activations", "gonn report study", d.Of, style, ""), d})
}

// width of pictures, in pixels: that of the page's text.
const width = 860

// sources are the URLs of a picture.
type sources struct {
	Light template.URL
	Dark  template.Srcset
}

func picture(f study.Figure) (s sources, err error) {
	figure := *f.Figure
	figure.Width = width
	var urls []string
	for _, theme := range []*plot.Theme{plot.Light, plot.Dark} {
		svg, err := figure.SVG(theme)
		if err != nil {
			return s, fmt.Errorf("picture %q: %w", f.Title, err)
		}
		urls = append(urls, "data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString(svg))
	}
	return sources{template.URL(urls[0]), template.Srcset(urls[1])}, nil
}

func timeText(t time.Time) string { return t.Format("2006-01-02 15:04 MST") }

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
