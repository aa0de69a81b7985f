package data

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ClassNames are the names of a set's classes in the order of their labels; nil
// if they are not known.
type ClassNames []string

// NewClassNames checks names for a number of classes: one for each, all of them
// different, each printable. It keeps them in Unicode's form NFC, in which two names are
// the same if they are in one of its forms.
func NewClassNames(names []string, classes int) (ClassNames, error) {
	if len(names) != classes {
		return nil, fmt.Errorf("%d class names for %d classes; need one for each", len(names), classes)
	}
	seen := map[string]int{}
	composed := make(ClassNames, len(names))
	for i, name := range names {
		name = nfc(name)
		before, twice := seen[name]
		switch {
		case name == "" || strings.TrimSpace(name) != name:
			return nil, fmt.Errorf("class %d is named %q; need a name without spaces at its ends", i, name)
		case len(name) > MaxName:
			return nil, fmt.Errorf("class %d has a name of %d bytes; the longest that is read is %d", i, len(name), MaxName)
		case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
			return nil, fmt.Errorf("class %d is named %q; need a printable name", i, name)
		case twice:
			return nil, fmt.Errorf("classes %d and %d are both named %q; need different names", before, i, name)
		}
		seen[name], composed[i] = i, name
	}
	return composed, nil
}

// ParseClassNames reads what String wrote, for a number of classes; "" is no
// names. A backslash before anything but a comma or a backslash stands for itself.
func ParseClassNames(list string, classes int) (ClassNames, error) {
	if list == "" {
		return nil, nil
	}
	var names []string
	var name []byte
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == ',':
			names, name = append(names, string(name)), nil
			continue
		case c == '\\' && i+1 < len(list) && (list[i+1] == ',' || list[i+1] == '\\'):
			i++
		}
		name = append(name, list[i])
	}
	return NewClassNames(append(names, string(name)), classes)
}

// String is the names in one line, as a model's metadata holds them, with commas
// between them. A comma or backslash in a name has a backslash before it.
func (n ClassNames) String() string {
	escaped := make([]string, len(n))
	for i, name := range n {
		escaped[i] = strings.NewReplacer(`\`, `\\`, ",", `\,`).Replace(name)
	}
	return strings.Join(escaped, ",")
}

// Of is the name of a class, or its number if it has none.
func (n ClassNames) Of(class int) string {
	if class < 0 || class >= len(n) {
		return strconv.Itoa(class)
	}
	return n[class]
}

// readClassNames reads a text file of one name a line; empty lines at its end do
// not count.
func readClassNames(path string) ([]string, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > maxNames {
		return nil, fmt.Errorf("%s: %d bytes; the longest list of class names that is read has %d", path, size, maxNames)
	}
	var names []string
	lines := bufio.NewScanner(io.LimitReader(f, maxNames))
	for lines.Scan() {
		if len(names) == MaxClasses {
			return nil, fmt.Errorf("%s: more than %d lines, the most class names that are read", path, MaxClasses)
		}
		line := strings.TrimSuffix(lines.Text(), "\r")
		if len(names) == 0 {
			line = strings.TrimPrefix(line, "\ufeff") // of Windows's editors
		}
		names = append(names, line)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	return names, nil
}
