package atomicfile

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// modes are the permissions of the files of a folder.
func modes(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	found := map[string]fs.FileMode{}
	for _, name := range names(t, dir) {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = info.Mode()
	}
	return found
}

// The temporary files have the permissions too, from their first moment.
func TestReplacedFilesKeepTheirPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	usual := folder(t, map[string]string{"usual": ""})
	if err := WriteNew(filepath.Join(usual, "new"), nil); err != nil {
		t.Fatal(err)
	}
	if got := modes(t, usual); got["new"] != got["usual"] {
		t.Errorf("a new file has the permissions %v, want %v", got["new"], got["usual"])
	}
	type of = map[string]fs.FileMode
	for _, c := range []struct {
		name         string
		before, want of
		write        func(w writer, dir string) error
	}{
		{"Write", of{"a": 0o600}, of{"a": 0o600}, func(w writer, dir string) error { return w.replace(files(dir, "a")) }},
		{"Write over one that nobody may read", of{"a": 0}, of{"a": 0}, func(w writer, dir string) error { return w.replace(files(dir, "a")) }},
		{"Write over an open one", of{"a": 0o666}, of{"a": 0o666}, func(w writer, dir string) error { return w.replace(files(dir, "a")) }},
		{"Save", of{"a": 0o600, "b": 0o640}, of{"a": 0o600, "b": 0o640}, func(w writer, dir string) error { return w.save(true, files(dir, "a", "b")) }},
		{"SaveLinked", of{"m": 0o640, "m.data": 0o604}, of{"m": 0o640, "m.data": 0o604}, saveLinked(true)},
		{"SaveLinked over a file alone", of{"m": 0o600}, of{"m": 0o600, "m.data": 0o600}, saveLinked(true)},
		{"WriteLike", of{"b": 0o600}, of{"a": 0o600, "b": 0o600}, func(w writer, dir string) error {
			w.like = []string{filepath.Join(dir, "b")}
			return w.replace(files(dir, "a"))
		}},
	} {
		dir := folder(t, nil)
		for name, mode := range c.before {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
		var widest fs.FileMode
		for _, mode := range c.want {
			widest |= mode
		}
		s := &watched{t: t, widest: widest}
		if err := c.write(writer{sys: s}, dir); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := modes(t, dir); !maps.Equal(got, c.want) {
			t.Errorf("%s: the permissions are %v, want %v", c.name, got, c.want)
		}
	}
}

// watched is the disk, on which no file is ever more open than widest.
type watched struct {
	disk
	t      *testing.T
	widest fs.FileMode
}

func (s *watched) Create(path string, mode fs.FileMode) (file, error) {
	if mode&^s.widest != 0 {
		s.t.Errorf("%s is made with the permissions %v", filepath.Base(path), mode)
	}
	return s.disk.Create(path, mode)
}
