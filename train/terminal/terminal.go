// Package terminal knows what can be drawn where output goes.
package terminal

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// DefaultColumns is the width of output that goes to no terminal.
const DefaultColumns = 80

// Size is the number of columns of the terminal that w is, or what it wraps. ok is false if
// it is none, or one that does not know its size.
func Size(w io.Writer) (columns int, ok bool) {
	if wrapper, ok := w.(interface{ Unwrap() io.Writer }); ok {
		return Size(wrapper.Unwrap())
	}
	f, isFile := w.(*os.File)
	if !isFile {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	return columns, err == nil && columns > 0
}

// Columns is the width that tables on w should fit: that of the terminal, or where w is none
// what the environment says in COLUMNS, or DefaultColumns.
func Columns(w io.Writer) int {
	if n, ok := Size(w); ok {
		return n
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return DefaultColumns
}

// Dumb reports whether the environment says that the terminal can neither move its cursor
// nor draw more than letters: TERM=dumb, as in Emacs's shell.
func Dumb() bool { return os.Getenv("TERM") == "dumb" }

// Plain reports whether the environment asks for text without colours and without lines
// that change in place: a dumb terminal, or NO_COLOR, which counts if it is not empty
// (https://no-color.org).
func Plain() bool { return Dumb() || os.Getenv("NO_COLOR") != "" }
