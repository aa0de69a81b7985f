package progress

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A line is drawn once work takes long, at most ten times a second, always says what is being
// done in the end, and is cleared.
func TestLineIsGoneInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		l := NewLine(&b)
		l.columns = func() int { return 20 }
		l.Show("quick")
		l.Clear()
		time.Sleep(time.Second)
		if b.Len() != 0 {
			t.Errorf("of quick work %q is shown", b.String())
		}
		for range 200 {
			l.Show("layer a\nb" + strings.Repeat("x", 50))
			time.Sleep(10 * time.Millisecond)
		}
		l.Show("plan")
		time.Sleep(time.Second)
		l.Clear()
		l.Clear()
		drawn := strings.Split(b.String(), clearLine)
		if len(drawn) < 20 || len(drawn) > 24 || drawn[0] != "" || drawn[len(drawn)-1] != "" || drawn[len(drawn)-2] != "plan" {
			t.Fatalf("%d times: %q", len(drawn)-2, drawn)
		}
		for _, text := range drawn[1 : len(drawn)-2] {
			if text != "layer a\ufffdbxxxxxxx" {
				t.Errorf("drawn %q", text)
			}
		}
	})
}

func TestNoLineInFiles(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := NewLine(f)
	l.next = time.Time{}
	l.Show("layer a")
	l.Clear()
	if s, err := f.Stat(); err != nil || s.Size() != 0 {
		t.Errorf("%d bytes, %v", s.Size(), err)
	}
}
