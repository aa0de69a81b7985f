package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("four"), 0o666); err != nil {
		t.Fatal(err)
	}
	if b, err := Read(path, 4); err != nil || string(b) != "four" || cap(b) > 8 {
		t.Errorf("at the limit: %q in memory of %d bytes, error %v", b, cap(b), err)
	}
	for _, c := range []struct {
		path  string
		limit int64
		want  string
	}{
		{path, 3, path + ": 4 bytes; the most that is read is 3"},
		{dir, 1 << 20, dir + ": not a regular file"},
		{os.DevNull, 1 << 20, os.DevNull + ": not a regular file"},
	} {
		if b, err := Read(c.path, c.limit); b != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s: %q, error %v, want %q", c.path, b, err, c.want)
		}
	}
	missing := filepath.Join(dir, "none")
	if _, err := Read(missing, 1); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("no file: error %v", err)
	}
}
