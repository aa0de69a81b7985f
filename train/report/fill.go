package report

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// fill writes a paragraph, broken between words to keep to the page's width. Its lines after
// the first are indented by two more spaces. Texts among the arguments, which may be of a file,
// are made printable, as those in cells of tables are.
func (p *Page) fill(format string, args ...any) {
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = table.Printable(text)
		}
	}
	text := fmt.Sprintf(format, args...)
	p.wrap(text, len(text)-len(strings.TrimLeft(text, " "))+2)
}

// wrap writes a paragraph whose lines after the first are indented by a number of spaces.
func (p *Page) wrap(text string, spaces int) {
	words := strings.TrimLeft(text, " ")
	line, indent := text[:len(text)-len(words)], strings.Repeat(" ", spaces)
	for i, word := range strings.Split(words, " ") {
		switch {
		case i == 0:
			line += word
		case p.Width > 0 && table.Width(line)+1+table.Width(word) > p.Width:
			fmt.Fprintln(p, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(p, line)
}
