package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

// Frame is what stands around the contents of a page.
type Frame struct {
	Title   string // of the browser's tab
	Command string // that wrote the page
	Of      string // file or folder that the page is about
	Style   template.CSS
	Script  template.JS // the only one that runs; "" for none
	Policy  string      // Content-Security-Policy
}

//go:embed frame.gohtml
var frame string

//go:embed base.css
var base string

// Base is the style that pages share, CSS: colours, light and dark, text, tables.
func Base() string { return base }

// NewFrame makes a frame with a style behind Base, and a script that may be "".
func NewFrame(title, command, of, style, script string) Frame {
	policy := "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src 'none'"
	if script != "" {
		sum := sha256.Sum256([]byte(script))
		policy = policy[:len(policy)-len("'none'")] + "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return Frame{title, command, of, template.CSS(base + style), template.JS(script), policy}
}

// Execute writes a page from its template, which stands between {{template "begin" .Frame}} and
// {{template "end" .Frame}} and may define "head", which is added to the head. The template is
// parsed now and not when the program starts, which most often writes no page. Execute panics if
// it cannot be parsed.
func Execute(text string, functions template.FuncMap, view any) ([]byte, error) {
	t := template.Must(template.Must(template.New("page").Funcs(functions).Parse(frame)).Parse(text))
	var b bytes.Buffer
	if err := t.Execute(&b, view); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
