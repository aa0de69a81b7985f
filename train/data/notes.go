package data

import (
	"fmt"
	"path/filepath"
	"strings"
)

// maxNamed is how many files a note names.
const maxNamed = 5

// passedOver counts files that are not used, and keeps the first names.
type passedOver struct {
	dir   string // names are relative to it
	names []string
	n     int
}

func (p *passedOver) add(path, why string) {
	if p.n++; len(p.names) == maxNamed {
		return
	}
	if rel, err := filepath.Rel(p.dir, path); err == nil {
		path = filepath.ToSlash(rel)
	}
	if why != "" {
		path += " (" + why + ")"
	}
	p.names = append(p.names, path)
}

// notes is one note on the files, or none if there are no files.
func (p *passedOver) notes(one, many string) []string {
	if p.n == 0 {
		return nil
	}
	what := "1 " + one
	if p.n > 1 {
		what = fmt.Sprintf("%d %s", p.n, many)
	}
	names := strings.Join(p.names, ", ")
	if more := p.n - len(p.names); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return []string{fmt.Sprintf("passed over %s: %s", what, names)}
}
