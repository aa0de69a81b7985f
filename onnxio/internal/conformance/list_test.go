package conformance

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const sample = `reason: Strings are not evaluated.
error: operator StringConcat
error: operator StringSplit
node/test_string_*
but: node/*_expanded

reason: Random.
error: is random
node/test_dropout
node/test_none
`

func TestJudge(t *testing.T) {
	l, err := parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	unknown := errors.New("node 3: operator StringSplit is not known\nmore")
	for _, c := range []struct {
		id   string
		err  error
		want string // part of the complaint, "" for none
	}{
		{"node/test_add", nil, ""},
		{"node/test_add", unknown, "node 3: operator StringSplit is not known …"},
		{"node/test_string_split", unknown, ""},
		{"node/test_string_split", nil, "it passes, but is listed as unsupported: Strings"},
		{"node/test_string_split", errors.New("output differs"), "not as listed (Strings are not evaluated.): output differs"},
		{"node/test_string_split_expanded", nil, ""},
		{"node/test_dropout", errors.New("it is random"), ""},
	} {
		got := l.judge(c.id, c.err)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s with %v: %q, want %q", c.id, c.err, got, c.want)
		}
	}
	if got := l.unused(); !slices.Equal(got, []string{"operator StringConcat", "node/test_none"}) {
		t.Errorf("unused are %q", got)
	}
}

// Where few cases pass, every other one fails for one of several reasons.
func TestPasses(t *testing.T) {
	l, err := parse("passes: node/test_relu\npasses: node/test_add*\n\nreason: Not trainable.\nerror: no layer\nnode/*\n\nreason: Types.\nerror: is not read\nnode/*\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id   string
		err  error
		want string
	}{
		{"node/test_relu", nil, ""},
		{"node/test_relu", errors.New("no layer"), "no layer"},
		{"node/test_cos", errors.New("Cos has no layer"), ""},
		{"node/test_cast", errors.New("INT4 is not read"), ""},
		{"node/test_tan", errors.New("output differs"), "not as listed"},
		{"node/test_sin", nil, "it passes, but is listed"},
	} {
		got := l.judge(c.id, c.err)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s with %v: %q, want %q", c.id, c.err, got, c.want)
		}
	}
	if got := l.unused(); !slices.Equal(got, []string{"node/test_add*"}) {
		t.Errorf("unused are %q", got)
	}
}

func TestBadLists(t *testing.T) {
	for _, text := range []string{
		"",
		"reason: x\nnode/a",
		"error: x\nnode/a",
		"reason: x\nerror: y",
		"reason: x\nerror: y\nnode",
		"reason: x\nerror: y\nnode/[",
		"reason: x\nerror: y\nnode/a\nbut: [",
		"passes: node",
		"passes: node/a\nnode/b",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
