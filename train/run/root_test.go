package run

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A folder of runs that is a link to nowhere, or whose latest is no file, is named by all who need
// it, before a run is made.
func TestFoldersOfRunsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		make func(root string) error
		want string
		find bool
	}{
		"a link to nowhere":  {func(root string) error { return os.Symlink("nowhere", root) }, "runs is a link to nowhere, which is not there: make that folder, or remove the link", true},
		"latest is a folder": {func(root string) error { return os.MkdirAll(filepath.Join(root, "latest"), 0o777) }, filepath.Join("runs", "latest") + " is not a file, in which gonn keeps the name of the newest run: move it away", false},
		"latest is a link": {func(root string) error {
			if err := os.Mkdir(root, 0o777); err != nil {
				return err
			}
			return os.Symlink("a-001", filepath.Join(root, "latest"))
		}, filepath.Join("runs", "latest") + " is not a file", false},
	} {
		makeDirs(t)
		if err := c.make("runs"); err != nil {
			if runtime.GOOS == "windows" { // where links need a right
				continue
			}
			t.Fatal(err)
		}
		before, err := os.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		_, next := Next("runs", "a")
		_, latest := Latest("runs")
		errs := []error{next, latest}
		if c.find {
			_, err := Find("runs")
			errs = append(errs, err)
		} else if _, err := SetLatest("runs", filepath.Join("runs", "b")); true {
			errs = append(errs, err)
		}
		for i, err := range errs {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %d: error %v, want %q", name, i, err, c.want)
			}
		}
		if after, err := os.ReadDir("."); err != nil || len(after) != len(before) {
			t.Errorf("%s: afterwards there are %v, error %v", name, after, err)
		}
	}
}
