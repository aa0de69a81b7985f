package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// printMetadata prints what a run or a file tells of its making.
func printMetadata(w *Page, metadata map[string]string) {
	if len(metadata) == 0 {
		return
	}
	fmt.Fprintln(w, "\nmetadata")
	t := table.New(table.Column{}, table.Column{Shrink: 1, Min: 20})
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		t.Row(oneLine(key), oneLine(metadata[key]))
	}
	w.table(t)
}

// maxLine is the longest text that oneLine gives whole, in bytes.
const maxLine = 200

// oneLine is the text of a file as a terminal may show it: without control characters, and
// of a long one the beginning.
func oneLine(s string) string {
	more := len(s) > maxLine
	if more {
		s = s[:maxLine]
	}
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` {
		s = quoted
	}
	if more {
		s += "…"
	}
	return s
}
