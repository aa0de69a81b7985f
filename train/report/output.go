package report

import (
	"bytes"
	"io"

	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/terminal"
)

// Report is what a command tells: Text writes it for people, its JSON form is for programs.
type Report interface {
	Text(p *Page)
}

// Page is where a report is written for people.
type Page struct {
	io.Writer
	Width int  // that tables keep to, in columns of a terminal; 0 for any
	Color bool // verdicts have a colour
}

// NewPage is a page as wide as the terminal that w is, or of 80 columns.
func NewPage(w io.Writer) *Page {
	_, isTerminal := terminal.Size(w)
	return &Page{Writer: w, Width: terminal.Columns(w), Color: isTerminal && !terminal.Plain()}
}

// table writes a table. An error is the writer's, whose owner sees it.
func (p *Page) table(t *table.Table) { t.Write(p, p.Width) }

// WriteText writes a report for people.
func WriteText(w io.Writer, r Report) error {
	p := NewPage(w)
	var text bytes.Buffer
	p.Writer = &text
	r.Text(p)
	_, err := text.WriteTo(w)
	return err
}
