package report

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// fill writes a paragraph, broken between words to keep to the page's width. Its lines after
// the first are indented.
func (p *Page) fill(format string, args ...any) {
	const indent = "  "
	line := ""
	for _, word := range strings.Split(fmt.Sprintf(format, args...), " ") {
		switch {
		case line == "":
			line = word
		case p.Width > 0 && table.Width(line)+1+table.Width(word) > p.Width:
			fmt.Fprintln(p, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(p, line)
}
