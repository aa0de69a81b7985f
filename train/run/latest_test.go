package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// makeDirs makes folders below root, where the test works from now on.
func makeDirs(t *testing.T, names ...string) (root string) {
	t.Helper()
	root = t.TempDir()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(root, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	return root
}

func setLatest(t *testing.T, root, dir string) bool {
	t.Helper()
	ok, err := SetLatest(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestLatest(t *testing.T) {
	base := makeDirs(t, "runs/a-001", "runs/more/b")
	for _, c := range []struct{ root, dir, want, content string }{
		{"runs", "runs/a-001", "runs/a-001", "a-001"},
		{"runs", filepath.Join(base, "runs", "more", "b"), "runs/more/b", "more/b"},
		{filepath.Join(base, "runs"), "./runs/../runs/a-001/", filepath.Join(base, "runs", "a-001"), "a-001"},
	} {
		if !setLatest(t, c.root, c.dir) {
			t.Errorf("%s is not below %s", c.dir, c.root)
		}
		if got, err := Latest(c.root); err != nil || got != filepath.FromSlash(c.want) {
			t.Errorf("got %q and error %v, want %q", got, err, c.want)
		}
		if b, err := os.ReadFile("runs/latest"); err != nil || string(b) != c.content+"\n" {
			t.Errorf("the file holds %q, error %v; want one line with the folder's name", b, err)
		}
	}
	for name, content := range map[string]string{"empty": "", "two lines": "a-001\nb\n", "a run that is gone": "gone\n"} {
		write(t, filepath.Join("runs", "latest"), content)
		if got, err := Latest("runs"); err == nil || got != "" || !strings.Contains(err.Error(), "latest") {
			t.Errorf("%s: got %q and error %v", name, got, err)
		}
	}
}

// A run that is elsewhere neither becomes the newest nor makes the folder of runs.
func TestLatestLeavesRunsElsewhereAlone(t *testing.T) {
	base := makeDirs(t, "elsewhere", "runs-of-mine/a", "deep/runs/a")
	outside := []string{"elsewhere", filepath.Join(base, "elsewhere"), "runs/../elsewhere", "runs-of-mine/a", ".", "runs", filepath.Join("deep", "runs", "a"), base}
	for _, dir := range outside {
		if setLatest(t, "runs", dir) {
			t.Errorf("%s is taken to be below runs", dir)
		}
	}
	if _, err := os.Lstat("runs"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a folder runs now, error %v", err)
	}
	if got, err := Latest("runs"); err == nil || got != "" || !strings.Contains(err.Error(), "no run has been made here") {
		t.Errorf("without runs: got %q and error %v", got, err)
	}
	write(t, "runs/latest", "a-001\n")
	for _, dir := range outside {
		if setLatest(t, "runs", dir) {
			t.Errorf("%s is taken to be below runs", dir)
		}
	}
	if b, err := os.ReadFile("runs/latest"); err != nil || string(b) != "a-001\n" {
		t.Errorf("the file holds %q, error %v", b, err)
	}
}

// Without the file the run that was written last is named, if there is any.
func TestLatestNamesARunIfItsFileIsGone(t *testing.T) {
	makeDirs(t, "runs/a", "runs/b", "runs/c", "runs/no-run")
	for name, minute := range map[string]int{"a": 1, "b": 3, "c": 2} {
		path := filepath.Join("runs", name, recordFile)
		write(t, path, "{}")
		if when := time.Unix(0, 0).Add(time.Duration(minute) * time.Minute); os.Chtimes(path, when, when) != nil {
			t.Fatal(path)
		}
	}
	want := filepath.FromSlash("runs/latest is missing: it names the newest run; name one with --run, such as runs/b, which was written last")
	if got, err := Latest("runs"); err == nil || got != "" || err.Error() != want {
		t.Errorf("got %q and error %v, want %q", got, err, want)
	}
}

// The folder of runs may be a link to a larger disk.
func TestLatestFollowsLinks(t *testing.T) {
	base := makeDirs(t, "disk/a-001")
	if err := os.Symlink(filepath.Join(base, "disk"), "runs"); err != nil {
		if runtime.GOOS == "windows" { // where links need a right
			t.Skip(err)
		}
		t.Fatal(err)
	}
	for _, dir := range []string{"runs/a-001", "disk/a-001", filepath.Join(base, "disk", "a-001")} {
		if !setLatest(t, "runs", dir) {
			t.Errorf("%s is not below runs", dir)
		}
		if got, err := Latest("runs"); err != nil || got != filepath.Join("runs", "a-001") {
			t.Errorf("%s: got %q and error %v", dir, got, err)
		}
	}
}
