package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	s, more := shortened(s, maxLine)
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` {
		s = quoted
	}
	return s + more
}

// maxSentence is the longest text that sentence gives whole, in bytes.
const maxSentence = 1000

// sentence is a message that may hold names of a file, as a terminal may show it: what is quoted
// in it stays as it is.
func sentence(s string) string {
	s, more := shortened(strings.ReplaceAll(s, "\n", "; "), maxSentence)
	quoted := strconv.Quote(s)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(quoted[1:len(quoted)-1]) + more
}

// shortened is the beginning of a text, in at most so many bytes, and … if there is more.
func shortened(s string, most int) (beginning, more string) {
	if len(s) <= most {
		return s, ""
	}
	for !utf8.RuneStart(s[most]) && most > 0 {
		most--
	}
	return s[:most], "…"
}

// producedText says what has written a file, as far as it tells, and the version of ONNX's operators.
func producedText(producer string, opset int64) string {
	if producer == "" {
		return fmt.Sprintf("opset %d", opset)
	}
	return fmt.Sprintf("%s, opset %d", oneLine(producer), opset)
}
