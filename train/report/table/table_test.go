package table

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func text(t *testing.T, tab *Table, width int) string {
	t.Helper()
	var b strings.Builder
	if err := tab.Write(&b, width); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func Example() {
	t := New(Column{Title: "class", Shrink: 1, Min: 6}, Column{Title: "samples", Right: true}, Column{Title: "values", Drop: 2})
	t.Row("airplane", "1000", "|▁▂▃▄|")
	t.Row("犬", "50", "|█  ▁|")
	for _, width := range []int{0, 24, 15} {
		t.Write(os.Stdout, width)
		fmt.Println(t.Dropped(width))
	}
	// Output:
	// class     samples  values
	// airplane     1000  |▁▂▃▄|
	// 犬             50  |█  ▁|
	// []
	// class    samples  values
	// airpla…     1000  |▁▂▃▄|
	// 犬            50  |█  ▁|
	// []
	// class   samples
	// airpl…     1000
	// 犬           50
	// [values]
}

// Letters that take two cells, or none, leave columns aligned.
func TestWideLettersAlign(t *testing.T) {
	names := []string{"cat", "猫", "고양이", "ネコ", "ﾈｺ", "e\u0301te\u0301", "été", "👩‍👩‍👧", "🇩🇪", "Ａ", "", "ж"}
	tab := New(Column{Title: "名前", Right: false}, Column{Title: "n", Right: true}, Column{})
	for i, name := range names {
		tab.Row(name, fmt.Sprint(i*i), "|")
	}
	for line := range strings.Lines(text(t, tab, 0)) {
		line = strings.TrimSuffix(line, "\n")
		before, _, found := strings.Cut(line, "|")
		if found && Width(before) != 6+2+3+2 {
			t.Errorf("the third column begins at cell %d of %q", Width(before), line)
		}
	}
}

func TestWidths(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "猫": 2, "고양이": 6, "ﾈｺ": 2, "e\u0301": 1, "👩‍👩‍👧": 2, "🇩🇪": 2, "▁▂█": 3, "…": 1} {
		if got := Width(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"abcdef", 1, "…"}, {"abcdef", 0, ""}, {"abcdef", -1, ""},
		{"ab cdef", 4, "ab…"},
		{"猫猫猫", 5, "猫猫…"}, {"猫猫猫", 4, "猫…"}, {"猫猫", 2, "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"}, {"a👩‍👩‍👧b", 3, "a…"}, {"a👩‍👩‍👧bc", 4, "a👩‍👩‍👧…"},
	} {
		got := Shorten(c.text, c.width)
		if got != c.want || Width(got) > max(c.width, 0) {
			t.Errorf("%q to %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// many is a table as inspect prints one, with a histogram that goes last.
func many() *Table {
	t := New(Column{Title: "layer", Shrink: 1}, Column{Title: "kind", Shrink: 2, Min: 6}, Column{Title: "shape"},
		Column{Title: "mean", Right: true}, Column{Title: "std", Right: true, Drop: 4}, Column{Title: "min", Right: true, Drop: 3},
		Column{Title: "max", Right: true, Drop: 3}, Column{Title: "values", Shrink: 5, Min: 10, Drop: 6})
	t.Row("features.0.block.activation", "prelu:channel", "(8, 1, 1)", "0.1250", "0.5000", "-1.0000", "3.0000", "|▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█|")
	t.Row("特徴.層.活性化関数", "swish-beta", "(16, 1, 1)", "-0.1250", "0.0100", "-0.2000", "0.1000", "|▁              ▁|")
	return t
}

func TestManyColumnsFitAnyWidth(t *testing.T) {
	full := Width(strings.SplitN(text(t, many(), 0), "\n", 3)[1])
	least := 8 + 2 + 6 + 2 + 10 + 2 + 7 // layer, kind, shape, mean
	for width := least; width <= full; width++ {
		lines := strings.Split(strings.TrimSuffix(text(t, many(), width), "\n"), "\n")
		if len(lines) != 3 {
			t.Fatalf("%d lines", len(lines))
		}
		for _, line := range lines {
			if n := Width(line); n > width {
				t.Errorf("%d cells for a width of %d: %q", n, width, line)
			}
			if strings.HasSuffix(line, " ") {
				t.Errorf("spaces at the end of %q", line)
			}
		}
		if widest := max(Width(lines[1]), Width(lines[2])); widest < width-20 && width < full {
			t.Errorf("only %d of %d cells are used: the columns give more than they must", widest, width)
		}
	}
	for width, want := range map[int]string{full: "[]", 82: "[]", 81: "[min]", 73: "[min]", 72: "[min max]", least + 8: "[std min max values]", 10: "[std min max values]"} {
		if got := fmt.Sprint(many().Dropped(width)); got != want {
			t.Errorf("at width %d %s are dropped, want %s", width, got, want)
		}
	}
	if got := text(t, many(), 1); strings.Count(got, "\n") != 3 || !strings.Contains(got, "(16, 1, 1)  -0.1250") {
		t.Errorf("where nothing more may give way the table is\n%s", got)
	}
}

// What is shortened first gets back what a dropped column leaves.
func TestRoomIsGivenBack(t *testing.T) {
	tab := New(Column{Shrink: 1, Min: 2}, Column{Drop: 2})
	tab.Row("abcdefghij", strings.Repeat("x", 20))
	if got := text(t, tab, 12); got != "abcdefghij\n" {
		t.Errorf("got %q", got)
	}
}

func TestCellsNeverSpoilTheTable(t *testing.T) {
	tab := New(Column{}, Column{Right: true})
	tab.Row("a\nb\x1b[2J\t\u202e", "1")
	tab.Row("bad\xffbyte")
	got := text(t, tab, 0)
	if want := `a\nb\x1b[2J\t\u202e  1` + "\nbad\ufffdbyte\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	tab.Row("a", "b", "c")
	if err := tab.Write(&strings.Builder{}, 0); err == nil || !strings.Contains(err.Error(), "row 3 has 3 cells for 2 columns") {
		t.Errorf("a row with too many cells: error %v", err)
	}
	if got := text(t, New(), 5); got != "" {
		t.Errorf("no columns: %q", got)
	}
	if err := many().Write(broken{}, 80); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a writer that fails: error %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }
