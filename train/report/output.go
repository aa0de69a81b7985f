package report

import (
	"encoding/json"
	"io"
)

// Report is what a command tells: Text writes it for people, its JSON form is for programs.
type Report interface {
	Text(p *Page)
}

// Page is where a report is written for people.
type Page struct {
	io.Writer
}

// WriteText writes a report for people.
func WriteText(w io.Writer, r Report) error {
	e := &errWriter{w: w}
	r.Text(&Page{Writer: e})
	return e.err
}

// WriteJSON writes a report as indented JSON.
func WriteJSON(w io.Writer, r Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// errWriter keeps the first error, after which it writes nothing.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) Write(b []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.w.Write(b)
	e.err = err
	return n, err
}
