// Package strictjson decodes JSON files that come from strangers.
//
// What encoding/json passes over is refused: members that the type does not have or that
// differ in case, members that are there twice, null for a number, text or object, arrays
// of another length than the type's, text that is not UTF-8, and more after the end. The
// memory that a value takes is counted before it is taken, so that a text of small parts
// cannot ask for many times its size.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Limits on what is decoded.
const (
	// MaxNesting is how deep objects and arrays may stand inside each other.
	MaxNesting = 16
	// A value may take heapPerByte bytes of memory for each byte of its text, plus
	// heapBase, by the estimates of charge.
	heapPerByte = 1
	heapBase    = 24 << 20
)

// Decode reads one JSON value into v, a pointer. Errors name the line and the field.
func Decode(b []byte, v any) error {
	if err := check(b); err != nil {
		return err
	}
	w := &walker{b: b, heap: heapPerByte*int64(len(b)) + heapBase}
	if err := w.value(reflect.TypeOf(v).Elem(), place{}); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return plain(b, err)
	}
	return nil
}

// Members gives the members of an object in the order of the text, each with its name and
// the text of its value, a part of b.
func Members(b []byte) (iter.Seq2[string, []byte], error) {
	if err := check(b); err != nil {
		return nil, err
	}
	return MembersOfValid(b)
}

// MembersOfValid is Members for a text that is known to be JSON, as UnmarshalJSON gets it.
func MembersOfValid(b []byte) (iter.Seq2[string, []byte], error) {
	w := &walker{b: b}
	if w.next() != '{' {
		return nil, fmt.Errorf("line %d: the file cannot be a JSON %s", w.line(), w.kind())
	}
	return func(yield func(string, []byte) bool) {
		w := &walker{b: b}
		for w.open('{'); w.more('}'); {
			name := unquote(w.text())
			w.pass(':')
			w.next()
			from := w.at
			w.skip()
			if !yield(name, b[from:w.at:w.at]) {
				return
			}
		}
	}, nil
}

// ignored takes any value without keeping it.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// check holds a text to JSON's grammar, to UTF-8 and to MaxNesting.
func check(b []byte) error {
	if !json.Valid(b) {
		return plain(b, json.Unmarshal(b, new(ignored))) // which says where
	}
	if !utf8.Valid(b) {
		return errors.New("the text is not UTF-8")
	}
	depth, w := 0, &walker{b: b}
	for w.at < len(b) {
		switch b[w.at] {
		case '"':
			w.text()
			continue
		case '{', '[':
			if depth++; depth > MaxNesting {
				return fmt.Errorf("line %d: brackets stand more than %d deep inside each other", w.line(), MaxNesting)
			}
		case '}', ']':
			depth--
		}
		w.at++
	}
	return nil
}

// plain says what is wrong with JSON text.
func plain(b []byte, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return errors.New("the file ends within the JSON text")
	case errors.As(err, &syntax) && strings.HasSuffix(syntax.Error(), "after top-level value"):
		return fmt.Errorf("line %d: there is more after the end", line(b, syntax.Offset))
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %s", line(b, syntax.Offset), syntax)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// line is the number of the line with the byte before the offset.
func line(b []byte, offset int64) int {
	return 1 + bytes.Count(b[:min(max(offset-1, 0), int64(len(b)))], []byte("\n"))
}
