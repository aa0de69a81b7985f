package run

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A run that its owner has closed to others stays closed, and so does its table if it was deleted.
func TestResumeKeepsPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	dir, _, _ := stopped(t)
	for name := range files(t, dir) {
		if err := os.Chmod(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, metricsFile)); err != nil {
		t.Fatal(err)
	}
	s := goOn(t, dir, nil)
	mustFit(t, s)
	if err := s.Finish(Result{}); err != nil {
		t.Fatal(err)
	}
	end(t, s)
	for _, name := range []string{recordFile, stateFile, modelFile, metricsFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s has the permissions %v, had -rw-------", name, info.Mode())
		}
	}
}
