package hostiletest

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Number is how many files of a kind are made: with GONN_HOSTILE=all more than the sample that
// every run of the tests reads.
func Number(sample, whole int) int {
	if os.Getenv("GONN_HOSTILE") == "all" {
		return whole
	}
	return sample
}

// Result is what became of a file.
type Result struct {
	Path     string
	Size     int64 // of the file, or of all files in the folder
	Accepted bool
	Wrong    string // what is wrong with what was accepted or with the refusal; "" if nothing is
	Dead     string // how the child died that read it; "" if it did not
	Peak     int64  // of the child's memory, in bytes
	CPU      time.Duration
}

// limit is the time for one child.
const limit = 100 * time.Second

// Read writes files into a folder, each under its name, and reads them all in one child, or
// if a child dies in several.
func Read(t *testing.T, files map[string][]byte) []Result {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, files[name], 0o666); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return ReadPaths(t, paths)
}

// ReadPaths reads files or folders that are there.
func ReadPaths(t *testing.T, paths []string) []Result {
	t.Helper()
	var results []Result
	for len(results) < len(paths) {
		results = append(results, child(t, paths[len(results):])...)
	}
	for i := range results {
		readAgain(t, &results[i])
	}
	return results
}

// readAgain reads a file whose refusal took too much memory again, at most twice, in a child of its
// own, and keeps the least memory or what then is wrong: on a busy machine garbage may be collected late.
func readAgain(t *testing.T, r *Result) {
	t.Helper()
	for range 2 {
		if !counted || r.Dead != "" || r.Wrong != "" || r.Accepted || r.Peak <= allowed(r.Size) {
			return
		}
		again := child(t, []string{r.Path})[0]
		if again.Dead != "" || again.Wrong != "" || again.Accepted || again.Peak < r.Peak {
			*r = again
		}
	}
}

// child reads files in one child, up to the one that it dies of.
func child(t *testing.T, paths []string) (results []Result) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHostileChild$")
	c.Env = append(os.Environ(), childEnv+"=1")
	c.Stdin = strings.NewReader(strings.Join(paths, "\n") + "\n")
	out, failed := c.CombinedOutput()
	var now *Result
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		path, begun := strings.CutPrefix(lines.Text(), mark+" begin ")
		switch {
		case begun:
			results = append(results, Result{Path: path, Size: sizeOf(path)})
			now = &results[len(results)-1]
		case strings.HasPrefix(lines.Text(), mark+" end ") && now != nil:
			if err := now.parse(lines.Text()); err != nil {
				t.Fatalf("%s: %v", lines.Text(), err)
			}
			now = nil
		}
	}
	if now != nil {
		now.Dead = string(out[max(0, len(out)-2000):])
		if ctx.Err() != nil {
			now.Dead = "no end after " + limit.String()
		}
	} else if failed != nil || len(results) < len(paths) {
		t.Fatalf("the child ended with %v and said %s", failed, out[max(0, len(out)-2000):])
	}
	return results
}

// sizeOf is the size of a file, or of all files in a folder and below it.
func sizeOf(path string) (size int64) {
	filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // of what is not there no size is counted
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return nil
	})
	return size
}
