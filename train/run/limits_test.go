package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Files at the limits of limits.go are read, and found to be no good; those above are not.
func TestLimits(t *testing.T) {
	dir := t.TempDir()
	of := func(name string, size int64) string {
		path := filepath.Join(dir, name)
		write(t, path, "")
		if err := os.Truncate(path, size); err != nil { // a hole, no blocks on the disk
			t.Fatal(err)
		}
		return path
	}
	old := &Session{Dir: dir, record: &record{Schema: 1}}
	sealedOne := func(name string, most int64) func() error {
		r := &record{Files: map[string]sum{name: {Bytes: most + 1}}}
		return func() error { _, err := r.read(dir, name); return err }
	}
	limits := []struct {
		name string
		most int64
		read func() error
	}{
		{recordFile, maxRecord, func() error { _, err := readRecord(dir); return err }},
		{"settings.json", maxRecord, func() error { _, err := ReadSettings(filepath.Join(dir, "settings.json"), Settings{}); return err }},
		{stateFile, maxState, func() error { return old.readState() }},
		{stateFile, maxState, sealedOne(stateFile, maxState)},
		{modelFile, graph.MaxFileSize, sealedOne(modelFile, graph.MaxFileSize)},
		{metricsFile, maxMetrics, func() error { _, err := readMetrics(dir, 1); return err }},
		{latestFile, maxLatest, func() error { _, err := Latest(dir); return err }},
	}
	for _, l := range limits {
		path := of(l.name, l.most+1)
		want := fmt.Sprintf("%s: %d bytes; the most that is read is %d", path, l.most+1, l.most)
		if err := l.read(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s above the limit: error %v, want %q", l.name, err, want)
		}
		if l.most > 1<<26 {
			continue // it would take that much memory
		}
		of(l.name, l.most)
		if err := l.read(); err == nil || strings.Contains(err.Error(), "the most that is read") {
			t.Errorf("%s at the limit: error %v", l.name, err)
		}
	}
	row := func(n int) error {
		_, err := parseMetrics([]byte("epoch,loss,accuracy,note\n1,1,1,"+strings.Repeat("x", n-len("1,1,1,\n"))+"\n"), 1)
		return err
	}
	if at, above := row(maxRow), row(maxRow+1); at != nil || above == nil || !strings.Contains(above.Error(), "line 2 has 65537 bytes") {
		t.Errorf("a row at the limit: %v, above it: %v", at, above)
	}
	t.Logf("promise S4: runs: %d limits, each refused one above", len(limits)+1)
}
