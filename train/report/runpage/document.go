package runpage

import (
	_ "embed"
	"html/template"

	"github.com/gonn-toolkit/gonn/train/report/page"
)

// document is a page: a verdict, figures to see at once, and sections.
type document struct {
	Frame    page.Frame
	Title    string
	Verdict  []string // sentences
	Tiles    []tile
	Sections []*section
}

// tile is a figure that is seen at once.
type tile struct{ Label, Value, Note string }

type section struct {
	ID, Title string
	Parts     []part
}

// part is a block of a section; what is empty is left out.
type part struct {
	Heading  string
	Text     string
	Picture  *picture
	Table    *table
	Commands []command
	// More is the line that opens what follows.
	More   string
	Hidden []part
}

type command struct{ Text, Note string }

// table has a header in its first row and in its first column.
type table struct {
	Caption string
	Head    []cell
	Rows    [][]cell
}

type cell struct {
	Text string
	// Lines stand below the text, smaller.
	Lines  []string
	Number bool
	Strong bool
	Long   bool // breaks into lines
}

func text(s string) cell   { return cell{Text: s} }
func long(s string) cell   { return cell{Text: s, Long: true} }
func number(s string) cell { return cell{Text: s, Number: true} }

// heads are a table's header: names that begin with # are of numbers.
func heads(names ...string) []cell {
	var all []cell
	for _, n := range names {
		if n != "" && n[0] == '#' {
			all = append(all, number(n[1:]))
		} else {
			all = append(all, text(n))
		}
	}
	return all
}

// section adds a section.
func (d *document) section(id, title string) *section {
	s := &section{ID: id, Title: title}
	d.Sections = append(d.Sections, s)
	return s
}

func (s *section) add(parts ...part) { s.Parts = append(s.Parts, parts...) }

// say adds a paragraph.
func (s *section) say(text string) { s.add(part{Text: text}) }

//go:embed page.gohtml
var pageTemplate string

//go:embed style.css
var style string

// html writes the page. Sections without parts are left out.
func (d *document) html(of string, p *palette) ([]byte, error) {
	var kept []*section
	for _, s := range d.Sections {
		if len(s.Parts) > 0 {
			kept = append(kept, s)
		}
	}
	d.Sections = kept
	d.Frame = page.NewFrame(d.Title+" – gonn report", "gonn report", of, style+p.Style(), "")
	return page.Execute(pageTemplate, nil, d)
}

// picture is a figure as markup, for wide pages and for narrow ones.
type picture struct {
	Caption      string
	Alt          string
	Wide, Narrow template.HTML
	// Scroll puts the narrow form into a box that scrolls.
	Scroll bool
	// PNG is a data URL of a picture of pixels in place of the markup, which is Width wide.
	PNG   template.URL
	Width int
}
