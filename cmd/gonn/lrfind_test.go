package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/report"
)

// lr-find tells rates, draws, and leaves nothing but the picture; a run that it starts from
// stays as it is.
func TestLRFind(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, "train", "--net", "mlp", "--limit", "300", "--epochs", "1", "--run", "r")
	before := folderBytes(t, "r")
	small := []string{"lr-find", "--net", "r", "--limit", "300", "--steps", "12", "--min", "1e-5", "--max", "0.1"}
	text := mustRun(t, append(small, "-o", "rates.svg")...)
	for _, want := range []string{"12 steps from 1e-05 to 0.1", "picture: rates.svg"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if svg, err := os.ReadFile("rates.svg"); err != nil || !strings.Contains(string(svg), "Learning-rate range test") {
		t.Errorf("the picture: %v", err)
	}
	if _, stderr, code := gonn(append(small, "-o", "rates.svg")...); code != exitUsage || !strings.Contains(stderr, "--force") {
		t.Errorf("over a file: %d %s", code, stderr)
	}
	one, two := mustRun(t, append(small, "--json", "--workers", "1")...), mustRun(t, append(small, "--json", "--workers", "2")...)
	var a, b report.LRFind
	if err := json.Unmarshal([]byte(one), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(two), &b); err != nil {
		t.Fatal(err)
	}
	if len(a.Points) != 12 || len(b.Points) != 12 {
		t.Fatalf("%d and %d points", len(a.Points), len(b.Points))
	}
	for i := range a.Points {
		if a.Points[i] != b.Points[i] {
			t.Errorf("step %d: %+v with one worker, %+v with two", i, a.Points[i], b.Points[i])
		}
	}
	if after := folderBytes(t, "r"); after != before {
		t.Error("the run is another now")
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != "r" && name != "runs" && name != "rates.svg" {
			t.Errorf("%s was left behind", name)
		}
	}
}

// folderBytes are the names and contents of a folder's files.
func folderBytes(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	var b strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(f + "\n" + string(data))
	}
	return b.String()
}
