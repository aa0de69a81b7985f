package data

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestClassNamesAreCheckedAndSpelled(t *testing.T) {
	n := must(NewClassNames([]string{"cat", "T-shirt/top", "Ankle boot"}, 3))(t)
	if n.String() != "cat,T-shirt/top,Ankle boot" || n.Of(2) != "Ankle boot" || ClassNames(nil).Of(2) != "2" {
		t.Errorf("%q, %q, %q", n, n.Of(2), ClassNames(nil).Of(2))
	}
	if again := must(ParseClassNames(n.String(), 3))(t); !slices.Equal(again, n) {
		t.Errorf("read back as %q", again)
	}
	odd := must(NewClassNames([]string{"a,b", `a\`, `\,`, `c:\dogs`, "Zürich 北京", ","}, 6))(t)
	if again := must(ParseClassNames(odd.String(), 6))(t); !slices.Equal(again, odd) {
		t.Errorf("%q read back as %q", odd, again)
	}
	if old := must(ParseClassNames(`c:\dogs,b`, 2))(t); !slices.Equal(old, ClassNames{`c:\dogs`, "b"}) {
		t.Errorf("a backslash that escapes nothing: %q", old)
	}
	if none, err := ParseClassNames("", 3); none != nil || err != nil {
		t.Errorf("%q, %v", none, err)
	}
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{[]string{"a", "b"}, "2 class names for 3 classes"},
		{[]string{"a", "b", ""}, `class 2 is named ""`},
		{[]string{"a", " b", "c"}, `class 1 is named " b"`},
		{[]string{"a", "b\nc", "d"}, "need a printable name"},
		{[]string{"a", "\xff", "d"}, "need a printable name"},
		{[]string{"a", "b", "a"}, `classes 0 and 2 are both named "a"`},
		{[]string{"\u00e9", "b", "e\u0301"}, `classes 0 and 2 are both named "é"`},
		{[]string{"a", "b", strings.Repeat("c", MaxName+1)}, "a name of 4097 bytes"},
	} {
		_, err := NewClassNames(tt.names, 3)
		wantError(t, err, tt.want)
	}
}

func TestReadClassNames(t *testing.T) {
	dir := writeFiles(t, map[string][]byte{
		"unix": []byte("a\nb c\n\n"), "windows": []byte("a\r\nb c\r\n"), "cut": []byte("a\nb c"), "empty": nil,
		"long": bytes.Repeat([]byte("a\n"), maxNames), "one long line": bytes.Repeat([]byte("a"), 1<<17),
	})
	for _, name := range []string{"unix", "windows", "cut"} {
		if got := must(readClassNames(filepath.Join(dir, name)))(t); !slices.Equal(got, []string{"a", "b c"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := must(readClassNames(filepath.Join(dir, "empty")))(t); len(got) != 0 {
		t.Errorf("%q", got)
	}
	for name, want := range map[string]string{"long": "the longest list", "one long line": "too long", "absent": "absent"} {
		_, err := readClassNames(filepath.Join(dir, name))
		wantError(t, err, filepath.Join(dir, name), want)
	}
}
