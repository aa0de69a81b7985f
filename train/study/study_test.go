package study

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// tiny is enough to run every line, not for figures.
var tiny = Scale{
	Name: "tiny", Limit: 40, Epochs: 1, Seeds: 2, SweepSeeds: 2, Starts: 2, SmallEpochs: 2, SmallLimit: 60,
	Landscapes: 2, Samples: 32, Directions: 2, Products: 2, Grid: 3,
}

// Every claim comes to a finding that a page can show, and measuring it again takes what is kept.
func TestClaims(t *testing.T) {
	l := NewLab(filepath.Join(t.TempDir(), "study"), tiny)
	for _, c := range Claims {
		f, err := l.Measure(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		checkFinding(t, f)
		l2 := NewLab(l.Dir, tiny)
		l2.open = nil // would panic if anything were measured
		again, err := l2.Measure(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		if again.Because != f.Because || !reflect.DeepEqual(again.Tables, f.Tables) || !again.Made.Ended.Equal(f.Made.Ended) || again.Made.Seconds != f.Made.Seconds {
			t.Errorf("%s: kept it is %q, measured %q", c.Name, again.Because, f.Because)
		}
	}
}

func checkFinding(t *testing.T, f *Finding) {
	t.Helper()
	name := f.Claim.Name
	if f.Verdict == "" || f.Because == "" || len(f.Tables) == 0 || len(f.Figures) == 0 || f.Claim.Says == "" || f.Claim.How == "" || f.Claim.Cost(tiny) <= 0 {
		t.Errorf("%s: something is missing: %+v", name, f)
	}
	if strings.Contains(f.Because, "%!") || strings.Contains(f.Claim.How, "%!") {
		t.Errorf("%s: %s %s", name, f.Because, f.Claim.How)
	}
	if want := "gonn report study --claim " + name; f.Commands[0] != want {
		t.Errorf("%s: command %q, want %q", name, f.Commands[0], want)
	}
	for _, table := range f.Tables {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s, table %q: %d cells in %d columns: %q", name, table.Title, len(row), len(table.Columns), row)
			}
		}
		if len(table.Rows) == 0 {
			t.Errorf("%s, table %q is empty", name, table.Title)
		}
	}
	for _, p := range f.Figures {
		if _, err := p.SVG(plot.Light); err != nil || p.Alt == "" {
			t.Errorf("%s, figure %q (%q): %v", name, p.Title, p.Alt, err)
		}
	}
}

// A measurement that is stopped, wherever, and goes on gives the same numbers as one in one go.
func TestStoppedAndResumed(t *testing.T) {
	whole, err := NewLab(t.TempDir(), tiny).Measure(context.Background(), sharpness)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for stops := 0; ; stops++ {
		l := NewLab(dir, tiny)
		ctx, cancel := context.WithCancel(context.Background())
		l.Step = func(_ string, done, _ int) {
			if done == stops {
				cancel()
			}
		}
		f, err := l.Measure(ctx, sharpness)
		cancel()
		if errors.Is(err, context.Canceled) && stops < 10 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if stops < 2 || !reflect.DeepEqual(f.Numbers, whole.Numbers) {
			t.Errorf("stopped %d times: %+v, in one go %+v", stops, f.Numbers, whole.Numbers)
		}
		return
	}
}

func TestKeep(t *testing.T) {
	l := NewLab(t.TempDir(), tiny)
	measured := 0
	decode := func(b []byte) (n int, err error) { return n, json.Unmarshal(b, &n) }
	take := func(of any) (int, error) {
		n, _, err := keep(l, "n", of, decode, func() (int, error) { measured++; return measured, nil })
		return n, err
	}
	path := filepath.Join(l.Dir, "findings", "n.json")
	for _, c := range []struct {
		name  string
		of    any
		again bool
		want  int
	}{
		{"measured", "a", false, 1},
		{"kept", "a", false, 1},
		{"of something else", "b", false, 2},
		{"of what it was", "a", false, 3},
		{"again", "a", true, 4},
		{"kept again", "a", false, 4},
	} {
		l.Again = c.again
		if n, err := take(c.of); err != nil || n != c.want {
			t.Errorf("%s: %d, %v; want %d", c.name, n, err, c.want)
		}
	}
	for _, text := range []string{"", "{", `{"schema":1,"of":"a","numbers":"no number"}`} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if n, err := take("a"); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if err := os.WriteFile(path, []byte(`{"schema":0,"of":"a","numbers":7}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if n, err := take("a"); err != nil || n != 5 {
		t.Errorf("of another schema: %d, %v", n, err)
	}
}

func TestFind(t *testing.T) {
	if list, err := Find(); err != nil || len(list) != len(Claims) {
		t.Errorf("all: %d, %v", len(list), err)
	}
	if list, err := Find("table", "symmetry", "table"); err != nil || len(list) != 2 || list[0] != published {
		t.Errorf("two: %v, %v", list, err)
	}
	if _, err := Find("symetry"); err == nil || !strings.Contains(err.Error(), `"symetry"`) {
		t.Errorf("misspelled: %v", err)
	}
	seen := map[string]bool{}
	for _, name := range Names() {
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
	}
}

// Findings that no measurement has written are damaged, whatever is wrong with them.
func TestStrangeFindings(t *testing.T) {
	l := NewLab(t.TempDir(), Quick)
	of, err := json.Marshal(l.Scale)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Claims {
		for text, says := range map[string]string{
			`{"schema": 1, "of": ` + string(of) + `, "numbers": {}}`: "is damaged",
			`{"schema": 9, "of": ` + string(of) + `, "numbers": {}}`: "was written by a newer gonn",
			"{": "is damaged",
		} {
			path := l.keptPath(c.Name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Measure(t.Context(), c); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
				t.Errorf("%s, %.30s: %v, want %q", c.Name, text, err, says)
			}
		}
	}
}
