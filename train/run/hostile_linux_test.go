package run

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

// runs writes copies of a run in which one file is damaged, beside the good one, and gives
// their paths.
func runs(t *testing.T, good map[string]string, damaged map[string]map[string][]byte) (paths []string) {
	t.Helper()
	root := t.TempDir()
	writeAll(t, filepath.Join(root, "good"), good)
	for _, file := range slices.Sorted(maps.Keys(damaged)) {
		for _, how := range slices.Sorted(maps.Keys(damaged[file])) {
			dir := filepath.Join(root, file+how)
			writeAll(t, dir, good)
			write(t, filepath.Join(dir, file), string(damaged[file][how]))
			paths = append(paths, dir)
		}
	}
	return paths
}

// trained are the files of a short run, and of the same run without checksums.
func trained(t *testing.T) (sealed, old map[string]string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	mustFit(t, s)
	end(t, s)
	sealed = files(t, dir)
	asOld(t, dir)
	return sealed, files(t, dir)
}

func TestHostileRuns(t *testing.T) {
	sealed, old := trained(t)
	var paths []string
	for form, good := range []map[string]string{old, sealed} {
		damaged := map[string]map[string][]byte{}
		n := hostiletest.Number(10, 60)
		for i, file := range slices.Sorted(maps.Keys(good)) {
			damaged[file] = hostiletest.Mutations(uint64(10*form+i), n, []byte(good[file]), nil)
		}
		paths = append(paths, runs(t, good, damaged)...)
		paths = append(paths, special(t, good)...)
	}
	hostiletest.Report(t, "run folders", hostiletest.ReadPaths(t, paths))
}

// special are copies of a run with a pipe, a device, a folder and an endless link in the
// place of each file.
func special(t *testing.T, good map[string]string) (paths []string) {
	t.Helper()
	for what, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"folder": func(path string) error { return os.Mkdir(path, 0o777) },
		"loop":   func(path string) error { return os.Symlink(filepath.Base(path), path) },
	} {
		for file := range good {
			for _, dir := range runs(t, good, map[string]map[string][]byte{file: {what: nil}}) {
				if err := os.Remove(filepath.Join(dir, file)); err != nil {
					t.Fatal(err)
				}
				if err := put(filepath.Join(dir, file)); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, dir)
			}
		}
	}
	return paths
}
