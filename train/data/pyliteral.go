package data

import (
	"fmt"
	"strconv"
	"strings"
)

// pyTuple and pyList are the sequences of a Python literal. The other values are
// string, int64, bool, nil for None, and map[string]any for a dict, whose keys are
// strings.
type (
	pyTuple []any
	pyList  []any
)

// parseLiteral reads a Python literal, as ast.literal_eval does, of the kinds that
// headers of .npy files are made of: dicts with keys of text, tuples, lists, text
// without escapes, integers, True, False and None. Python 2's long integers, 2L, are
// read too.
func parseLiteral(text string) (any, error) {
	p := &pyParser{rest: text}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, fmt.Errorf("%.20q after the end", p.rest)
	}
	return v, nil
}

type pyParser struct{ rest string }

// maxNesting bounds the brackets within brackets.
const maxNesting = 16

func (p *pyParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n\f") }

// take skips blanks and then a mark, and reports whether it was there.
func (p *pyParser) take(mark string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, mark)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *pyParser) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("brackets nested deeper than %d", maxNesting)
	}
	p.skip()
	if p.rest == "" {
		return nil, fmt.Errorf("ends early")
	}
	switch p.rest[0] {
	case '{':
		return p.dict(depth)
	case '(':
		items, comma, err := p.items("(", ")", depth)
		if err == nil && len(items) == 1 && !comma {
			return items[0], nil // brackets around a value
		}
		return pyTuple(items), err
	case '[':
		items, _, err := p.items("[", "]", depth)
		return pyList(items), err
	case '\'', '"':
		return p.text()
	}
	return p.word()
}

// items reads values between brackets, with commas between them. comma reports
// whether the last one is followed by a comma.
func (p *pyParser) items(open, end string, depth int) (items []any, comma bool, err error) {
	p.take(open)
	for !p.take(end) {
		if len(items) > 0 && !comma {
			return nil, false, fmt.Errorf("no comma before %.20q", p.rest)
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, false, err
		}
		items = append(items, v)
		comma = p.take(",")
	}
	return items, comma, nil
}

func (p *pyParser) dict(depth int) (any, error) {
	p.take("{")
	d, comma := map[string]any{}, true
	for !p.take("}") {
		if !comma {
			return nil, fmt.Errorf("no comma before %.20q", p.rest)
		}
		key, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok || !p.take(":") {
			return nil, fmt.Errorf("no key and colon before %.20q", p.rest)
		}
		if d[name], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		comma = p.take(",")
	}
	return d, nil
}

func (p *pyParser) text() (any, error) {
	quote := p.rest[:1]
	text, rest, ok := strings.Cut(p.rest[1:], quote)
	if !ok || strings.ContainsAny(text, "\\\n\r") {
		return nil, fmt.Errorf("text without an end, or with an escape: %.20q", p.rest)
	}
	p.rest = rest
	return text, nil
}

// word reads what stands without quotes: numbers and Python's constants.
func (p *pyParser) word() (any, error) {
	end := strings.IndexAny(p.rest, " \t\r\n\f,:()[]{}'\"")
	if end < 0 {
		end = len(p.rest)
	}
	w := p.rest[:end]
	p.rest = p.rest[end:]
	switch w {
	case "True":
		return true, nil
	case "False":
		return false, nil
	case "None":
		return nil, nil
	case "u":
		if strings.HasPrefix(p.rest, "'") || strings.HasPrefix(p.rest, `"`) {
			return p.text()
		}
	}
	digits := strings.TrimSuffix(w, "L")
	if len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "0") != "" {
		return nil, fmt.Errorf("a number with a leading zero: %.20q", w)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strings.HasPrefix(w, "+") {
		return nil, fmt.Errorf("neither a number nor text in quotes: %.30q", w+p.rest)
	}
	return n, nil
}
