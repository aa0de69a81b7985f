package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Export tells what was written.
type Export struct {
	Model string `json:"model"` // the run
	Opset int64  `json:"opset"`
	Files []File `json:"files"` // the model, then its external data
}

// File is a file that was written.
type File struct {
	Path  string `json:"path"`
	Bytes int    `json:"bytes"`
}

// Text writes one line.
func (r *Export) Text(w *Page) {
	fmt.Fprintf(w, "%s: wrote %s (opset %d, %d bytes)", table.Printable(r.Model), table.Printable(r.Files[0].Path), r.Opset, r.Files[0].Bytes)
	for _, f := range r.Files[1:] {
		fmt.Fprintf(w, " and %s (%d bytes)", table.Printable(f.Path), f.Bytes)
	}
	fmt.Fprintln(w, ", read back and checked")
}
