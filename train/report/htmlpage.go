package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// HTMLPage is a page for browsers that was written.
type HTMLPage struct {
	Of    string `json:"of"`   // the run or sweep
	Kind  string `json:"kind"` // run or sweep
	File  string `json:"file"`
	Bytes int    `json:"bytes"`
}

// Text writes a line.
func (r *HTMLPage) Text(w *Page) {
	fmt.Fprintf(w, "%s: the report on the %s %s, %d KB, for any browser\n", table.Printable(r.File), r.Kind, table.Printable(r.Of), (r.Bytes+999)/1000)
}
