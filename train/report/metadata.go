package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"
)

// printMetadata prints what a run or a file tells of its making.
func printMetadata(w io.Writer, metadata map[string]string) {
	if len(metadata) == 0 {
		return
	}
	fmt.Fprintln(w, "\nmetadata")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		fmt.Fprintf(t, "%s\t%s\n", oneLine(key), oneLine(metadata[key]))
	}
	t.Flush()
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
