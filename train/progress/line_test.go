package progress

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A line is drawn once work takes long, at most ten times a second, and cleared in the end.
func TestLineIsGoneInTheEnd(t *testing.T) {
	var b bytes.Buffer
	now := time.Unix(0, 0)
	l := &Line{w: &b, columns: func() int { return 20 }, began: now, now: func() time.Time { return now }}
	l.Clear()
	for range 200 {
		now = now.Add(10 * time.Millisecond)
		l.Show("layer a\nb" + strings.Repeat("x", 50))
	}
	l.Clear()
	l.Clear()
	drawn := strings.Split(b.String(), clearLine)
	if len(drawn) < 10 || len(drawn) > 20 || drawn[0] != "" || drawn[len(drawn)-1] != "" {
		t.Fatalf("%d times: %q", len(drawn)-2, drawn)
	}
	for _, text := range drawn[1 : len(drawn)-1] {
		if text != "layer a\ufffdbxxxxxxx" {
			t.Errorf("drawn %q", text)
		}
	}
}

func TestNoLineInFiles(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := NewLine(f)
	l.began = time.Time{}
	l.Show("layer a")
	l.Clear()
	if s, err := f.Stat(); err != nil || s.Size() != 0 {
		t.Errorf("%d bytes, %v", s.Size(), err)
	}
}
