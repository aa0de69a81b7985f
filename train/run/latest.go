package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
	"github.com/gonn-toolkit/gonn/train/shell"
)

// latestFile stands beside the runs and names the newest.
const latestFile = "latest"

// SetLatest makes dir the newest run of root if it is a folder below root, and reports
// whether it is. A run that is elsewhere leaves root as it is, even if there is none.
func SetLatest(root, dir string) (bool, error) {
	rel, ok := below(root, dir)
	if !ok {
		return false, nil
	}
	if err := checkRoot(root); err != nil {
		return true, err
	}
	return true, writeLatest(filepath.Join(root, latestFile), filepath.ToSlash(rel)+"\n")
}

// writeLatest waits a while for another process that is writing the file.
func writeLatest(path, line string) error {
	for try := 1; ; try++ {
		err := atomicfile.Save(true, atomicfile.File{Path: path, Data: []byte(line)})
		if held := (*filelock.HeldError)(nil); !errors.As(err, &held) || try == 100 {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// below is the path of dir from root, if it is a folder below it, by its name or where
// links lead.
func below(root, dir string) (rel string, ok bool) {
	for _, real := range []func(string) (string, error){filepath.Abs, followed} {
		a, err := real(root)
		if err != nil {
			return "", false // there is no root
		}
		b, err := real(dir)
		if err != nil {
			return "", false
		}
		if rel, err := filepath.Rel(a, b); err == nil && rel != "." && filepath.IsLocal(rel) {
			return rel, true
		}
	}
	return "", false
}

// followed is an absolute path without links.
func followed(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// withoutLatest says what it means that a folder of runs has no file latest.
func withoutLatest(root string) string {
	entries, _ := os.ReadDir(root) // unreadable, it has none to name
	newest, when := "", time.Time{}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if info, err := os.Stat(filepath.Join(dir, recordFile)); err == nil && info.ModTime().After(when) {
			newest, when = dir, info.ModTime()
		}
	}
	if newest == "" {
		return "no run has been made here; train one, or name a run or a model"
	}
	return fmt.Sprintf("it names the newest run; name one with --run, such as %s, which was written last", shell.Word(newest))
}

// Latest is the folder of the newest run below root.
func Latest(root string) (string, error) {
	if err := checkRoot(root); err != nil {
		return "", fmt.Errorf("%w, or name the run by --run", err)
	}
	path := filepath.Join(root, latestFile)
	missing := ""
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		missing = withoutLatest(root)
	}
	b, err := readFile(path, missing, maxLatest)
	if err != nil {
		return "", err
	}
	name, more, _ := strings.Cut(string(b), "\n")
	if name == "" || more != "" {
		return "", fmt.Errorf("%s: need one line with the name of a run; delete the file and name the run", path)
	}
	dir := filepath.FromSlash(name)
	if !filepath.IsLocal(dir) {
		return "", fmt.Errorf("%s names %q, which is not below %s; name the run by --run", path, name, root)
	}
	dir = filepath.Join(root, dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s names the run %s, which is not there; name another run", path, dir)
	}
	return dir, nil
}
