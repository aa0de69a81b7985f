package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// decodeStrictly reads one JSON value. A field that v does not have is an error, because
// it would be a setting that goes unheeded.
func decodeStrictly(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return plainError(b, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("line %d: there is more after the end", line(b, d.InputOffset()))
	}
	return nil
}

// plainError says what is wrong with JSON text without the names of Go's types.
func plainError(b []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return errors.New("the file ends within the JSON text")
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %s", line(b, syntax.Offset), syntax)
	case errors.As(err, &kind):
		field := strings.TrimPrefix(kind.Field, "Settings.") // an embedded struct has a name
		if field == "" {
			field = "the file"
		}
		return fmt.Errorf("line %d: %s cannot be a JSON %s", line(b, kind.Offset), field, kind.Value)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// line is the number of the line with the byte before the offset.
func line(b []byte, offset int64) int {
	return 1 + bytes.Count(b[:min(max(offset-1, 0), int64(len(b)))], []byte("\n"))
}

// checkSchema is an error if a file, whatever else is in it, says that it has a form that
// this program does not know.
func checkSchema(b []byte) error {
	var head struct {
		Schema *json.Number `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Schema == nil {
		return nil // from before there were versions, or broken: decodeStrictly says how
	}
	v, err := head.Schema.Int64()
	switch {
	case err != nil || v < 1:
		return fmt.Errorf("schema is %s, need a whole number from 1", *head.Schema)
	case v > schema:
		return fmt.Errorf("the file has schema %d, this gonn reads up to %d; use the gonn that wrote it or a newer one", v, schema)
	}
	return nil
}
