package run

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNextCountsOn(t *testing.T) {
	root := filepath.Join(t.TempDir(), "runs")
	write(t, filepath.Join(root, "prelu-007", "x"), "")
	write(t, filepath.Join(root, "prelu-x"), "")
	write(t, filepath.Join(root, "mish-1000", "x"), "")
	for _, c := range []struct{ stem, want string }{
		{"prelu", "prelu-008"}, {"prelu", "prelu-009"}, {"mish", "mish-1001"}, {"leaky-0.5", "leaky-0.5-001"},
	} {
		if got, err := Next(root, c.stem); err != nil || got != filepath.Join(root, c.want) {
			t.Errorf("%s: got %s and error %v, want %s", c.stem, got, err, c.want)
		}
	}
	for _, stem := range []string{"", "a/b", `a\b`, "prelu:one"} {
		if got, err := Next(root, stem); err == nil || got != "" {
			t.Errorf("stem %q: got %q and error %v", stem, got, err)
		}
	}
}

func TestNextGivesEachCallerItsOwnFolder(t *testing.T) {
	root := t.TempDir()
	dirs := make([]string, 20)
	var wg sync.WaitGroup
	for i := range dirs {
		wg.Go(func() {
			var err error
			if dirs[i], err = Next(root, "a"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	slices.Sort(dirs)
	if n := len(slices.Compact(dirs)); n != 20 {
		t.Errorf("20 callers got %d folders", n)
	}
}

func TestCreateTakesTheEmptyFolderOfNext(t *testing.T) {
	dir, err := Next(t.TempDir(), "prelu")
	if err != nil {
		t.Fatal(err)
	}
	create(t, dir, settings())
}

func TestCreateRefuses(t *testing.T) {
	root := t.TempDir()
	existing := filepath.Join(root, "existing")
	create(t, existing, settings())
	write(t, filepath.Join(root, "full", "precious"), "x")
	write(t, filepath.Join(root, "file"), "x")
	change := func(f func(*Settings)) Settings {
		s := settings()
		f(&s)
		return s
	}
	for _, c := range []struct {
		name, dir string
		set       Settings
		want      string
	}{
		{"a run", "existing", settings(), existing + " exists: choose another --run, or go on with it by gonn train --resume --run " + existing},
		{"a folder with something else in it", "full", settings(), "is not a run and not empty (it holds precious)"},
		{"a path below a file", "file/run", settings(), "not a directory"},
		{"an unknown loss", "new", change(func(s *Settings) { s.Loss = "hinge" }), `unknown loss "hinge"`},
		{"an unknown optimizer", "new", change(func(s *Settings) { s.Optimizer = "lion" }), `unknown optimizer "lion"`},
		{"unknown semantics", "new", change(func(s *Settings) { s.Semantics = "jax" }), `unknown semantics "jax"`},
		{"a kink that the network does not have", "new", change(func(s *Settings) { s.Kink = "pytorch" }), "built to train as in keras, the settings say pytorch"},
	} {
		s, err := Create(filepath.Join(root, c.dir), c.set, toy.Network(1))
		if s != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v and error %v, want %q", c.name, s, err, c.want)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 3 {
		t.Errorf("refused runs left %v, error %v; want only what was there", entries, err)
	}
	if _, err := Open(existing); err != nil {
		t.Errorf("the existing run has suffered: %v", err)
	}
}

// A run that could not be made leaves nothing, or an error that names what it has left.
func TestDiscard(t *testing.T) {
	for _, stays := range []string{"", metricsFile} {
		dir := filepath.Join(t.TempDir(), "run")
		s := create(t, dir, settings())
		if stays != "" {
			if err := os.Remove(filepath.Join(dir, stays)); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, stays, "precious"), "x")
		}
		if err := s.discard(); (err == nil) != (stays == "") || err != nil && !strings.Contains(err.Error(), filepath.Join(dir, stays)) {
			t.Errorf("beside %q: error %v", stays, err)
		}
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if e.Name() != stays {
				t.Errorf("%s is left", e.Name())
			}
		}
		if _, err := os.Stat(dir); (err == nil) != (stays != "") {
			t.Errorf("beside %q the folder: %v", stays, err)
		}
	}
}
