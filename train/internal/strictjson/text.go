package strictjson

import (
	"bytes"
	"encoding/json"
)

// next is the first byte of what comes next, behind blanks; 0 at the end.
func (w *walker) next() byte {
	for ; w.at < len(w.b); w.at++ {
		switch c := w.b[w.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// pass passes over a mark, and blanks in front of it.
func (w *walker) pass(mark byte) {
	if w.next() == mark {
		w.at++
	}
}

func (w *walker) open(bracket byte) { w.pass(bracket) }

// more reports whether there is one more part before the bracket, which it passes over
// if there is none.
func (w *walker) more(bracket byte) bool {
	w.pass(',')
	if c := w.next(); c == bracket || c == 0 {
		w.at++
		return false
	}
	return true
}

// text passes over a string and gives it with its quotes.
func (w *walker) text() []byte {
	w.next()
	from := w.at
	for w.at++; w.at < len(w.b); w.at++ {
		switch w.b[w.at] {
		case '\\':
			w.at++
		case '"':
			w.at++
			return w.b[from:w.at]
		}
	}
	return w.b[from:]
}

// unquote is what a string says.
func unquote(text []byte) (s string) {
	if !bytes.ContainsRune(text, '\\') {
		return string(text[1 : len(text)-1])
	}
	json.Unmarshal(text, &s) // a string, for the whole text has been checked
	return s
}

// skip passes over a value.
func (w *walker) skip() {
	for depth := 0; ; {
		switch w.next() {
		case 0:
			return
		case '"':
			w.text()
		case '{', '[':
			depth++
			w.at++
		case '}', ']':
			depth--
			w.at++
		case ',', ':':
			w.at++
			continue
		default: // a number or word
			for w.at < len(w.b) && !isMark(w.b[w.at]) {
				w.at++
			}
		}
		if depth == 0 {
			return
		}
	}
}

func isMark(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':', '{', '}', '[', ']', '"':
		return true
	}
	return false
}

// kind names the value that comes next.
func (w *walker) kind() string {
	switch w.next() {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// line is the line of what was last read.
func (w *walker) line() int { return line(w.b, int64(w.at)+1) }
