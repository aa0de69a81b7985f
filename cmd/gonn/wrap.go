package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

// runningText is the indent of paragraphs on a help page.
const runningText = 3

// helpWidth is the width that help pages keep to, in columns.
const helpWidth = 80

func init() {
	cli.HelpPrinter = func(w io.Writer, template string, data any) {
		var b bytes.Buffer
		cli.HelpPrinterCustom(&b, template, data, nil)
		page := strings.ReplaceAll(b.String(), " (default: false)", "")
		for _, line := range paragraphs(page) {
			fmt.Fprintln(w, wrap(line, helpWidth))
		}
	}
}

// paragraphs are the lines of a page, of which those that follow one another with the indent
// of running text are one.
func paragraphs(page string) (lines []string) {
	runs := func(line string) bool {
		text := strings.TrimLeft(line, " ")
		return len(line)-len(text) == runningText && !strings.HasPrefix(text, "-") && !strings.Contains(text, "  ")
	}
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, " \n")
		last := len(lines) - 1
		if last >= 0 && runs(line) && runs(lines[last]) && len(lines[last]) > 60 {
			lines[last] += " " + strings.TrimSpace(line)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// wrap breaks a line between words to keep to a width. What follows a gap of two spaces or
// more, as in a list of names and what they mean, stays in its column.
func wrap(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	indent := hangingIndent(line)
	var b strings.Builder
	column := 0
	for i, word := range strings.SplitAfter(line, " ") {
		n := utf8.RuneCountInString(strings.TrimRight(word, " "))
		if i > 0 && n > 0 && column > indent && column+n > width {
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		}
		b.WriteString(word)
		column += utf8.RuneCountInString(word)
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// hangingIndent is the column that the lines after the first one begin in: that of the text
// behind a gap, else a little right of where the line begins.
func hangingIndent(line string) int {
	text := strings.TrimLeft(line, " ")
	start := len(line) - len(text)
	if gap := strings.LastIndex(text, "  "); gap >= 0 {
		if column := start + utf8.RuneCountInString(text[:gap+2]); column <= helpWidth*2/3 {
			return column
		}
	}
	if start == runningText {
		return start
	}
	return start + 2
}
