package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// The table stands between these in a file.
const (
	begin = "<!-- promises begin -->"
	end   = "<!-- promises end -->"
)

// render writes the table. A promise without a figure is an error, and so is a figure of
// none.
func render(measured map[string][]figure) (string, error) {
	var b strings.Builder
	var errs []error
	group := ""
	for _, p := range promises {
		if p.group != group {
			group = p.group
			fmt.Fprintf(&b, "\n### %s\n\n| | promise | measured | by |\n|---|---|---|---|\n", group)
		}
		figures := measured[p.id]
		if len(figures) == 0 {
			errs = append(errs, fmt.Errorf("no test gives a figure for %s: %s", p.id, p.text))
		}
		slices.SortFunc(figures, func(a, b figure) int { return strings.Compare(a.by+a.text, b.by+b.text) })
		var texts, tests []string
		for _, f := range figures {
			texts = append(texts, escape(f.text))
			tests = append(tests, "`"+f.by+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.id, escape(p.text), strings.Join(texts, separator), strings.Join(tests, separator))
	}
	for id := range measured {
		if !slices.ContainsFunc(promises, func(p promise) bool { return p.id == id }) {
			errs = append(errs, fmt.Errorf("%s has a figure, but is no promise", id))
		}
	}
	return b.String(), errors.Join(errs...)
}

// separator stands between the figures of a cell.
const separator = "<br>"

// escape keeps a text in its cell.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(text)
}

var unescape = strings.NewReplacer(`\|`, "|", "&lt;", "<")

// row is one of the table.
var row = regexp.MustCompile(`^\| ([A-Z][0-9]{1,2}) \| .* \| (.*) \| (.*) \|$`)

// readTable reads the figures of the table in a file.
func readTable(path string) (map[string][]figure, error) {
	text, err := fileContent(path)
	if err != nil {
		return nil, err
	}
	table := map[string][]figure{}
	for line := range strings.Lines(text) {
		m := row.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || m[2] == "" {
			continue
		}
		texts, tests := strings.Split(m[2], separator), strings.Split(m[3], separator)
		if len(texts) != len(tests) {
			return nil, fmt.Errorf("%s: %s has %d figures by %d tests", path, m[1], len(texts), len(tests))
		}
		for i := range texts {
			table[m[1]] = append(table[m[1]], figure{unescape.Replace(texts[i]), strings.Trim(tests[i], "`")})
		}
	}
	return table, nil
}

// replaceTable puts a table into a file.
func replaceTable(path, table string) error {
	text, err := fileContent(path)
	if err != nil {
		return err
	}
	from, to := strings.Index(text, begin), strings.Index(text, end)
	if from < 0 || to < from {
		return fmt.Errorf("%s has no lines %q and %q", path, begin, end)
	}
	text = text[:from+len(begin)] + "\n" + table + "\n" + text[to:]
	return os.WriteFile(path, []byte(text), 0o644)
}
