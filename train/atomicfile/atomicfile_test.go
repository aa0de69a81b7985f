package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteReplacesAndLeavesNothingElse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	for _, want := range []string{"long content", "", "x"} {
		if err := Write(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got := content(t, path); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the folder holds %v, want only the file", got)
	}
}

func TestWriteNewRefusesAnExistingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := WriteNew(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	err := WriteNew(path, []byte("second"))
	if !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want fs.ErrExist with the path", err)
	}
	if got := content(t, path); got != "first" {
		t.Errorf("the existing file became %q", got)
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	link := filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":            dir,
		"a symbolic link":     link,
		"a path below a file": filepath.Join(file, "a"),
		"a missing folder":    filepath.Join(dir, "missing", "a"),
	} {
		for _, write := range []func(string, []byte) error{Write, WriteNew} {
			err := write(path, []byte("x"))
			if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), suffix) {
				t.Errorf("%s: got error %v, want one with the path asked for", name, err)
			}
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"file", "link"}) {
		t.Errorf("the folder holds %v after failed writes", got)
	}
}

func TestRemoveTempsTakesOnlyTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	_, f, err := writer{sys: disk{}}.createTemp(filepath.Join(dir, "state.bin"), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	kept := []string{".a.december.tmp", ".hidden", ".m.0badcafe.data", ".tmp", "a.tmp", "state.bin"}
	for _, name := range kept {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := RemoveTemps(dir); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, kept) {
		t.Errorf("the folder holds %v, want %v", got, kept)
	}
}
